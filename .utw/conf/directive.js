/**
 * What a directive is. Each feature exports one table of these; src/server/directive-tables.ts lists the tables, and
 * the parser, `check`, `explain` and docs/directives.md all work from them.
 */
/** A line that is wrong. `word` is the argument to point at; without it the message points at the directive. */
export class DirectiveError extends Error {
    name = 'DirectiveError';
    word;
    constructor(message, word) {
        super(message);
        this.word = word;
    }
}
/** A directive of one argument whose last line in a scope wins. */
export function valueDirective(setting, shared, parse) {
    return {
        ...shared,
        args: { min: 1, max: 1 },
        apply(line, scope) {
            scope.set(setting, parse(firstWord(line), line), line.position);
        },
    };
}
/** An On|Off directive. */
export function flagDirective(setting, shared) {
    return valueDirective(setting, { ...shared, syntax: 'On|Off' }, (word, line) => parseFlag(word, line.name));
}
/** A directive whose lines add up to a list within a scope. */
export function listDirective(setting, shared, parse) {
    return {
        ...shared,
        apply(line, scope) {
            const items = parse(line);
            scope.update(setting, (previous) => [...(previous ?? []), ...items], line.position);
        },
    };
}
/** The first argument; the argument count was checked before `apply` was called. */
export function firstWord(line) {
    const word = line.args[0];
    if (word === undefined)
        throw new DirectiveError(`${line.name} takes an argument`);
    return word;
}
/** On or Off in any case, as Apache takes them. @throws DirectiveError */
export function parseFlag(word, directive) {
    const text = word.text.toLowerCase();
    if (text === 'on')
        return true;
    if (text === 'off')
        return false;
    throw new DirectiveError(`${directive} must be On or Off, not '${word.text}'`, word);
}
/** A whole number within bounds. @throws DirectiveError */
export function parseInteger(word, what, min, max = Number.MAX_SAFE_INTEGER) {
    const value = /^[+-]?\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < min || value > max) {
        const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
        throw new DirectiveError(`${what} must be a whole number ${range}, not '${word.text}'`, word);
    }
    return value;
}
//# sourceMappingURL=directive.js.map