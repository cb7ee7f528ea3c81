/**
 * The media type of a file by its name, under mod_mime's rules and the core's ForceType and AddDefaultCharset. Pure; the
 * values come from server/mime-directives.ts, the answers go to server/static-handler.ts.
 */
/**
 * The types of the files that web sites are made of, for servers without TypesConfig. Without charset, as Apache sends
 * them; rarer types come from the table of the `send` library.
 */
export const commonMimeTypes = new Map(Object.entries({
    'text/html': 'html htm',
    'text/plain': 'txt text',
    'text/css': 'css',
    'text/csv': 'csv',
    'text/javascript': 'js mjs',
    'text/xml': 'xml',
    'application/json': 'json map',
    'application/pdf': 'pdf',
    'application/wasm': 'wasm',
    'application/zip': 'zip',
    'application/gzip': 'gz',
    'application/xhtml+xml': 'xhtml',
    'image/avif': 'avif',
    'image/gif': 'gif',
    'image/jpeg': 'jpeg jpg',
    'image/png': 'png',
    'image/svg+xml': 'svg',
    'image/webp': 'webp',
    'image/vnd.microsoft.icon': 'ico',
    'font/woff': 'woff',
    'font/woff2': 'woff2',
    'video/mp4': 'mp4',
    'video/webm': 'webm',
    'audio/mpeg': 'mp3',
}).flatMap(([type, extensions]) => extensions.split(' ').map((extension) => [extension, type])));
/** For a file that is known to have no type of its own: nobody is to guess one. */
const untyped = 'application/octet-stream';
/** An inner scope's rules over an outer one's, each part of each extension by itself. */
export function mergeExtensionRules(outer, inner) {
    const merged = new Map(outer);
    for (const [extension, rule] of inner)
        merged.set(extension, { ...merged.get(extension), ...rule });
    return merged;
}
/** Reads a mime.types file: a type and its extensions on each line, # before remarks. */
export function parseMimeTypes(text) {
    const types = new Map();
    for (const line of text.split('\n')) {
        const [type, ...extensions] = line
            .replace(/^\s*#.*/, '')
            .trim()
            .split(/\s+/);
        for (const extension of extensions)
            types.set(extension.toLowerCase(), type ?? '');
    }
    return types;
}
/**
 * Every extension of the name counts: the last one that has a type gives the type, encodings add up. Letter case does
 * not matter, and unknown extensions say nothing.
 */
export function mediaTypeOf(fileName, rules) {
    let type;
    let charset;
    const encodings = [];
    for (const written of fileName.replace(/^\.+/, '').split('.').slice(1)) {
        const extension = written.toLowerCase();
        const rule = rules.extensions.get(extension);
        // What RemoveType took away is not looked up in the file of types again.
        const found = rule?.type === undefined ? rules.types.get(extension) : rule.type;
        if (found !== undefined && (found !== null || type === undefined))
            type = found;
        charset = rule?.charset ?? charset;
        if (rule?.encoding !== undefined)
            encodings.push(rule.encoding);
    }
    const contentEncoding = encodings.length === 0 ? undefined : encodings.join(', ');
    if (rules.forced !== undefined) {
        return { contentType: withDefaultCharset(rules.forced, rules.defaultCharset), contentEncoding };
    }
    if (type === undefined || type === null) {
        return { contentType: type === null ? untyped : undefined, contentEncoding };
    }
    const withCharset = charset === undefined || hasCharset(type) ? type : `${type}; charset=${charset}`;
    return { contentType: withDefaultCharset(withCharset, rules.defaultCharset), contentEncoding };
}
/** AddDefaultCharset only concerns plain text and HTML. */
function withDefaultCharset(type, charset) {
    if (charset === undefined || hasCharset(type) || !/^text\/(?:plain|html)\s*(?:;|$)/i.test(type))
        return type;
    return `${type}; charset=${charset}`;
}
function hasCharset(type) {
    return /;\s*charset=/i.test(type);
}
//# sourceMappingURL=media-type.js.map