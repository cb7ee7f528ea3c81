/**
 * Access-log format strings (LogFormat, CustomLog), compiled once to a function that runs for every request.
 * server/log-directives.ts compiles them, the http child calls them. The directives themselves are in log-items.ts.
 */
import { StillhouseError } from '../base/errors.js';
import { LogItemError, logItemMakers } from './log-items.js';
/** The nicknames that stand ready without a LogFormat line; those of Apache's own configuration files. */
export const standardLogFormats = {
    common: '%h %l %u %t "%r" %>s %b',
    combined: '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    vhost_common: '%v %h %l %u %t "%r" %>s %b',
};
/** A format string that can't be compiled. `offset` counts characters from 0. */
export class LogFormatError extends StillhouseError {
    offset;
    constructor(message, offset) {
        super('config', message);
        this.offset = offset;
    }
}
/** @throws LogFormatError */
export function compileLogFormat(format) {
    const items = [];
    let at = 0;
    while (at < format.length) {
        if (format.charAt(at) === '%') {
            const { item, end } = parseDirective(format, at);
            items.push(item);
            at = end;
        }
        else {
            const percent = format.indexOf('%', at);
            const end = percent < 0 ? format.length : percent;
            const text = unescapeLiteral(format.slice(at, end));
            items.push(() => text);
            at = end;
        }
    }
    return (record) => {
        let line = '';
        for (const item of items)
            line += item(record);
        return line;
    };
}
/** Backslash sequences that the quoting of the configuration file left: \t and \n, and \r as Apache has it. */
function unescapeLiteral(text) {
    return text.replace(/\\([\\nrt])/g, (_, letter) => letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter === 't' ? '\t' : '\\');
}
/** One directive from its '%': modifiers in any order, then the letter. */
function parseDirective(format, start) {
    if (format.charAt(start + 1) === '%')
        return { item: () => '%', end: start + 2 };
    const modifiers = parseModifiers(format, start);
    const letter = format.slice(modifiers.end, modifiers.end + (format.charAt(modifiers.end) === '^' ? 3 : 1));
    const make = Object.hasOwn(logItemMakers, letter) ? logItemMakers[letter] : undefined;
    if (make === undefined) {
        throw new LogFormatError(letter === '' ? "'%' at the end of the log format" : `unrecognized log format directive '%${letter}'`, letter === '' ? start : modifiers.end);
    }
    try {
        const item = make(modifiers.argument, modifiers.final);
        return { item: conditional(item, modifiers), end: modifiers.end + letter.length };
    }
    catch (error) {
        if (error instanceof LogItemError)
            throw new LogFormatError(error.message, start);
        throw error;
    }
}
function parseModifiers(format, start) {
    const statuses = new Set();
    let argument;
    let final;
    let negated = false;
    let at = start + 1;
    for (;;) {
        const character = format.charAt(at);
        if (character === '!') {
            negated = true;
        }
        else if (character === '<' || character === '>') {
            final = character === '>';
        }
        else if (character === '{') {
            const close = format.indexOf('}', at);
            if (close < 0)
                throw new LogFormatError("'{' without '}' in the log format", at);
            argument = format.slice(at + 1, close);
            at = close;
        }
        else if (character >= '0' && character <= '9') {
            const digits = /^\d+/.exec(format.slice(at))?.[0] ?? '';
            statuses.add(Number(digits));
            at += digits.length - 1;
        }
        else if (character !== ',') {
            return { argument, final, statuses, negated, end: at };
        }
        at++;
    }
}
/** %400,501{...}i only writes for those statuses, %!200... only for others; otherwise '-'. */
function conditional(item, modifiers) {
    const { statuses, negated } = modifiers;
    if (statuses.size === 0)
        return item;
    return (record) => (statuses.has(record.status) === negated ? '-' : item(record));
}
//# sourceMappingURL=log-format.js.map