/** How paths of requests are read and what answers to errors look like. Directives of httpd's core. */

import { STATUS_CODES } from 'node:http';
import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  flagDirective,
  parseInteger,
  valueDirective,
} from '../conf/directive.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import { classifyErrorResponse, type ErrorResponse } from '../http/error-response.js';
import { allContexts, getWord, parseChoice, serverContexts } from './directive-arguments.js';

export const encodedSlashesChoices = ['On', 'Off', 'NoDecode'] as const;
export type EncodedSlashes = (typeof encodedSlashesChoices)[number];
export const acceptPathInfoChoices = ['On', 'Off', 'Default'] as const;
export type AcceptPathInfo = (typeof acceptPathInfoChoices)[number];

export const traceEnableChoices = ['On', 'Off', 'extended'] as const;
export type TraceEnable = (typeof traceEnableChoices)[number];

/** The words of HttpProtocolOptions that say something; undefined where no line does. */
export interface HttpProtocolOptions {
  readonly strictness: 'Strict' | 'Unsafe' | undefined;
  readonly methods: 'RegisteredMethods' | 'LenientMethods' | undefined;
  readonly oldest: 'Allow0.9' | 'Require1.0' | undefined;
}

export const requestSettings = Object.freeze({
  /** By status code. */
  errorDocuments: {
    id: 'core.error-document',
    merge: (outer, inner) => new Map([...outer, ...inner]),
  } as Setting<ReadonlyMap<number, ErrorResponse>>,
  /** Of the main server and of virtual hosts apart: these do not inherit it. */
  allowEncodedSlashes: { id: 'core.allow-encoded-slashes' } as Setting<EncodedSlashes>,
  hostEncodedSlashes: { id: 'core.allow-encoded-slashes-of-host' } as Setting<EncodedSlashes>,
  mergeSlashes: { id: 'core.merge-slashes' } as Setting<boolean>,
  acceptPathInfo: { id: 'core.accept-path-info' } as Setting<AcceptPathInfo>,
  traceEnable: { id: 'core.trace-enable' } as Setting<TraceEnable>,
  /** How often a request may start over inside the server. */
  internalRedirectsLimit: { id: 'core.limit-internal-recursion' } as Setting<number>,
  httpProtocolOptions: { id: 'core.http-protocol-options' } as Setting<HttpProtocolOptions>,
});

function applyErrorDocument(line: DirectiveLine, scope: SettingsBuilder): void {
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
  scope.update(
    requestSettings.errorDocuments,
    (previous) => new Map([...(previous ?? []), [status, response]]),
    line.position,
  );
}

const protocolWords: readonly [keyof HttpProtocolOptions, readonly string[]][] = [
  ['strictness', ['Strict', 'Unsafe']],
  ['methods', ['RegisteredMethods', 'LenientMethods']],
  ['oldest', ['Allow0.9', 'Require1.0']],
];

function applyHttpProtocolOptions(line: DirectiveLine, scope: SettingsBuilder): void {
  const all = protocolWords.flatMap(([, words]) => words);
  let options = scope.find(requestSettings.httpProtocolOptions) ?? {
    strictness: undefined,
    methods: undefined,
    oldest: undefined,
  };
  for (const word of line.args) {
    const choice = parseChoice(word, 'HttpProtocolOptions', all);
    for (const [key, words] of protocolWords) {
      if (!words.includes(choice)) continue;
      if (options[key] !== undefined && options[key] !== choice) {
        throw new DirectiveError(`HttpProtocolOptions ${words.join(' and ')} exclude each other`, word);
      }
      options = { ...options, [key]: choice };
    }
    if (choice === 'Unsafe') {
      line.report(
        'warning',
        'HttpProtocolOptions Unsafe has no effect: requests are always read strictly',
        word.position,
      );
    } else if (choice === 'Allow0.9') {
      line.report('warning', 'HttpProtocolOptions Allow0.9 has no effect: HTTP/0.9 is not spoken', word.position);
    }
  }
  const outcome = options;
  scope.update(requestSettings.httpProtocolOptions, () => outcome, line.position);
}

export const coreRequestDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'ErrorDocument',
    module: 'core',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'error-code text|path|URL|default',
    args: { min: 2, max: 2 },
    summary:
      'What a client gets instead of the page that the server itself makes for a status: a text, the answer of another path of this server, or a redirect to a full URL. The word default brings back the own page.',
    difference: 'Expressions in the text are not evaluated.',
    apply: applyErrorDocument,
  },
  {
    name: 'AllowEncodedSlashes',
    module: 'core',
    contexts: serverContexts,
    syntax: 'On|Off|NoDecode',
    args: { min: 1, max: 1 },
    default: 'Off',
    summary:
      'What becomes of %2F in a path: refused with 404 (Off), made a slash (On), or left as it is (NoDecode). Virtual hosts do not inherit it from the main server.',
    apply(line, scope) {
      const choice = parseChoice(getWord(line, 0), 'AllowEncodedSlashes', encodedSlashesChoices);
      const { allowEncodedSlashes, hostEncodedSlashes } = requestSettings;
      scope.set(line.context === 'virtual host' ? hostEncodedSlashes : allowEncodedSlashes, choice, line.position);
    },
  },
  flagDirective(requestSettings.mergeSlashes, {
    name: 'MergeSlashes',
    module: 'core',
    contexts: serverContexts,
    default: 'On',
    summary: 'Whether a run of slashes in a path counts as one before sections are compared with it.',
  }),
  valueDirective(
    requestSettings.acceptPathInfo,
    {
      name: 'AcceptPathInfo',
      module: 'core',
      contexts: allContexts,
      override: 'FileInfo',
      syntax: 'On|Off|Default',
      default: 'Default',
      summary:
        'Whether a path may go on behind the file that it names. Default leaves it to the handler: WSGI scripts take such a path, plain files answer it with 404.',
    },
    (word) => parseChoice(word, 'AcceptPathInfo', acceptPathInfoChoices),
  ),
  valueDirective(
    requestSettings.traceEnable,
    {
      name: 'TraceEnable',
      module: 'core',
      contexts: serverContexts,
      syntax: 'On|Off|extended',
      default: 'On',
      summary:
        'Whether the TRACE method answers with the request as it arrived; extended takes a body of up to 64 KiB with it.',
    },
    (word) => parseChoice(word, 'TraceEnable', traceEnableChoices),
  ),
  {
    name: 'LimitInternalRecursion',
    module: 'core',
    contexts: serverContexts,
    syntax: 'redirects [subrequests]',
    args: { min: 1, max: 2 },
    default: '10',
    summary:
      'How often a request may start over inside the server, by RewriteRule, ErrorDocument or an application that sends it on, before that is taken for a loop and answered with 500.',
    difference:
      'There are no subrequests: the second number has no effect. 0 is no limit in Apache, and an error here.',
    apply(line, scope) {
      const [limit] = line.args.map((word) => parseInteger(word, 'LimitInternalRecursion', 1));
      if (limit !== undefined) scope.set(requestSettings.internalRedirectsLimit, limit, line.position);
    },
  },
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
