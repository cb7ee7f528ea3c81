/**
 * mod_alias's Redirect family. Lines of a server stand in a list that is searched before the path is mapped to a file;
 * lines of a section in another one that is searched when all sections are known, as in Apache.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import type { Position } from '../conf/source.js';
/** What a redirect answers. `url` is undefined where the status is no redirect (410 Gone, 404 ...). */
interface RedirectAnswer {
    readonly status: number;
    /** A full URL or a path of this server. */
    readonly url: string | undefined;
    readonly position: Position;
}
/** One line with a path. Behind a matched prefix the rest of the path is added; a regex puts groups into $0 to $9. */
export type RedirectEntry = RedirectAnswer & ({
    readonly kind: 'prefix';
    readonly urlPath: string;
} | {
    readonly kind: 'regex';
    readonly pattern: string;
    readonly regex: RegExp;
});
/** A line without a path, inside a section: everything there gets this answer, and nothing is added to the URL. */
export type SectionRedirect = RedirectAnswer;
export declare const redirectSettings: Readonly<{
    /** Lines of the main server and of virtual hosts. */
    serverRedirects: Setting<readonly RedirectEntry[]>;
    /** Lines with a path inside sections. */
    sectionRedirects: Setting<readonly RedirectEntry[]>;
    /** Comes before the lists. */
    sectionRedirect: Setting<SectionRedirect>;
    redirectRelative: Setting<boolean>;
}>;
export declare function isRedirectStatus(status: number): boolean;
export declare const redirectDirectives: readonly DirectiveDefinition[];
export {};
