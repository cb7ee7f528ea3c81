/**
 * How Alias and WSGIScriptAlias compare their URL-path with a request's (mod_alias.c, alias_matches; mod_wsgi has the
 * same function). Works on the decoded path. Called by the table of Alias for its overlap warning and by URL
 * translation.
 */
/** The two halves of a request path that an alias has matched. */
export interface AliasMatch {
    /** As it stands in the request, doubled slashes kept. */
    readonly matched: string;
    /** What is left: empty, or starting with '/' unless the alias itself ends with one. */
    readonly rest: string;
}
/**
 * Splits `path` behind the part that `alias` matches, or gives undefined where it does not match. A run of slashes in
 * the alias matches any run of at least one; all else must be equal; an alias that does not end with a slash must end
 * where a component of the path ends.
 */
export declare function matchAlias(alias: string, path: string): AliasMatch | undefined;
