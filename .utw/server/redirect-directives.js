/**
 * mod_alias's Redirect family. Lines of a server stand in a list that is searched before the path is mapped to a file;
 * lines of a section in another one that is searched when all sections are known, as in Apache.
 */
import { STATUS_CODES } from 'node:http';
import { DirectiveError, flagDirective } from '../conf/directive.js';
import { allContexts, parsePattern } from './directive-arguments.js';
const innerFirst = (outer, inner) => [
    ...inner,
    ...outer,
];
export const redirectSettings = Object.freeze({
    /** Lines of the main server and of virtual hosts. */
    serverRedirects: { id: 'mod_alias.redirects', merge: innerFirst },
    /** Lines with a path inside sections. */
    sectionRedirects: { id: 'mod_alias.section-redirects', merge: innerFirst },
    /** Comes before the lists. */
    sectionRedirect: { id: 'mod_alias.section-redirect' },
    redirectRelative: { id: 'mod_alias.redirect-relative' },
});
const statusWords = new Map([
    ['permanent', 301],
    ['temp', 302],
    ['seeother', 303],
    ['gone', 410],
]);
export function isRedirectStatus(status) {
    return status >= 300 && status <= 399;
}
/** The status that a word means, undefined where it is no status. @throws DirectiveError for a number that is none */
function findStatus(word) {
    const named = statusWords.get(word.text.toLowerCase());
    if (named !== undefined || !/^\d/.test(word.text))
        return named;
    const status = /^\d{3}$/.test(word.text) ? Number(word.text) : 0;
    if (status < 300 || STATUS_CODES[status] === undefined) {
        throw new DirectiveError(`'${word.text}' is no status that a redirect can have`, word);
    }
    return status;
}
function sortWords(line, fixedStatus) {
    const words = [...line.args];
    const first = words[0];
    const given = fixedStatus === undefined && first !== undefined ? findStatus(first) : undefined;
    if (given !== undefined)
        words.shift();
    else if (words.length > 2)
        throw new DirectiveError(`${line.name}: '${first?.text}' is no status`, first);
    const status = given ?? fixedStatus ?? 302;
    const inSection = line.context === 'directory' || line.context === '.htaccess';
    const redirects = isRedirectStatus(status);
    // In a section the path may be left out, as the section has one.
    if (inSection && line.name.toLowerCase() !== 'redirectmatch' && words.length === (redirects ? 1 : 0)) {
        return { status, path: undefined, url: words[0] };
    }
    const [path, url, surplus] = words;
    if (path === undefined)
        throw new DirectiveError(`${line.name} needs a path`);
    if (redirects && url === undefined)
        throw new DirectiveError(`the URL to redirect to is missing`, path);
    if (!redirects && url !== undefined)
        throw new DirectiveError(`a URL is not valid for status ${status}`, url);
    if (surplus !== undefined)
        throw new DirectiveError(`${line.name} has a word too many: '${surplus.text}'`, surplus);
    return { status, path, url };
}
/** ap_is_url, or a path of this server. */
function checkUrl(url) {
    if (url !== undefined && !/^(?:[a-z][a-z0-9+.-]*:\/\/|\/)/i.test(url.text)) {
        throw new DirectiveError(`cannot redirect to '${url.text}': it must be a full URL or start with '/'`, url);
    }
}
function applyRedirect(line, scope, fixedStatus) {
    const { status, path, url } = sortWords(line, fixedStatus);
    const answer = { status, url: url?.text, position: line.position };
    const inSection = line.context === 'directory' || line.context === '.htaccess';
    if (path === undefined) {
        if (url !== undefined && /%\{/.test(url.text)) {
            throw new DirectiveError('expressions in Redirect are not supported yet, use RewriteRule', url);
        }
        checkUrl(url);
        scope.set(redirectSettings.sectionRedirect, answer, line.position);
        return;
    }
    let entry;
    if (line.name.toLowerCase() === 'redirectmatch') {
        entry = { ...answer, kind: 'regex', pattern: path.text, regex: parsePattern(path) };
    }
    else {
        checkUrl(url);
        if (!path.text.startsWith('/')) {
            throw new DirectiveError(`the URL-path of ${line.name} must start with '/', not '${path.text}'`, path);
        }
        entry = { ...answer, kind: 'prefix', urlPath: path.text };
    }
    const setting = inSection ? redirectSettings.sectionRedirects : redirectSettings.serverRedirects;
    scope.update(setting, (previous) => [...(previous ?? []), entry], line.position);
}
export const redirectDirectives = [
    {
        name: 'Redirect',
        module: 'mod_alias',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: '[status] [URL-path] [URL]',
        args: { min: 1, max: 3 },
        default: 'status temp',
        summary: 'Tells clients that what lies below a URL-path is now below another URL; the rest of the path is added to it. The status is permanent (301), temp (302), seeother (303), gone (410) or a number, and only those from 300 to 399 have a URL. Inside a section the URL-path may be left out; then everything there gets the URL as it is.',
        difference: 'The URL of the form without a URL-path is not an expression.',
        apply: (line, scope) => applyRedirect(line, scope),
    },
    {
        name: 'RedirectMatch',
        module: 'mod_alias',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: '[status] regex [URL]',
        args: { min: 2, max: 3 },
        summary: 'As Redirect, with a regular expression that is searched in the path; $1 to $9 in the URL are its groups.',
        apply: (line, scope) => applyRedirect(line, scope),
    },
    {
        name: 'RedirectTemp',
        module: 'mod_alias',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'URL-path URL',
        args: { min: 2, max: 2 },
        summary: 'Redirect with the status 302.',
        apply: (line, scope) => applyRedirect(line, scope, 302),
    },
    {
        name: 'RedirectPermanent',
        module: 'mod_alias',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'URL-path URL',
        args: { min: 2, max: 2 },
        summary: 'Redirect with the status 301.',
        apply: (line, scope) => applyRedirect(line, scope, 301),
    },
    flagDirective(redirectSettings.redirectRelative, {
        name: 'RedirectRelative',
        module: 'mod_alias',
        contexts: allContexts,
        override: 'FileInfo',
        default: 'Off',
        summary: 'Whether a redirect to a path of this server is sent as that path instead of a full URL.',
    }),
];
//# sourceMappingURL=redirect-directives.js.map