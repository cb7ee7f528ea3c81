/**
 * Apache's patterns are Perl-compatible (PCRE), ours are JavaScript's. This file rewrites the spellings that differ and
 * refuses what JavaScript can't do, instead of letting it match something else. Patterns work on byte strings, so no
 * `u` flag. Apache's RegexDefaultOptions (DOTALL, DOLLAR_ENDONLY) are JavaScript's `s` flag and its plain `$`.
 *
 * Two differences stay: a group inside a repetition is emptied at each turn, where PCRE keeps the last capture; and a
 * back-reference to a group that took no part matches the empty string, where PCRE fails.
 */
const posixClasses = {
    alnum: 'A-Za-z0-9',
    alpha: 'A-Za-z',
    ascii: '\\x00-\\x7f',
    blank: ' \\t',
    cntrl: '\\x00-\\x1f\\x7f',
    digit: '0-9',
    graph: '\\x21-\\x7e',
    lower: 'a-z',
    print: '\\x20-\\x7e',
    punct: '!-\\/:-@\\[-`{-~',
    space: ' \\t-\\r',
    upper: 'A-Z',
    word: 'A-Za-z0-9_',
    xdigit: 'A-Fa-f0-9',
};
/** Escapes that stand for a set of bytes, as the inside of a character class. Capital letters are the complements. */
const byteSets = {
    s: ' \\t-\\r',
    S: '\\x00-\\x08\\x0e-\\x1f!-\\uffff',
    h: ' \\t\\xa0',
    H: '\\x00-\\x08\\x0a-\\x1f!-\\x9f\\xa1-\\uffff',
    v: '\\n-\\r\\x85',
    V: '\\x00-\\x09\\x0e-\\x84\\x86-\\uffff',
};
/** Escaped letters that mean the same in both languages. */
const sameEscapes = new Set('bBdDwWfnrt');
const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;
/**
 * The JavaScript form of a PCRE pattern.
 * @throws Error whose message says what is wrong, fit to follow the pattern in a configuration message.
 */
export function translateRegex(pattern, ignoreCase) {
    const options = leadingOptions(pattern);
    const flags = `s${ignoreCase || options.ignoreCase ? 'i' : ''}${options.multiline ? 'm' : ''}`;
    return new RegExp(new Translation(pattern.slice(options.length)).translate(), flags);
}
/** `(?i)` and its kin at the very start become flags of the whole expression. */
function leadingOptions(pattern) {
    const letters = /^\(\?([imsU]+)\)/.exec(pattern)?.[1] ?? '';
    if (letters.includes('U'))
        throw new Error('the option (?U) is not supported; write lazy quantifiers with ? instead');
    return {
        length: letters === '' ? 0 : letters.length + 3,
        ignoreCase: letters.includes('i'),
        multiline: letters.includes('m'),
    };
}
/** One walk over a pattern. */
class Translation {
    #source;
    #at = 0;
    constructor(source) {
        this.#source = source;
    }
    translate() {
        let output = '';
        while (this.#at < this.#source.length) {
            const char = this.#source.charAt(this.#at);
            if (char === '\\')
                output += this.#escape(false);
            else if (char === '[')
                output += this.#characterClass();
            else if (char === '(')
                output += this.#group();
            else
                output += this.#plain();
        }
        return output;
    }
    /** A character outside of classes, groups and escapes; a quantifier is taken whole, to notice a possessive one. */
    #plain() {
        const found = quantifier.exec(this.#source.slice(this.#at))?.[0];
        if (found === undefined)
            return this.#take(1);
        const text = this.#take(found.length);
        if (this.#source.charAt(this.#at) === '+') {
            throw new Error(`the possessive quantifier '${text}+' is not supported; write '${text}'`);
        }
        return this.#source.charAt(this.#at) === '?' ? text + this.#take(1) : text;
    }
    #group() {
        const rest = this.#source.slice(this.#at);
        if (rest.startsWith('(*'))
            throw new Error('verbs such as (*UTF8) are not supported');
        if (!rest.startsWith('(?'))
            return this.#take(1);
        const comment = /^\(\?#[^)]*\)/.exec(rest)?.[0];
        if (comment !== undefined) {
            this.#at += comment.length;
            return '';
        }
        const named = /^\(\?(?:P?<|')([A-Za-z_]\w*)[>']/.exec(rest);
        if (named !== null) {
            this.#at += named[0].length;
            return `(?<${named[1]}>`;
        }
        const backReference = /^\(\?P=([A-Za-z_]\w*)\)/.exec(rest);
        if (backReference !== null) {
            this.#at += backReference[0].length;
            return `\\k<${backReference[1]}>`;
        }
        const plain = /^\(\?(?:[:=!]|<[=!])/.exec(rest)?.[0];
        if (plain !== undefined)
            return this.#take(plain.length);
        if (rest.startsWith('(?>'))
            throw new Error('atomic groups (?>...) are not supported; write (?:...)');
        if (/^\(\?[imsxU^-]/.test(rest)) {
            throw new Error('options such as (?i) are supported only at the start of the pattern, and only i, m and s');
        }
        throw new Error(`the group '${rest.slice(0, 4)}' is not supported`);
    }
    /** An escape sequence; inside a class, sets are given without their own brackets. */
    #escape(inClass) {
        const char = this.#source.charAt(this.#at + 1);
        if (char === '')
            throw new Error('it ends in a lone backslash');
        const set = byteSets[char];
        if (set !== undefined) {
            this.#at += 2;
            return inClass ? set : `[${set}]`;
        }
        if (!/[A-Za-z]/.test(char) || sameEscapes.has(char))
            return this.#take(2);
        if (char === 'Q')
            return this.#quoted();
        if (char === 'E')
            return this.#replace(2, '');
        if (char === 'a')
            return this.#replace(2, '\\x07');
        if (char === 'e')
            return this.#replace(2, '\\x1b');
        if (char === 'x')
            return this.#hexadecimal();
        if (char === 'c')
            return this.#take(3);
        if (!inClass) {
            if (char === 'A')
                return this.#replace(2, '(?<![\\s\\S])');
            if (char === 'z')
                return this.#replace(2, '(?![\\s\\S])');
            if (char === 'Z')
                return this.#replace(2, '(?=\\n?(?![\\s\\S]))');
            if (char === 'R')
                return this.#replace(2, '(?:\\r\\n|[\\n-\\r\\x85])');
            if (char === 'N')
                return this.#replace(2, '[^\\n]');
            const reference = /^\\(?:g\{?(\d+)\}?|[gk](?:\{(\w+)\}|<(\w+)>|'(\w+)'))/.exec(this.#source.slice(this.#at));
            if (reference !== null) {
                const name = reference[2] ?? reference[3] ?? reference[4];
                const translated = name === undefined ? `(?:\\${reference[1]})` : `\\k<${name}>`;
                return this.#replace(reference[0].length, translated);
            }
        }
        throw new Error(`the escape '\\${char}' is not supported`);
    }
    #hexadecimal() {
        const found = /^\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))/.exec(this.#source.slice(this.#at));
        const value = Number.parseInt(found?.[1] ?? `0${found?.[2] ?? ''}`, 16);
        if (value > 0xff)
            throw new Error(`'${found?.[0]}' is not a byte; patterns match bytes`);
        return this.#replace(found?.[0].length ?? 2, `\\x${value.toString(16).padStart(2, '0')}`);
    }
    /** \Q...\E: everything between stands for itself. */
    #quoted() {
        const end = this.#source.indexOf('\\E', this.#at);
        const text = this.#source.slice(this.#at + 2, end === -1 ? undefined : end);
        this.#at = end === -1 ? this.#source.length : end + 2;
        return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    }
    #characterClass() {
        let output = this.#take(1);
        if (this.#source.charAt(this.#at) === '^')
            output += this.#take(1);
        // In PCRE a bracket right at the start stands for itself; in JavaScript it would end the class.
        if (this.#source.charAt(this.#at) === ']')
            output += this.#replace(1, '\\]');
        while (this.#at < this.#source.length) {
            const char = this.#source.charAt(this.#at);
            if (char === ']')
                return output + this.#take(1);
            const posix = /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(this.#at));
            if (posix !== null) {
                const set = posixClasses[posix[2] ?? ''];
                if (set === undefined || posix[1] === '^')
                    throw new Error(`the class '${posix[0]}' is not supported`);
                output += this.#replace(posix[0].length, set);
            }
            else
                output += char === '\\' ? this.#escape(true) : this.#take(1);
        }
        throw new Error("a '[' is never closed");
    }
    #take(length) {
        const text = this.#source.slice(this.#at, this.#at + length);
        this.#at += length;
        return text;
    }
    #replace(length, text) {
        this.#at += length;
        return text;
    }
}
//# sourceMappingURL=regex-translation.js.map