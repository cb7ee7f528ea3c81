/** What ErrorDocument answers with, instead of the page that the server makes itself. Pure values. */
/** How httpd tells them apart: a blank makes it text, whatever it starts with. */
export function classifyErrorResponse(text) {
    if (text.toLowerCase() === 'default')
        return { kind: 'default' };
    if (text.includes(' '))
        return { kind: 'text', text };
    if (text.startsWith('/'))
        return { kind: 'path', path: text };
    // ap_is_url: a scheme, then ://
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? { kind: 'url', url: text } : { kind: 'text', text };
}
//# sourceMappingURL=error-response.js.map