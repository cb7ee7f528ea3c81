/**
 * The open sections while the parser reads: which part of the tree the next line belongs to, and whether it is skipped.
 * Sections close in the file that opened them, as in httpd.
 */
import { MAX_SECTION_DEPTH } from './limits.js';
import { formatPosition } from './source.js';
export class SectionStack {
    #problems;
    #open = [];
    #nodes = [];
    #count = 0;
    constructor(problems) {
        this.#problems = problems;
    }
    /** The top of the tree. */
    get nodes() {
        return this.#nodes;
    }
    get height() {
        return this.#open.length;
    }
    /** Nodes of the tree so far. */
    get count() {
        return this.#count;
    }
    get isSkipping() {
        return this.#open.at(-1)?.skipped ?? false;
    }
    add(node) {
        this.#count += 1;
        this.#children().push(node);
    }
    /** Opens a section of the tree. Too deep a one is skipped, with its children, and reported. */
    open(section) {
        if (!this.#mayOpen(section.name, section.position))
            return;
        const children = [];
        this.add({ kind: 'section', ...section, children });
        this.#push(section.name, section.position, children, false);
    }
    /** Opens a section that leaves no trace in the tree but for its lines, where it holds. */
    openCondition(name, position, holds) {
        if (!this.#mayOpen(name, position))
            return;
        this.#push(name, position, this.#children(), !holds);
    }
    /** Opens a section within a skipped part, so that its end is not taken for the end of the part. */
    openSkipped(name, position) {
        this.#push(name, position, this.#children(), true);
    }
    /** Carries out `</Name>`. `floor` is the height below which sections belong to an outer file. */
    close(written, rest, floor, position) {
        if (!written.endsWith('>') || rest !== '') {
            this.#problems.report('error', position, `${written.replace(/>$/, '')} must be followed by '>' and nothing else`);
        }
        const name = written.replace(/^<\//, '').replace(/>$/, '');
        const innermost = this.#open.at(-1);
        if (innermost === undefined || this.#open.length <= floor) {
            this.#problems.report('error', position, `</${name}> closes nothing: no <${name}> is open in this file`, name);
            return;
        }
        if (sameName(innermost.name, name)) {
            this.#open.pop();
            return;
        }
        const expected = `</${innermost.name}> is expected, for ${formatPosition(innermost.position)}`;
        this.#problems.report('error', position, `</${name}> stands where ${expected}`, name);
        // Where the name is open further out, what is inside it ends too; else the line was a slip and is dropped.
        const outer = this.#open.findLastIndex((section, index) => index >= floor && sameName(section.name, name));
        if (outer >= 0)
            this.#open.length = outer;
    }
    /** At the end of a file: whatever it left open is reported where it opened. */
    closeDownTo(floor) {
        for (const section of this.#open.splice(floor).reverse()) {
            const message = `<${section.name}> is never closed, </${section.name}> is missing`;
            this.#problems.report('error', section.position, message, section.name);
        }
    }
    #children() {
        return this.#open.at(-1)?.children ?? this.#nodes;
    }
    #mayOpen(name, position) {
        if ((this.#open.at(-1)?.depth ?? 0) < MAX_SECTION_DEPTH)
            return true;
        const message = `<${name}> stands inside ${MAX_SECTION_DEPTH} other sections, it is skipped`;
        this.#problems.report('error', position, message, name);
        this.#push(name, position, this.#children(), true);
        return false;
    }
    #push(name, position, children, skipped) {
        this.#open.push({ name, position, children, skipped, depth: (this.#open.at(-1)?.depth ?? 0) + 1 });
    }
}
function sameName(left, right) {
    return left.toLowerCase() === right.toLowerCase();
}
//# sourceMappingURL=section-stack.js.map