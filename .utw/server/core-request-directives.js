/** How paths of requests are read and what answers to errors look like. Directives of httpd's core. */
import { STATUS_CODES } from 'node:http';
import { DirectiveError, flagDirective, valueDirective, } from '../conf/directive.js';
import { classifyErrorResponse } from '../http/error-response.js';
import { allContexts, getWord, parseChoice, serverContexts } from './directive-arguments.js';
export const encodedSlashesChoices = ['On', 'Off', 'NoDecode'];
export const acceptPathInfoChoices = ['On', 'Off', 'Default'];
export const requestSettings = Object.freeze({
    /** By status code. */
    errorDocuments: {
        id: 'core.error-document',
        merge: (outer, inner) => new Map([...outer, ...inner]),
    },
    allowEncodedSlashes: { id: 'core.allow-encoded-slashes' },
    mergeSlashes: { id: 'core.merge-slashes' },
    acceptPathInfo: { id: 'core.accept-path-info' },
    traceEnable: { id: 'core.trace-enable' },
    httpProtocolOptions: { id: 'core.http-protocol-options' },
});
function applyErrorDocument(line, scope) {
    const code = getWord(line, 0);
    const document = getWord(line, 1);
    const status = /^\d{3}$/.test(code.text) ? Number(code.text) : Number.NaN;
    if (!(status >= 300) || STATUS_CODES[status] === undefined) {
        throw new DirectiveError(`unsupported HTTP response code '${code.text}'`, code);
    }
    const response = classifyErrorResponse(document.text);
    if (status === 401 && response.kind === 'url') {
        // A redirect would take the challenge away from the client; httpd leaves the line out too.
        line.report('warning', 'ErrorDocument 401 cannot be a full URL, the line is ignored', document.position);
        return;
    }
    if (/%\{/.test(document.text)) {
        line.report('warning', 'expressions are not evaluated: ErrorDocument is sent as it is written', document.position);
    }
    scope.update(requestSettings.errorDocuments, (previous) => new Map([...(previous ?? []), [status, response]]), line.position);
}
const protocolWords = [
    ['strictness', ['Strict', 'Unsafe']],
    ['methods', ['RegisteredMethods', 'LenientMethods']],
    ['oldest', ['Allow0.9', 'Require1.0']],
];
function applyHttpProtocolOptions(line, scope) {
    const all = protocolWords.flatMap(([, words]) => words);
    let options = scope.find(requestSettings.httpProtocolOptions) ?? {
        strictness: undefined,
        methods: undefined,
        oldest: undefined,
    };
    for (const word of line.args) {
        const choice = parseChoice(word, 'HttpProtocolOptions', all);
        for (const [key, words] of protocolWords) {
            if (!words.includes(choice))
                continue;
            if (options[key] !== undefined && options[key] !== choice) {
                throw new DirectiveError(`HttpProtocolOptions ${words.join(' and ')} exclude each other`, word);
            }
            options = { ...options, [key]: choice };
        }
        if (choice === 'Unsafe') {
            line.report('warning', 'HttpProtocolOptions Unsafe has no effect: requests are always read strictly', word.position);
        }
        else if (choice === 'Allow0.9') {
            line.report('warning', 'HttpProtocolOptions Allow0.9 has no effect: HTTP/0.9 is not spoken', word.position);
        }
    }
    const outcome = options;
    scope.update(requestSettings.httpProtocolOptions, () => outcome, line.position);
}
export const coreRequestDirectives = [
    {
        name: 'ErrorDocument',
        module: 'core',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'error-code text|path|URL|default',
        args: { min: 2, max: 2 },
        summary: 'What a client gets instead of the page that the server itself makes for a status: a text, the answer of another path of this server, or a redirect to a full URL. The word default brings back the own page.',
        difference: 'Expressions in the text are not evaluated.',
        apply: applyErrorDocument,
    },
    valueDirective(requestSettings.allowEncodedSlashes, {
        name: 'AllowEncodedSlashes',
        module: 'core',
        contexts: serverContexts,
        syntax: 'On|Off|NoDecode',
        default: 'Off',
        summary: 'What becomes of %2F in a path: refused with 404 (Off), made a slash (On), or left as it is (NoDecode).',
    }, (word) => parseChoice(word, 'AllowEncodedSlashes', encodedSlashesChoices)),
    flagDirective(requestSettings.mergeSlashes, {
        name: 'MergeSlashes',
        module: 'core',
        contexts: serverContexts,
        default: 'On',
        summary: 'Whether a run of slashes in a path counts as one before sections are compared with it.',
    }),
    valueDirective(requestSettings.acceptPathInfo, {
        name: 'AcceptPathInfo',
        module: 'core',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'On|Off|Default',
        default: 'Default',
        summary: 'Whether a path may go on behind the file that it names. Default leaves it to the handler: WSGI scripts take such a path, plain files answer it with 404.',
    }, (word) => parseChoice(word, 'AcceptPathInfo', acceptPathInfoChoices)),
    valueDirective(requestSettings.traceEnable, {
        name: 'TraceEnable',
        module: 'core',
        contexts: serverContexts,
        syntax: 'On|Off|extended',
        default: 'On',
        summary: 'Whether the TRACE method answers with the request as it arrived.',
        difference: 'A TRACE request with a body is always refused: extended is reported and taken as On.',
    }, (word, line) => {
        const choice = parseChoice(word, 'TraceEnable', ['On', 'Off', 'extended']);
        if (choice === 'extended')
            line.report('warning', 'TraceEnable extended is taken as On', word.position);
        return choice !== 'Off';
    }),
    {
        name: 'HttpProtocolOptions',
        module: 'core',
        contexts: serverContexts,
        syntax: '[Strict|Unsafe] [RegisteredMethods|LenientMethods] [Allow0.9|Require1.0]',
        args: { min: 1, max: Number.POSITIVE_INFINITY },
        default: 'Strict LenientMethods Require1.0',
        summary: 'How exactly requests must keep to the grammar of HTTP, and which methods and versions are taken.',
        difference: 'Requests are always read strictly and HTTP/0.9 is never spoken: Unsafe and Allow0.9 are reported.',
        apply: applyHttpProtocolOptions,
    },
];
//# sourceMappingURL=core-request-directives.js.map