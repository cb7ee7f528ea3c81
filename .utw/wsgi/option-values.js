/**
 * How values of WSGI options are read. Messages begin as mod_wsgi's do ("invalid request timeout for WSGI daemon
 * process"), as those are what people search for. mod_wsgi takes numbers with atoi, which ignores what follows the
 * digits; here that is an error, as `request-timeout=5m` does not mean 5 seconds to anybody.
 */
import { DirectiveError } from '../conf/directive.js';
/** What C's int holds; mod_wsgi keeps numbers in one. */
export const INT_MAX = 2_147_483_647;
/** @throws DirectiveError `invalid <what>: ...` */
export function parseWholeNumber(word, what, min, max = INT_MAX) {
    const value = /^[+-]?\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
    if (value >= min && value <= max)
        return value;
    throw invalid(word, what, `a whole number ${max === INT_MAX ? `of at least ${min}` : `from ${min} to ${max}`}`);
}
/** Zero for the default, or at least `min` bytes. @throws DirectiveError */
export function parseBufferSize(word, what, min) {
    const value = parseWholeNumber(word, what, 0);
    if (value === 0 || value >= min)
        return value;
    throw invalid(word, what, `0 for the default or at least ${min} bytes`);
}
/** Bytes, as a plain number. @throws DirectiveError */
export function parseBytes(word, what) {
    return parseWholeNumber(word, what, 0, Number.MAX_SAFE_INTEGER);
}
/** Bytes, with K, M or G for 1024, its square and its cube; for options that mod_wsgi does not have. */
export function parseScaledBytes(word, what) {
    const parts = /^(\d+)([kmg]?)$/i.exec(word.text);
    const power = ['', 'k', 'm', 'g'].indexOf((parts?.[2] ?? '').toLowerCase());
    const value = parts === null ? Number.NaN : Number(parts[1]) * 1024 ** power;
    if (value <= Number.MAX_SAFE_INTEGER)
        return value;
    throw invalid(word, what, 'a number of bytes, with K, M or G if wanted');
}
/** A number of seconds above 0 with decimals. @throws DirectiveError */
export function parseInterval(word, what) {
    const value = /^\d*\.?\d+(?:e[+-]?\d+)?$|^\d+\.$/i.test(word.text) ? Number(word.text) : Number.NaN;
    if (value > 0 && value <= INT_MAX)
        return value;
    throw invalid(word, what, 'a number of seconds above 0');
}
/** On or Off in any case. @throws DirectiveError */
export function parseOnOff(word, what) {
    const text = word.text.toLowerCase();
    if (text === 'on' || text === 'off')
        return text === 'on';
    throw invalid(word, what, 'On or Off');
}
/** Octal digits. @throws DirectiveError */
export function parseOctal(word, what) {
    const value = /^[0-7]{1,5}$/.test(word.text) ? Number.parseInt(word.text, 8) : Number.NaN;
    if (value <= 0o777)
        return value;
    throw invalid(word, what, 'up to three octal digits');
}
/** @throws DirectiveError where the text does not start with a slash */
export function parseAbsolutePath(word, what) {
    if (word.text.startsWith('/'))
        return word.text;
    throw invalid(word, what, 'an absolute path');
}
/** Text that is there. @throws DirectiveError */
export function parseText(word, what) {
    if (word.text !== '')
        return word.text;
    throw new DirectiveError(`invalid ${what}: it is empty`, word);
}
function invalid(word, what, wanted) {
    return new DirectiveError(`invalid ${what}: it must be ${wanted}, not '${word.text}'`, word);
}
//# sourceMappingURL=option-values.js.map