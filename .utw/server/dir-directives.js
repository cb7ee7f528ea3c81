/** mod_dir's directives: what a request for a folder gets. */
import { flagDirective } from '../conf/directive.js';
import { allContexts } from './directive-arguments.js';
export const dirSettings = Object.freeze({
    /** File names, or URL paths where they start with '/', in order of preference. Inner scopes replace the list. */
    directoryIndex: { id: 'mod_dir.directory-index' },
    directorySlash: { id: 'mod_dir.directory-slash' },
});
export const defaultDirectoryIndex = ['index.html'];
export const dirDirectives = [
    {
        name: 'DirectoryIndex',
        module: 'mod_dir',
        contexts: allContexts,
        override: 'Indexes',
        syntax: 'disabled | local-url [local-url] ...',
        args: { min: 0, max: Number.POSITIVE_INFINITY },
        default: 'index.html',
        summary: 'What a request for a folder gets: the first of these files that exists. Several lines of a section add up; disabled as the only word switches this off.',
        apply(line, scope) {
            const words = line.args.map((word) => word.text);
            const disabled = words.length === 1 && words[0]?.toLowerCase() === 'disabled';
            scope.update(dirSettings.directoryIndex, (previous) => (disabled ? [] : [...(previous ?? []), ...words]), line.position);
        },
    },
    flagDirective(dirSettings.directorySlash, {
        name: 'DirectorySlash',
        module: 'mod_dir',
        contexts: allContexts,
        override: 'Indexes',
        default: 'On',
        summary: 'Whether a request for a folder without the slash at its end is redirected to the path with the slash.',
    }),
];
//# sourceMappingURL=dir-directives.js.map