/**
 * Directives that Apache's own and the distributions' configurations hold and that change nothing here: the core's for
 * which there is nothing to tune, and lines of modules that are not there and do nothing by themselves. What such a
 * module does is switched on by another directive (DAV, CacheEnable, ProxyPass ...), which is an error.
 */

import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import { allContexts, globalContext, parseChoice, serverContexts } from './directive-arguments.js';

const any = Number.POSITIVE_INFINITY;

interface Harmless {
  readonly names: string;
  readonly module: string;
  readonly contexts?: DirectiveDefinition['contexts'];
  readonly syntax?: string;
  readonly summary: string;
  /** Goes on after "has no effect". */
  readonly reason: string;
  /** Lines by the dozen, and those that a warning about LoadModule covers, are not told one by one. */
  readonly severity?: 'note';
}

const negotiation = 'there is no content negotiation';
const http = 'the server speaks HTTP/1.1 only';

const groups: readonly Harmless[] = [
  {
    names:
      'H2CopyFiles H2Direct H2EarlyHints H2MaxSessionStreams H2MaxWorkerIdleSeconds H2MaxWorkers H2MinWorkers ' +
      'H2ModernTLSOnly H2OutputBuffering H2Padding H2Push H2PushDiarySize H2PushPriority H2PushResource ' +
      'H2SerializeHeaders H2StreamMaxMemSize H2StreamTimeout H2TLSCoolDownSecs H2TLSWarmUpSize H2Upgrade H2WindowSize',
    module: 'mod_http2',
    summary: 'HTTP/2.',
    reason: http,
  },
  {
    names: 'CacheRoot CacheDirLevels CacheDirLength',
    module: 'mod_cache_disk',
    contexts: serverContexts,
    summary: 'Where mod_cache keeps responses.',
    reason: 'there is no cache',
  },
  {
    names: 'ScriptSock',
    module: 'mod_cgid',
    contexts: globalContext,
    summary: 'The socket of the process that runs CGI programs.',
    reason: 'CGI programs are not run',
  },
  {
    names: 'DAVLockDB',
    module: 'mod_dav_fs',
    contexts: serverContexts,
    summary: 'Where WebDAV keeps its locks.',
    reason: 'there is no WebDAV',
  },
  {
    names: 'MIMEMagicFile',
    module: 'mod_mime_magic',
    contexts: serverContexts,
    summary: 'How the type of a file is guessed by what stands in it.',
    reason: 'types are not guessed, files are typed by their names',
  },
  {
    names: 'ProxyFtpDirCharset ProxyStatus ProxyVia',
    module: 'mod_proxy',
    summary: 'Tuning of the proxy.',
    reason: 'there is no proxy',
  },
  {
    names: 'ProxyHTMLLinks ProxyHTMLEvents',
    module: 'mod_proxy_html',
    summary: 'Where links stand in HTML, for the filter that ProxyHTMLEnable switches on.',
    reason: 'there is no such filter',
    severity: 'note',
  },
  {
    names: 'LanguagePriority ForceLanguagePriority',
    module: 'mod_negotiation',
    syntax: 'word [word] ...',
    summary: 'Which language is sent where Options MultiViews or a type map leaves a choice.',
    reason: negotiation,
    severity: 'note',
  },
];

const tuning: readonly (readonly [string, DirectiveDefinition['contexts'], string])[] = [
  ['AcceptFilter', globalContext, 'How the kernel waits for data before it hands a connection over.'],
  ['EnableExceptionHook', globalContext, 'Whether modules are called when a process crashes.'],
  ['FlushMaxPipelined', serverContexts, 'How many responses are collected before they are sent.'],
  ['FlushMaxThreshold', serverContexts, 'How many bytes are collected before they are sent.'],
  ['LimitXMLRequestBody', allContexts, 'How large the body of a WebDAV request may be.'],
  ['MaxMemFree', globalContext, 'How much free memory an Apache process keeps for itself.'],
  ['ProtocolsHonorOrder', serverContexts, "Whether the order of Protocols counts rather than the client's."],
  ['ReadBufferSize', allContexts, 'How much of a file is read at once.'],
  ['ScoreBoardFile', globalContext, "The file of Apache's scoreboard."],
  ['SeeRequestTail', globalContext, 'Which end of a long request the status page shows.'],
];

const mpmTuning: readonly (readonly [string, string])[] = [
  ['AsyncRequestWorkerFactor', 'How many connections the event MPM takes for each idle thread.'],
  ['ListenCoresBucketsRatio', 'How many sockets Apache opens for each address.'],
  ['ListenTCPDeferAccept', 'How long the kernel waits for data before it hands a connection over.'],
  ['ReceiveBufferSize', 'The receive buffer of connections; the kernel chooses it.'],
  ['SendBufferSize', 'The send buffer of connections; the kernel chooses it.'],
];

function definition(
  name: string,
  module: string,
  contexts: DirectiveDefinition['contexts'],
  summary: string,
  reason: string,
  apply: DirectiveDefinition['apply'],
): DirectiveDefinition {
  const override = contexts === allContexts ? { override: 'FileInfo' as const } : {};
  const difference = `Accepted without effect: ${reason}.`;
  const args = { min: 1, max: any };
  return { name, module, contexts, ...override, syntax: 'value ...', args, summary, difference, apply };
}

const absent = groups.flatMap(({ names, module, contexts = allContexts, syntax, summary, reason, severity }) =>
  names.split(' ').map(
    (name): DirectiveDefinition => ({
      ...definition(name, module, contexts, summary, reason, (line) => {
        line.report(severity ?? 'warning', `${name} has no effect: ${reason}`);
      }),
      ...(syntax === undefined ? {} : { syntax }),
      isModuleAbsent: true,
    }),
  ),
);

const core = [
  ...tuning.map(([name, contexts, summary]) =>
    definition(name, 'core', contexts, summary, 'there is nothing to tune', () => {}),
  ),
  ...mpmTuning.map(([name, summary]) =>
    definition(name, 'mpm', globalContext, summary, 'there is nothing to tune', () => {}),
  ),
];

function applyProtocols(line: DirectiveLine): void {
  const others = line.args.filter(({ text }) => text.toLowerCase() !== 'http/1.1');
  const [first] = others;
  if (first === undefined) return;
  const names = others.map(({ text }) => text).join(' ');
  const isAlone = others.length === line.args.length;
  const rest = isAlone ? `, which clients get instead of ${names}` : '';
  line.report('warning', `Protocols ${names} has no effect: ${http}${rest}`, first.position);
}

function applyUserDir(line: DirectiveLine): void {
  const [first] = line.args;
  const word = first?.text.toLowerCase();
  if (word === 'disabled') return;
  if (word === 'enabled') {
    throw new DirectiveError(
      'UserDir: home folders are not served by name, remove the line or name each by an Alias',
      first,
    );
  }
  const folder = first?.text ?? '';
  const isPlain = /^[^*/:]+$/.test(folder);
  const target = isPlain ? `/home/$1/${folder}$2` : '/home/$1/public_html$2';
  throw new DirectiveError(
    `UserDir ${folder}: home folders are not looked up; write AliasMatch "^/~([a-z0-9_-]+)(/.*)?$" "${target}" instead`,
    first,
  );
}

export const harmlessDirectives: readonly DirectiveDefinition[] = [
  ...core,
  {
    name: 'Protocols',
    module: 'core',
    contexts: serverContexts,
    syntax: 'protocol ...',
    args: { min: 1, max: any },
    default: 'http/1.1',
    summary: 'Which protocols are spoken.',
    difference: 'HTTP/1.1 only: h2, h2c and others are reported.',
    apply: applyProtocols,
  },
  {
    name: 'NameVirtualHost',
    module: 'core',
    contexts: globalContext,
    syntax: 'addr[:port]',
    args: { min: 1, max: 1 },
    summary: 'Virtual hosts of one address told apart by their names, which they always are.',
    apply(line) {
      line.report('warning', 'NameVirtualHost has no effect, as in Apache 2.4: remove it');
    },
  },
  {
    name: 'UserDir',
    module: 'mod_userdir',
    isModuleAbsent: true,
    contexts: serverContexts,
    syntax: 'disabled [username] ...',
    args: { min: 1, max: any },
    summary: 'Whether /~name stands for a folder of that user.',
    difference: 'Home folders are not looked up: all that is not disabled is an error that says what to write.',
    apply: applyUserDir,
  },
  {
    name: 'CacheNegotiatedDocs',
    module: 'mod_negotiation',
    isModuleAbsent: true,
    contexts: serverContexts,
    syntax: 'On|Off',
    args: { min: 1, max: 1 },
    default: 'Off',
    summary: 'Whether caches may keep documents that were negotiated.',
    difference: 'Accepted without effect: there is no content negotiation.',
    apply(line) {
      for (const word of line.args) parseChoice(word, line.name, ['On', 'Off']);
    },
  },
  ...absent,
];
