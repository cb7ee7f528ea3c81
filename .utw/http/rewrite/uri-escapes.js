/**
 * Escaping as mod_rewrite does it. All strings here are byte strings, as in PEP 3333: each character is one byte, and
 * text from the configuration becomes that through `toByteString`.
 */
/** Configuration text as the bytes that Apache sees. */
export function toByteString(text) {
    for (let at = 0; at < text.length; at++) {
        if (text.charCodeAt(at) > 0x7f)
            return Buffer.from(text, 'utf8').toString('latin1');
    }
    return text;
}
/** The bytes that Apache leaves alone in the path of a redirect; '%' is not among them, so it is escaped again. */
const unsafeInPath = /[^A-Za-z0-9$\-_.+!*'(),:;@&=/~]/g;
/** Escapes a path or query string for a Location header, as int:escape does too. */
export function escapePath(path) {
    return path.replace(unsafeInPath, percentEncode);
}
/** Undoes %XX; a malformed one stays. A NUL ends the value, as it ends Apache's string. */
export function unescapePath(text) {
    const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
    const end = decoded.indexOf('\0');
    return end === -1 ? decoded : decoded.slice(0, end);
}
/** A back-reference made fit for a URL. */
export function escapeBackReference(text, how) {
    return text.replace(/[^A-Za-z0-9_]/g, (char) => {
        const code = char.charCodeAt(0);
        const wanted = how.controlsOnly ? code <= 0x20 || code === 0x7f : (how.only?.includes(char) ?? true);
        if (!wanted || how.except.includes(char))
            return char;
        return char === ' ' && how.spaceAsPlus ? '+' : percentEncode(char);
    });
}
/** Whether a query string holds a space or control character, which would let a request smuggle in another header. */
export function hasRawControls(query) {
    for (let at = 0; at < query.length; at++) {
        const code = query.charCodeAt(at);
        if (code <= 0x20 || code === 0x7f)
            return true;
    }
    return false;
}
function percentEncode(char) {
    return `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
//# sourceMappingURL=uri-escapes.js.map