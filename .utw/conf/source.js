/** Where a piece of configuration stands. Every node of the tree and every message carries one of these. */
/** `file:line:column`, the form that editors and terminals make clickable. */
export function formatPosition(position) {
    return `${position.file}:${position.line}:${position.column}`;
}
/** One problem as printed: position, severity, message, then the include chain, innermost first. */
export function formatProblem(problem) {
    let text = `${formatPosition(problem.position)}: ${problem.severity}: ${problem.message}`;
    for (let from = problem.position.includedFrom; from !== undefined; from = from.includedFrom) {
        text += `\n    included from ${formatPosition(from)}`;
    }
    return text;
}
//# sourceMappingURL=source.js.map