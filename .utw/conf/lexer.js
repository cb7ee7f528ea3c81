/**
 * Text to logical lines, and lines to words, as httpd 2.4 reads them. Knows nothing of directives. Used by the parser;
 * features with directives of raw arguments use `splitWords`.
 */
import { MAX_LINE_CHARACTERS } from './limits.js';
/** Blanks as C's isspace sees them; String.trim would take Unicode's too. */
function isBlank(code) {
    return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
function skipBlanks(text, from) {
    let at = from;
    while (at < text.length && isBlank(text.charCodeAt(at)))
        at += 1;
    return at;
}
/** One line after continuations are joined and blanks at both ends are gone. */
export class LogicalLine {
    text;
    #stretches;
    #trimmed;
    /** `trimmed`: how many leading blanks `text` has lost. */
    constructor(text, trimmed, stretches) {
        this.text = text;
        this.#trimmed = trimmed;
        this.#stretches = stretches;
    }
    /** A `#` counts only as the first character that is no blank. */
    get isComment() {
        return this.text.startsWith('#');
    }
    /** Line and column of a character of `text`; its length is allowed, for "expected here". */
    locate(offset) {
        const wanted = offset + this.#trimmed;
        let low = 0;
        let high = this.#stretches.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if ((this.#stretches[middle]?.offset ?? 0) <= wanted)
                low = middle;
            else
                high = middle - 1;
        }
        const stretch = this.#stretches[low];
        if (stretch === undefined)
            return { line: 1, column: 1 };
        return { line: stretch.line, column: stretch.column + wanted - stretch.offset };
    }
    position(file, offset, includedFrom) {
        const place = this.locate(offset);
        return includedFrom === undefined ? { file, ...place } : { file, ...place, includedFrom };
    }
}
/** Cuts a text into logical lines. */
export class LineReader {
    #text;
    #at = 0;
    #line = 0;
    constructor(text) {
        this.#text = text;
    }
    /** The next logical line, empty ones and comments included; undefined at the end. */
    next() {
        if (this.#at >= this.#text.length)
            return undefined;
        const pieces = [];
        const stretches = [];
        let length = 0;
        let continued = true;
        while (continued && this.#at < this.#text.length) {
            const newline = this.#text.indexOf('\n', this.#at);
            const start = this.#at;
            let end = newline < 0 ? this.#text.length : newline;
            this.#at = newline < 0 ? end : newline + 1;
            this.#line += 1;
            continued = false;
            if (newline >= 0) {
                if (end > start && this.#text[end - 1] === '\r')
                    end -= 1;
                // Any backslash right before the newline continues, also a doubled one and one in a comment. At the end of
                // the file without a newline it is text.
                if (end > start && this.#text[end - 1] === '\\') {
                    end -= 1;
                    continued = true;
                }
            }
            stretches.push({ offset: length, line: this.#line, column: 1 });
            pieces.push(this.#text.slice(start, end));
            length += end - start;
        }
        return trimmedLine(pieces.join(''), stretches);
    }
}
function trimmedLine(whole, stretches) {
    const start = skipBlanks(whole, 0);
    let end = whole.length;
    while (end > start && isBlank(whole.charCodeAt(end - 1)))
        end -= 1;
    return new LogicalLine(whole.slice(start, end), start, stretches);
}
/** What keeps a line from being read at all, with the offset to point at. */
export function lineFault(text) {
    if (text.length > MAX_LINE_CHARACTERS) {
        return { offset: 0, message: `line is longer than ${MAX_LINE_CHARACTERS} characters, it is left out` };
    }
    const nul = text.indexOf('\0');
    return nul < 0 ? undefined : { offset: nul, message: 'line holds a NUL byte, it is left out' };
}
/**
 * The word at or after `from`, as ap_getword_conf cuts it. A word that opens with a quote ends at its partner, whatever
 * follows (`"a"b` is two words), or with the line; a quote inside an unquoted word is plain text. A backslash escapes
 * itself everywhere and the quote inside quotes; before anything else it stays.
 */
export function nextWord(text, from) {
    const start = skipBlanks(text, from);
    if (start >= text.length)
        return undefined;
    const first = text[start];
    const quote = first === '"' || first === "'" ? first : undefined;
    const inner = quote === undefined ? start : start + 1;
    let end = inner;
    if (quote === undefined) {
        while (end < text.length && !isBlank(text.charCodeAt(end)))
            end += 1;
    }
    else {
        while (end < text.length && text[end] !== quote) {
            const escapes = text[end] === '\\' && (text[end + 1] === quote || text[end + 1] === '\\');
            end += escapes ? 2 : 1;
        }
    }
    const closed = quote !== undefined && text[end] === quote;
    return {
        text: unescapeWord(text.slice(inner, end), quote),
        start,
        next: skipBlanks(text, closed ? end + 1 : end),
    };
}
function unescapeWord(text, quote) {
    if (!text.includes('\\'))
        return text;
    let result = '';
    for (let at = 0; at < text.length; at += 1) {
        const next = text[at + 1];
        if (text[at] === '\\' && next !== undefined && (next === '\\' || next === quote))
            at += 1;
        result += text[at] ?? '';
    }
    return result;
}
/** All words from `from` on. */
export function splitWords(text, from = 0) {
    const words = [];
    for (let word = nextWord(text, from); word !== undefined; word = nextWord(text, word.next))
        words.push(word);
    return words;
}
//# sourceMappingURL=lexer.js.map