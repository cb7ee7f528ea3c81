/** How files of a folder may be served. Directives of httpd's core. */
import { DirectiveError, flagDirective } from '../conf/directive.js';
import { applyOptionsLine, mergeOptions, OPTION_WORDS } from '../http/directory-options.js';
import { absoluteSet, elementsOf, mergeRelativeSets, unchanged, withAdded, withRemoved, } from '../http/relative-set.js';
import { allContexts, suggestion } from './directive-arguments.js';
export const fileSettings = Object.freeze({
    options: { id: 'core.options', merge: mergeOptions },
    /** Classes that .htaccess files may use, lower case; empty for None. */
    allowOverride: { id: 'core.allow-override' },
    allowOverrideList: { id: 'core.allow-override-list' },
    fileETag: { id: 'core.file-etag', merge: mergeRelativeSets },
    enableSendfile: { id: 'core.enable-sendfile' },
    enableMmap: { id: 'core.enable-mmap' },
});
const defaultETag = new Set(['MTime', 'Size']);
/** The components in force; empty for no ETag. */
export function effectiveFileETag(set) {
    return elementsOf(set, defaultETag);
}
function applyOptions(line, scope) {
    const words = line.args.map((word) => word.text);
    const outcome = applyOptionsLine(scope.find(fileSettings.options), words);
    if ('message' in outcome) {
        const word = line.args[outcome.index];
        const hint = suggestion(word?.text.replace(/^[+-]/, '') ?? '', OPTION_WORDS);
        throw new DirectiveError(outcome.message + (outcome.message.includes('is not an option') ? hint : ''), word);
    }
    for (const word of line.args) {
        if (/^\+?(?:includes|includesnoexec|multiviews)$/i.test(word.text)) {
            line.report('note', `Options ${word.text.replace('+', '')} has no effect: there are no filters and no content negotiation`, word.position);
        }
    }
    scope.update(fileSettings.options, () => outcome, line.position);
}
const overrideClasses = ['AuthConfig', 'FileInfo', 'Indexes', 'Limit', 'Options', 'Nonfatal', 'None', 'All'];
function warnUnread(line) {
    line.report('warning', `${line.name}: .htaccess files are not read yet, move their lines into a <Directory> section`);
}
function warnUseless(line) {
    if (/^(?:Location|Files)/i.test(line.sections.at(-1) ?? '')) {
        line.report('warning', `${line.name} has no meaning in <${line.sections.at(-1)}>, it belongs in <Directory>`);
    }
}
function applyAllowOverride(line, scope) {
    const classes = new Set();
    for (const word of line.args) {
        const [name = '', value] = word.text.split('=', 2);
        if (!overrideClasses.some((known) => known.toLowerCase() === name.toLowerCase())) {
            throw new DirectiveError(`illegal override class '${name}'${suggestion(name, overrideClasses)}`, word);
        }
        if (name.toLowerCase() === 'nonfatal') {
            if (!/^(?:override|unknown|all)$/i.test(value ?? '')) {
                throw new DirectiveError('Nonfatal must be followed by =Override, =Unknown or =All', word);
            }
        }
        else if (name.toLowerCase() === 'none')
            classes.clear();
        else
            classes.add(name.toLowerCase());
    }
    warnUseless(line);
    if (classes.size > 0)
        warnUnread(line);
    scope.set(fileSettings.allowOverride, [...classes], line.position);
}
function applyAllowOverrideList(line, scope) {
    const names = line.args.map((word) => word.text.toLowerCase());
    const none = names.indexOf('none');
    if (none >= 0 && names.length > 1) {
        throw new DirectiveError('AllowOverrideList None stands alone, without directives', line.args[none]);
    }
    warnUseless(line);
    if (none < 0)
        warnUnread(line);
    scope.set(fileSettings.allowOverrideList, none < 0 ? names : [], line.position);
}
const etagWords = new Map([
    ['all', ['INode', 'MTime', 'Size']],
    ['digest', ['Digest']],
    ['inode', ['INode']],
    ['lastmodified', ['MTime']],
    ['lmtime', ['MTime']],
    ['mtime', ['MTime']],
    ['none', []],
    ['size', ['Size']],
]);
function applyFileETag(line, scope) {
    let set = scope.find(fileSettings.fileETag) ?? unchanged;
    let hasAbsolute = false;
    for (const word of line.args) {
        const sign = /^[+-]/.exec(word.text)?.[0];
        const name = word.text.slice(sign === undefined ? 0 : 1).toLowerCase();
        const components = etagWords.get(name);
        if (components === undefined) {
            throw new DirectiveError(`unknown keyword '${word.text}' for FileETag${suggestion(name, etagWords.keys())}`, word);
        }
        if (sign !== undefined && (name === 'all' || name === 'none')) {
            throw new DirectiveError(`FileETag keyword '${name}' cannot be used with ${sign}`, word);
        }
        // The first word without a sign forgets what was there; the others join it.
        if (sign === undefined && !hasAbsolute)
            set = absoluteSet([]);
        if (sign === undefined)
            hasAbsolute = true;
        set = sign === '-' ? withRemoved(set, components) : withAdded(set, components);
    }
    const outcome = set;
    scope.update(fileSettings.fileETag, () => outcome, line.position);
}
export const coreFileDirectives = [
    {
        name: 'Options',
        module: 'core',
        contexts: allContexts,
        override: 'Options',
        syntax: '[+|-]option [[+|-]option] ...',
        args: { min: 1, max: Number.POSITIVE_INFINITY },
        default: 'FollowSymLinks',
        summary: 'What may be done in a folder: run WSGI scripts that no alias names (ExecCGI), follow symbolic links (FollowSymLinks, SymLinksIfOwnerMatch), list files (Indexes). Words without a sign replace what outer scopes say; words with + or - change it.',
        difference: 'Includes, IncludesNOEXEC and MultiViews are kept, but there is nothing that they allow.',
        apply: applyOptions,
    },
    {
        name: 'AllowOverride',
        module: 'core',
        contexts: ['directory'],
        syntax: 'All|None|directive-class [directive-class] ...',
        args: { min: 1, max: Number.POSITIVE_INFINITY },
        default: 'None',
        summary: 'Which classes of directives .htaccess files of a folder may use.',
        difference: '.htaccess files are not read yet; anything but None is reported.',
        apply: applyAllowOverride,
    },
    {
        name: 'AllowOverrideList',
        module: 'core',
        contexts: ['directory'],
        syntax: 'None|directive [directive] ...',
        args: { min: 1, max: Number.POSITIVE_INFINITY },
        default: 'None',
        summary: 'Which single directives .htaccess files of a folder may use.',
        difference: '.htaccess files are not read yet; anything but None is reported.',
        apply: applyAllowOverrideList,
    },
    {
        name: 'FileETag',
        module: 'core',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'component ...',
        args: { min: 1, max: Number.POSITIVE_INFINITY },
        default: 'MTime Size',
        summary: 'What the ETag of a file is made of: Size, MTime, INode or Digest, All for the first three, None for no ETag. With + or - a component is added to or taken from what outer scopes say.',
        apply: applyFileETag,
    },
    flagDirective(fileSettings.enableSendfile, {
        name: 'EnableSendfile',
        module: 'core',
        contexts: allContexts,
        override: 'FileInfo',
        default: 'Off',
        summary: 'Whether the kernel may copy files to connections by itself.',
        difference: 'Accepted without effect: Node.js has no such call.',
    }),
    flagDirective(fileSettings.enableMmap, {
        name: 'EnableMMAP',
        module: 'core',
        contexts: allContexts,
        override: 'FileInfo',
        default: 'On',
        summary: 'Whether files may be read by mapping them into memory.',
        difference: 'Accepted without effect: files are read.',
    }),
];
//# sourceMappingURL=core-file-directives.js.map