/**
 * How Alias and WSGIScriptAlias compare their URL-path with a request's (mod_alias.c, alias_matches; mod_wsgi has the
 * same function). Works on the decoded path. Called by the table of Alias for its overlap warning and by URL
 * translation.
 */
/**
 * Splits `path` behind the part that `alias` matches, or gives undefined where it does not match. A run of slashes in
 * the alias matches any run of at least one; all else must be equal; an alias that does not end with a slash must end
 * where a component of the path ends.
 */
export function matchAlias(alias, path) {
    let at = 0;
    let aliasAt = 0;
    while (aliasAt < alias.length) {
        if (path[at] !== alias[aliasAt])
            return undefined;
        const slash = alias[aliasAt] === '/';
        aliasAt += 1;
        at += 1;
        if (!slash)
            continue;
        while (alias[aliasAt] === '/')
            aliasAt += 1;
        while (path[at] === '/')
            at += 1;
    }
    if (at === 0)
        return undefined;
    if (!alias.endsWith('/') && at < path.length && path[at] !== '/')
        return undefined;
    return { matched: path.slice(0, at), rest: path.slice(at) };
}
//# sourceMappingURL=alias-match.js.map