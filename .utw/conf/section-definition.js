/**
 * What a section is. The scope sections (VirtualHost, Directory and their kin) are the resolver's own; a feature may
 * own further ones (RequireAll, WSGIInterpreterOptions) whose children it reads itself.
 */
const SERVER = ['server config', 'virtual host'];
const ANYWHERE = [...SERVER, 'directory', '.htaccess'];
function core(name, contexts, syntax, summary, difference) {
    const shared = { name, module: 'core', contexts, syntax, summary };
    return difference === undefined ? shared : { ...shared, difference };
}
/** In the order in which the manual would explain them. */
export const SCOPE_SECTIONS = [
    core('VirtualHost', ['server config'], 'addr[:port] [addr[:port]] ...', 'Directives for one virtual host, which answers on the given addresses. `*` and `_default_` are any address.'),
    core('Directory', SERVER, 'directory-path | ~ regex', 'Directives for a folder of the file system and all below it. Wildcards do not match a slash. Shorter paths apply first.'),
    core('DirectoryMatch', SERVER, 'regex', 'Directives for files and folders whose full path matches the regular expression. Applied after all <Directory>.'),
    core('Files', ANYWHERE, 'filename | ~ regex', 'Directives for files of this name, whatever their folder, or within the <Directory> around it.'),
    core('FilesMatch', ANYWHERE, 'regex', 'Directives for files whose name matches the regular expression.'),
    core('Location', SERVER, 'url-path | ~ regex', 'Directives for a URL path and all below it. Applied after Directory and Files, in the order of the file.'),
    core('LocationMatch', SERVER, 'regex', 'Directives for URL paths that match the regular expression.'),
];
const SCOPE_BY_NAME = new Map(SCOPE_SECTIONS.map((section) => [section.name.toLowerCase(), section]));
/** The scope section of this name, in any case. */
export function findScopeSection(name) {
    return SCOPE_BY_NAME.get(name.toLowerCase());
}
//# sourceMappingURL=section-definition.js.map