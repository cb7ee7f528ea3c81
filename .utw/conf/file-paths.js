/** POSIX paths as text, without asking the file system. Used by Include, ServerRoot and <Directory>. */
/** `path` against `base`; neither is looked at further. */
export function absolutePath(base, path) {
    if (path.startsWith('/'))
        return path;
    return base.endsWith('/') ? base + path : `${base}/${path}`;
}
/** An absolute path without empty, `.` and `..` components; a slash at the end goes too, but for the root's own. */
export function normalizePath(path) {
    const kept = [];
    for (const component of path.split('/')) {
        if (component === '..')
            kept.pop();
        else if (component !== '' && component !== '.')
            kept.push(component);
    }
    return `/${kept.join('/')}`;
}
//# sourceMappingURL=file-paths.js.map