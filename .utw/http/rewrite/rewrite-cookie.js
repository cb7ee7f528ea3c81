/** The flag CO: `name:value:domain[:minutes[:path[:secure[:httponly[:samesite]]]]]`, or with ';' after a leading ';'. */
/**
 * The cookie of an expanded CO value, or undefined without a name, a value and a domain. Empty fields are skipped, not
 * kept as empty, as in Apache. Apache 2.4 drops HttpOnly where secure is off; we follow its manual and keep it.
 */
export function parseCookie(text, nowMs) {
    const separator = text.startsWith(';') ? ';' : ':';
    const [name, value, domain, minutes, path = '/', secure = '', httpOnly = '', sameSite = ''] = text
        .split(separator)
        .filter((field) => field !== '');
    if (name === undefined || value === undefined || domain === undefined)
        return undefined;
    const lifetimeMinutes = Number.parseInt(minutes ?? '0', 10) || 0;
    let header = `${name}=${value}; path=${path}; domain=${domain}`;
    if (lifetimeMinutes !== 0)
        header += `; expires=${cookieDate(nowMs + lifetimeMinutes * 60_000)}`;
    if (isOn(secure, 'secure'))
        header += '; secure';
    if (isOn(httpOnly, 'httponly'))
        header += '; HttpOnly';
    if (!['', '0', 'false'].includes(sameSite.toLowerCase()))
        header += `; SameSite=${sameSite}`;
    return { name, header };
}
function isOn(field, word) {
    return ['true', '1', word].includes(field.toLowerCase());
}
/** `Fri, 20-Nov-2026 19:34:16 GMT`, the form with dashes that Netscape's first cookies had. */
function cookieDate(timeMs) {
    const [weekday, day, month, year, ...rest] = new Date(timeMs).toUTCString().split(' ');
    return `${weekday} ${day}-${month}-${year} ${rest.join(' ')}`;
}
//# sourceMappingURL=rewrite-cookie.js.map