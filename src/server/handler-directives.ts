/** Which handler answers for a file: SetHandler (core), AddHandler and RemoveHandler (mod_mime). */

import { type DirectiveDefinition, DirectiveError, type DirectiveLine, valueDirective } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import { allContexts, getWord } from './directive-arguments.js';

/** Extension without its dot, lower case, to handler; undefined where RemoveHandler has taken it away. */
export type HandlerMap = ReadonlyMap<string, string | undefined>;

export const handlerSettings = Object.freeze({
  /** Undefined: SetHandler None, which leaves it to AddHandler. */
  handler: { id: 'core.set-handler' } as Setting<string | undefined>,
  extensionHandlers: {
    id: 'mod_mime.add-handler',
    merge: (outer, inner) => new Map([...outer, ...inner]),
  } as Setting<HandlerMap>,
});

function extensionOf(text: string): string {
  return text.toLowerCase().replace(/^\./, '');
}

/** Handlers of Apache's modules that nothing here stands for, and what to say of them. A file is never shown instead. */
const absentHandlers: readonly (readonly [RegExp, string])[] = [
  [/^server-status$/, "there is no status page; 'stillhouse ps' shows what each process is at"],
  [/^server-info$/, "there is no such page; see 'stillhouse info' and 'stillhouse explain'"],
  [/^type-map$/, 'there is no content negotiation; link to each file by its whole name'],
  [
    /^(?:cgi-script|fcgid-script|application\/x-httpd-(?!wsgi).*|php\S*-script|server-parsed)$/,
    'no such programs are run',
  ],
  [
    /^(?:send-as-is|imap-file|ldap-status|balancer-manager|lua-script|isapi-handler|proxy:.*)$/,
    'there is no such handler',
  ],
];

function warnAboutHandler(line: DirectiveLine, word: Word): void {
  const name = word.text.toLowerCase();
  const reason = absentHandlers.find(([names]) => names.test(name))?.[1];
  if (reason === undefined) return;
  const message = `${line.name} ${word.text}: requests are answered with 500, as ${reason}`;
  line.report('warning', message, word.position);
}

export const handlerDirectives: readonly DirectiveDefinition[] = [
  valueDirective(
    handlerSettings.handler,
    {
      name: 'SetHandler',
      module: 'core',
      contexts: allContexts,
      override: 'FileInfo',
      syntax: 'handler-name|None',
      summary:
        'Which handler answers for every file of the scope, whatever its extension: wsgi-script runs the file as a WSGI script. None undoes the SetHandler of an outer scope.',
      difference:
        "Expressions are not evaluated. Apache's other handlers (server-status, cgi-script, type-map ...) are reported, and requests for them answered with 500.",
    },
    (word, line) => {
      if (/%\{|^expr=/.test(word.text))
        throw new DirectiveError('expressions in SetHandler are not supported yet', word);
      if (word.text === '') throw new DirectiveError('SetHandler needs the name of a handler or None', word);
      warnAboutHandler(line, word);
      return word.text.toLowerCase() === 'none' ? undefined : word.text;
    },
  ),
  {
    name: 'AddHandler',
    module: 'mod_mime',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'handler-name extension [extension] ...',
    args: { min: 2, max: Number.POSITIVE_INFINITY },
    summary:
      'Which handler answers for files with one of the extensions, with or without a dot. A file name may have several extensions, and each counts.',
    apply(line, scope) {
      const handler = getWord(line, 0).text.toLowerCase();
      warnAboutHandler(line, getWord(line, 0));
      const extensions = line.args.slice(1).map((word) => extensionOf(word.text));
      scope.update(
        handlerSettings.extensionHandlers,
        (previous) => {
          const map = new Map(previous);
          // Within one scope RemoveHandler wins wherever it stands, as mod_mime carries it out last.
          for (const extension of extensions) if (!isRemoved(map, extension)) map.set(extension, handler);
          return map;
        },
        line.position,
      );
    },
  },
  {
    name: 'RemoveHandler',
    module: 'mod_mime',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'extension [extension] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary: 'Takes from the extensions the handlers that outer scopes have given them.',
    apply(line, scope) {
      scope.update(
        handlerSettings.extensionHandlers,
        (previous) =>
          new Map([...(previous ?? []), ...line.args.map((word) => [extensionOf(word.text), undefined] as const)]),
        line.position,
      );
    },
  },
];

function isRemoved(map: HandlerMap, extension: string): boolean {
  return map.has(extension) && map.get(extension) === undefined;
}
