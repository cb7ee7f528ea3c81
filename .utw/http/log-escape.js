/**
 * Escaping for the logs, so that no client can forge a line or drive a terminal. Access-log fields follow
 * mod_log_config (everything but printable ASCII, and the quote and backslash that would end a quoted field).
 */
const fieldNeedsEscape = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;
const escapeLetters = new Map([
    [0x08, '\\b'],
    [0x09, '\\t'],
    [0x0a, '\\n'],
    [0x0b, '\\v'],
    [0x0d, '\\r'],
    [0x22, '\\"'],
    [0x5c, '\\\\'],
]);
const hexBytes = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
const utf8 = new TextEncoder();
/** One field of an access-log line. `text` is a byte string; characters above U+00FF are escaped as UTF-8 bytes. */
export function escapeLogField(text) {
    if (!fieldNeedsEscape.test(text))
        return text;
    let out = '';
    for (const character of text) {
        const code = character.codePointAt(0) ?? 0;
        out += code > 0xff ? escapeUtf8(character) : (escapeLetters.get(code) ?? plainOrHex(code, character));
    }
    return out;
}
// The pattern exists to find control characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const controls = /[\x00-\x1f\x7f-\x9f\\\u2028\u2029]/g;
/**
 * A message of the error log. Control characters, line separators and the backslash are escaped as Apache does it;
 * printable text beyond ASCII, which Apache turns to \xhh as well, stays readable.
 */
export function escapeLogMessage(text) {
    return text.replace(controls, (character) => {
        const code = character.charCodeAt(0);
        return escapeLetters.get(code) ?? (code < 0x80 ? (hexBytes[code] ?? '') : escapeUtf8(character));
    });
}
function plainOrHex(code, character) {
    return code >= 0x20 && code <= 0x7e ? character : (hexBytes[code] ?? '');
}
function escapeUtf8(character) {
    let out = '';
    for (const byte of utf8.encode(character))
        out += hexBytes[byte] ?? '';
    return out;
}
//# sourceMappingURL=log-escape.js.map