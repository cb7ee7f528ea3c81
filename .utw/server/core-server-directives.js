/** Who a server is: its names, its folder of documents, and what it tells of itself. Directives of httpd's core. */
import { DirectiveError, flagDirective, listDirective, valueDirective, } from '../conf/directive.js';
import { allContexts, globalContext, parseChoice, parsePath, sectionContexts, serverContexts, } from './directive-arguments.js';
export const serverTokenChoices = ['Prod', 'Major', 'Minor', 'Min', 'OS', 'Full'];
export const serverSignatureChoices = ['Off', 'On', 'EMail'];
export const serverSettings = Object.freeze({
    serverRoot: { id: 'core.server-root' },
    serverName: { id: 'core.server-name' },
    serverAliases: { id: 'core.server-alias' },
    serverAdmin: { id: 'core.server-admin' },
    /** Absolute, without a slash at the end. */
    documentRoot: { id: 'core.document-root' },
    useCanonicalName: { id: 'core.use-canonical-name' },
    useCanonicalPhysicalPort: { id: 'core.use-canonical-physical-port' },
    serverTokens: { id: 'core.server-tokens' },
    serverSignature: { id: 'core.server-signature' },
});
function parseServerName(word) {
    const text = word.text;
    if (/[*?[\]]/.test(text.replace(/\[[0-9a-f:.]+\]/i, ''))) {
        throw new DirectiveError(`ServerName '${text}' must be one name; patterns stand in ServerAlias`, word);
    }
    const parts = /^(?:([^:/]*):\/\/)?(\[[0-9a-f:.]+\]|[^:/\s]+)(?::(.*))?$/i.exec(text);
    const host = parts?.[2];
    if (parts === null || host === undefined) {
        throw new DirectiveError(`ServerName must be [scheme://]name[:port], not '${text}'`, word);
    }
    const scheme = parts[1]?.toLowerCase();
    if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
        throw new DirectiveError(`ServerName has the scheme '${parts[1]}', it can be http or https`, word);
    }
    const port = parts[3] === undefined ? undefined : Number(/^\d+$/.test(parts[3]) ? parts[3] : Number.NaN);
    if (port !== undefined && !(port >= 1 && port <= 65_535)) {
        throw new DirectiveError(`the port number '${parts[3]}' of ServerName is outside 1 to 65535`, word);
    }
    return { scheme, host, port };
}
function parseServerAlias(word) {
    const name = word.text.toLowerCase();
    if (name === '' || /[\s/]/.test(name))
        throw new DirectiveError(`'${word.text}' is no host name`, word);
    if (!/[*?]/.test(name))
        return { name, pattern: undefined };
    const source = name
        .replace(/[^*?\w-]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
    return { name, pattern: new RegExp(`^${source}$`, 's') };
}
const names = [
    valueDirective(serverSettings.serverRoot, {
        name: 'ServerRoot',
        module: 'core',
        contexts: globalContext,
        syntax: 'directory-path',
        default: 'the folder of the configuration file',
        summary: 'The folder against which relative paths of the configuration are taken: files of Include, logs, scripts. It holds from its line on, so it should be the first line.',
        difference: 'Apache has a default that is compiled in.',
    }, (word, line) => {
        if (!word.text.startsWith('/'))
            throw new DirectiveError(`ServerRoot must be absolute, not '${word.text}'`, word);
        return parsePath(word, line, 'ServerRoot');
    }),
    valueDirective(serverSettings.serverName, {
        name: 'ServerName',
        module: 'core',
        contexts: serverContexts,
        syntax: '[scheme://]name[:port]',
        summary: 'The name by which a server knows itself: in redirects, in SERVER_NAME, and to find the virtual host that a Host header asks for. Scheme and port are for servers behind a proxy that clients reach under another scheme or port.',
    }, parseServerName),
    listDirective(serverSettings.serverAliases, {
        name: 'ServerAlias',
        module: 'core',
        contexts: ['virtual host'],
        syntax: 'name [name] ...',
        args: { min: 1, max: Number.POSITIVE_INFINITY },
        summary: 'Further names of a virtual host. A star stands for any run of characters and a question mark for one. Several lines add up.',
    }, (line) => line.args.map(parseServerAlias)),
    valueDirective(serverSettings.serverAdmin, {
        name: 'ServerAdmin',
        module: 'core',
        contexts: serverContexts,
        syntax: 'email-address|URL',
        summary: 'Whom error pages name as the one to write to; applications see it as SERVER_ADMIN.',
    }, (word) => word.text),
    valueDirective(serverSettings.documentRoot, {
        name: 'DocumentRoot',
        module: 'core',
        contexts: serverContexts,
        syntax: 'directory-path',
        summary: 'The folder whose files are served where no Alias and no WSGIScriptAlias matches. A slash at its end makes no difference.',
        difference: 'Without the directive nothing is served from the disk; Apache has a folder that is compiled in.',
    }, (word, line) => {
        const path = parsePath(word, line, 'DocumentRoot');
        return path === '/' ? path : path.replace(/\/+$/, '');
    }),
];
const selfPortrait = [
    valueDirective(serverSettings.useCanonicalName, {
        name: 'UseCanonicalName',
        module: 'core',
        contexts: sectionContexts,
        syntax: 'On|Off',
        default: 'Off',
        summary: 'Whether SERVER_NAME, SERVER_PORT and redirects take ServerName (On) or what the client wrote in its Host header (Off).',
        difference: 'DNS is not there: a reverse look-up of the own address. It is reported and taken as Off.',
    }, (word, line) => {
        const choice = parseChoice(word, 'UseCanonicalName', ['On', 'Off', 'DNS']);
        if (choice === 'DNS')
            line.report('warning', 'UseCanonicalName DNS is not supported, it is taken as Off', word.position);
        return choice === 'On';
    }),
    flagDirective(serverSettings.useCanonicalPhysicalPort, {
        name: 'UseCanonicalPhysicalPort',
        module: 'core',
        contexts: sectionContexts,
        default: 'Off',
        summary: 'Whether the port that a connection really came in on counts when the server has to guess its port, before the one of ServerName.',
    }),
    valueDirective(serverSettings.serverTokens, {
        name: 'ServerTokens',
        module: 'core',
        contexts: globalContext,
        syntax: 'Prod[uctOnly]|Major|Minor|Min[imal]|OS|Full',
        default: 'Full',
        summary: 'How much the Server header of responses tells: the product alone, its version, or all there is.',
    }, (word) => {
        const choices = [...serverTokenChoices, 'ProductOnly', 'Minimal'];
        const choice = parseChoice(word, 'ServerTokens', choices);
        if (choice === 'ProductOnly')
            return 'Prod';
        return choice === 'Minimal' ? 'Min' : choice;
    }),
    valueDirective(serverSettings.serverSignature, {
        name: 'ServerSignature',
        module: 'core',
        contexts: allContexts,
        override: 'All',
        syntax: 'On|Off|EMail',
        default: 'Off',
        summary: 'The line below error pages and listings that names the server; EMail makes its name a link to ServerAdmin.',
    }, (word) => parseChoice(word, 'ServerSignature', serverSignatureChoices)),
    {
        name: 'HostnameLookups',
        module: 'core',
        contexts: sectionContexts,
        syntax: 'Off',
        args: { min: 1, max: 1 },
        default: 'Off',
        summary: 'Whether the names of clients are looked up for logs and access rules.',
        difference: 'Names are never looked up; On and Double are reported and have no effect.',
        apply(line) {
            for (const word of line.args) {
                const choice = parseChoice(word, 'HostnameLookups', ['Off', 'On', 'Double']);
                if (choice !== 'Off') {
                    line.report('warning', `HostnameLookups ${choice} has no effect: client names are not looked up`, word.position);
                }
            }
        },
    },
];
export const coreServerDirectives = [...names, ...selfPortrait];
//# sourceMappingURL=core-server-directives.js.map