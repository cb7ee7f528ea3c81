/**
 * The media type of a file by its name, under mod_mime's rules and the core's ForceType and AddDefaultCharset. Pure; the
 * values come from server/mime-directives.ts, the answers go to server/static-head.ts.
 */

/** What the directives say about one extension. What is `null` was taken away by RemoveType or one of its kin. */
export interface ExtensionRule {
  readonly type?: string | null;
  readonly charset?: string | null;
  readonly encoding?: string | null;
  readonly language?: string | null;
}

/** By extension in lower case, without the dot. */
export type ExtensionRules = ReadonlyMap<string, ExtensionRule>;

/** Extension to type, as a mime.types file lists them. */
export type MimeTypes = ReadonlyMap<string, string>;

export interface MediaTypeRules {
  readonly extensions: ExtensionRules;
  readonly types: MimeTypes;
  /** ForceType. */
  readonly forced?: string | undefined;
  /** AddDefaultCharset; undefined for Off. */
  readonly defaultCharset?: string | undefined;
  /** DefaultLanguage. */
  readonly defaultLanguage?: string | undefined;
}

export interface MediaType {
  /** The whole Content-Type value; undefined where nothing is known about the name. */
  readonly contentType: string | undefined;
  /** The Content-Encoding value. */
  readonly contentEncoding: string | undefined;
  /** The Content-Language value. */
  readonly contentLanguage: string | undefined;
}

/**
 * The types of the files that web sites are made of, for servers without TypesConfig. Without charset, as Apache sends
 * them; rarer types come from the table of the `send` library.
 */
export const commonMimeTypes: MimeTypes = new Map(
  Object.entries({
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
  }).flatMap(([type, extensions]) => extensions.split(' ').map((extension) => [extension, type] as const)),
);

/** For a file that is known to have no type of its own: nobody is to guess one. */
const untyped = 'application/octet-stream';

/** An inner scope's rules over an outer one's, each part of each extension by itself. */
export function mergeExtensionRules(outer: ExtensionRules, inner: ExtensionRules): ExtensionRules {
  const merged = new Map(outer);
  for (const [extension, rule] of inner) merged.set(extension, { ...merged.get(extension), ...rule });
  return merged;
}

/** Reads a mime.types file: a type and its extensions on each line, # before remarks. */
export function parseMimeTypes(text: string): MimeTypes {
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [type, ...extensions] = line
      .replace(/^\s*#.*/, '')
      .trim()
      .split(/\s+/);
    for (const extension of extensions) types.set(extension.toLowerCase(), type ?? '');
  }
  return types;
}

/**
 * Every extension of the name counts: the last one that has a type gives the type, encodings and languages add up.
 * Letter case does not matter, and unknown extensions say nothing.
 */
export function mediaTypeOf(fileName: string, rules: MediaTypeRules): MediaType {
  let type: string | null | undefined;
  let charset: string | undefined;
  const encodings: string[] = [];
  const languages: string[] = [];
  for (const written of fileName.replace(/^\.+/, '').split('.').slice(1)) {
    const extension = written.toLowerCase();
    const rule = rules.extensions.get(extension);
    // What RemoveType took away is not looked up in the file of types again.
    const found = rule?.type === undefined ? rules.types.get(extension) : rule.type;
    if (found !== undefined && (found !== null || type === undefined)) type = found;
    charset = rule?.charset ?? charset;
    if (rule?.encoding != null) encodings.push(rule.encoding);
    if (rule?.language != null) languages.push(rule.language);
  }
  const other = {
    contentEncoding: encodings.length === 0 ? undefined : encodings.join(', '),
    // Without blanks, as ap_http_header_filter puts them together.
    contentLanguage: languages.length === 0 ? rules.defaultLanguage : languages.join(','),
  };
  if (rules.forced !== undefined) {
    return { contentType: withDefaultCharset(rules.forced, rules.defaultCharset), ...other };
  }
  if (type === undefined || type === null) return { contentType: type === null ? untyped : undefined, ...other };
  const withCharset = charset === undefined ? type : setCharset(type, charset);
  return { contentType: withDefaultCharset(withCharset, rules.defaultCharset), ...other };
}

/** An extension's charset takes the place of the one that AddType names. */
function setCharset(type: string, charset: string): string {
  const [, before, after] = /^(.*?;\s*charset=)(?:"[^"]*"|[^;\s]*)(.*)$/is.exec(type) ?? [];
  return before === undefined ? `${type}; charset=${charset}` : `${before}${charset}${after}`;
}

/** AddDefaultCharset only concerns plain text and HTML. */
function withDefaultCharset(type: string, charset: string | undefined): string {
  if (charset === undefined || hasCharset(type) || !/^text\/(?:plain|html)\s*(?:;|$)/i.test(type)) return type;
  return `${type}; charset=${charset}`;
}

function hasCharset(type: string): boolean {
  return /;\s*charset=/i.test(type);
}
