/**
 * Substitutions that name another server, and the ways between them and local paths: qualifying a path with our own
 * address for a redirect, and cutting our own address off again.
 */
import { escapePath } from './uri-escapes.js';
/** The schemes that mod_rewrite knows; a path that starts with one of them is never a file. */
const scheme = /^(?:(?:ajp|balancer|fcgi|ftp|gopher|https?|h2c?|ldap|nntp|scgi|uwsgi|wss?):\/\/|mailto:|news:)/i;
/** Known schemes whose '?' does not start a query string. */
const schemeWithoutQuery = /^(?:ftp|gopher|ldap|news|nntp):/i;
/** Length of `scheme://` (or `mailto:`), 0 where the text is no absolute URI. */
export function schemeLength(uri) {
    return scheme.exec(uri)?.[0].length ?? 0;
}
export function takesQueryString(uri) {
    return !schemeWithoutQuery.test(uri);
}
/** The path as a URL of the server that the client asked. */
export function qualified(path, request) {
    if (schemeLength(path) > 0)
        return path;
    const port = request.serverPort === defaultPort(request.scheme) ? '' : `:${request.serverPort}`;
    return `${request.scheme}://${request.serverName}${port}${path.startsWith('/') ? '' : '/'}${path}`;
}
/** The path of a URL that points at this very virtual host, or the URL unchanged. */
export function reduced(uri, request) {
    const start = request.scheme.length + 3;
    if (uri.slice(0, start).toLowerCase() !== `${request.scheme}://`)
        return uri;
    const slash = uri.indexOf('/', start);
    const authority = uri.slice(start, slash === -1 ? undefined : slash);
    const [host = '', port] = authority.split(':');
    const portNumber = port === undefined ? defaultPort(request.scheme) : Number.parseInt(port, 10);
    if (!request.matchesHost(host, portNumber))
        return uri;
    return slash === -1 ? '/' : uri.slice(slash);
}
/** Escapes what follows the authority. */
export function escapeAbsoluteUri(uri) {
    const start = schemeLength(uri);
    if (uri.charAt(start - 1) !== '/')
        return uri.slice(0, start) + escapePath(uri.slice(start));
    const slash = uri.indexOf('/', start);
    if (slash === -1)
        return uri;
    const path = uri.slice(slash + 1);
    // The parts of an LDAP URL are parted by '?'.
    const escaped = /^ldap:/i.test(uri) ? path.split('?').map(escapePath).join('?') : escapePath(path);
    return uri.slice(0, slash + 1) + escaped;
}
function defaultPort(name) {
    return name === 'https' ? 443 : 80;
}
//# sourceMappingURL=absolute-uri.js.map