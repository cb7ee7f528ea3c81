/**
 * From a URL path to what it names, in the order of Apache's translate_name hooks: Redirect, Alias, WSGIScriptAlias,
 * DocumentRoot. Rewriting comes before and is done by the caller. Pure but for nothing: paths in, paths out.
 */
import type { WsgiScriptAlias } from '../wsgi/settings.js';
import type { CompiledServer } from './compiled-server.js';
import type { RedirectEntry } from './redirect-directives.js';
export type Translation = 
/** `root` is what the alias or DocumentRoot named: nothing outside of it is served. */
{
    readonly kind: 'file';
    readonly path: string;
    readonly root: string;
}
/** `target` is the alias's own part of `path`; `rest` is what the URL added, a byte string. */
 | {
    readonly kind: 'script';
    readonly alias: WsgiScriptAlias;
    readonly target: string;
    readonly rest: string;
} | {
    readonly kind: 'redirect';
    readonly status: number;
    readonly url: string | undefined;
} | {
    readonly kind: 'none';
};
/** `uri` is decoded, a byte string. */
export declare function translateUrl(server: CompiledServer, uri: string): Translation;
/** The first redirect of a list whose path or expression matches. */
export declare function findRedirect(redirects: readonly RedirectEntry[], uri: string): {
    readonly kind: 'redirect';
    readonly status: number;
    readonly url: string | undefined;
} | undefined;
/** Percent-encodes a decoded path, so that it decodes to the same again (ap_os_escape_path). */
export declare function escapePath(path: string): string;
