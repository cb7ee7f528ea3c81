/** Between a request and the rewrite engine (src/http/rewrite): hands over what rules may ask, carries out what they change. */
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { CachingMapSource } from '../http/rewrite/rewrite-map.js';
import { setVariable } from './request-context.js';
export const rewriteServices = {
    fileTest(path) {
        try {
            const found = statSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false });
            if (found === undefined)
                return undefined;
            const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
            return { kind, size: found.size, executable: (found.mode & 0o111) !== 0 };
        }
        catch {
            return undefined; // a component on the way is no folder, or closed to us: nothing can be reached there
        }
    },
    isSymbolicLink(path) {
        try {
            return lstatSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
        }
        catch {
            return false; // as above
        }
    },
    random: Math.random,
    now: Date.now,
    maps: new CachingMapSource((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs, (path) => readFileSync(path, 'latin1')),
    // A look-up would have to run all phases for a request that is none; only files and their existence are answered.
    lookupStatus(kind, target) {
        return kind === 'file' && this.fileTest(target) !== undefined ? 200 : 404;
    },
};
/** The request as rules see it. */
export function rewriteRequestOf(context) {
    const { connection, incoming, server } = context;
    return {
        uri: context.uri,
        unparsedUri: context.rawTarget,
        query: context.query === '' && !context.rawTarget.includes('?') ? undefined : context.query,
        filename: context.filename ?? context.uri,
        pathInfo: context.pathInfo,
        method: context.method,
        requestLine: `${context.method} ${context.rawTarget} ${context.protocol}`,
        scheme: 'http',
        isSubrequest: false,
        serverName: context.serverName,
        serverPort: context.serverPort,
        header(name) {
            const value = incoming.headers[name.toLowerCase()];
            return Array.isArray(value) ? value.join(', ') : value;
        },
        environment: (name) => context.environment?.get(name) ?? process.env[name],
        fact(name) {
            switch (name) {
                case 'CONN_REMOTE_ADDR':
                case 'REMOTE_ADDR':
                case 'REMOTE_HOST':
                    return connection.remoteAddress;
                case 'REMOTE_PORT':
                    return String(connection.remotePort);
                case 'SERVER_ADDR':
                    return connection.localAddress;
                case 'SERVER_ADMIN':
                    return server.admin;
                case 'SERVER_PROTOCOL':
                    return context.protocol;
                case 'SERVER_SOFTWARE':
                    return server.serverHeader;
                case 'DOCUMENT_ROOT':
                case 'CONTEXT_DOCUMENT_ROOT':
                    return server.documentRoot;
                case 'IPV6':
                    return connection.remoteAddress.includes(':') ? 'on' : 'off';
                default:
                    return undefined;
            }
        },
        sslVariable: () => undefined,
        matchesHost: (host, port) => host.toLowerCase() === context.serverName.toLowerCase() && port === context.serverPort,
    };
}
/** What every outcome brings: variables, cookies, Vary, a handler. */
export function applyRewriteEffects(context, outcome) {
    for (const { name, value } of outcome.environment)
        setVariable(context, name, value);
    for (const cookie of outcome.cookies)
        context.extraHeaders.push('Set-Cookie', cookie.header);
    if (outcome.vary.length > 0)
        context.extraHeaders.push('Vary', outcome.vary.join(', '));
    if (outcome.handler !== undefined)
        context.handler = outcome.handler;
}
//# sourceMappingURL=rewriting.js.map