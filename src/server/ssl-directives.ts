/** mod_ssl's directives: which servers speak TLS, with which certificates, and what of it applications see. */

import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  flagDirective,
  parseInteger,
  valueDirective,
} from '../conf/directive.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import type { Position, Word } from '../conf/source.js';
import {
  absoluteSet,
  elementsOf,
  mergeRelativeSets,
  type RelativeSet,
  unchanged,
  withAdded,
  withRemoved,
} from '../http/relative-set.js';
import {
  allContexts,
  getWord,
  globalContext,
  parseChoice,
  parsePath,
  serverContexts,
  suggestion,
} from './directive-arguments.js';

/** A file that a line names. */
export interface NamedFile {
  readonly path: string;
  readonly position: Position;
}

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];
export const verifyChoices = ['none', 'optional', 'require', 'optional_no_ca'] as const;
export type ClientVerification = (typeof verifyChoices)[number];
export const sslOptionWords = [
  'StdEnvVars',
  'ExportCertData',
  'StrictRequire',
  'OptRenegotiate',
  'LegacyDNStringFormat',
] as const;
export type SslOption = (typeof sslOptionWords)[number];

export const sslSettings = Object.freeze({
  engine: { id: 'mod_ssl.engine' } as Setting<boolean>,
  certificates: { id: 'mod_ssl.certificates' } as Setting<readonly NamedFile[]>,
  keys: { id: 'mod_ssl.keys' } as Setting<readonly NamedFile[]>,
  chain: { id: 'mod_ssl.chain' } as Setting<NamedFile>,
  /** Certificates of those who may sign a client's; a file or a folder of files. */
  clientAuthorities: { id: 'mod_ssl.client-authorities' } as Setting<NamedFile>,
  clientAuthorityFolder: { id: 'mod_ssl.client-authority-folder' } as Setting<NamedFile>,
  revocations: { id: 'mod_ssl.revocations' } as Setting<NamedFile>,
  checksRevocation: { id: 'mod_ssl.checks-revocation' } as Setting<boolean>,
  versions: { id: 'mod_ssl.versions' } as Setting<ReadonlySet<TlsVersion>>,
  /** For TLS 1.2 and before. */
  ciphers: { id: 'mod_ssl.ciphers' } as Setting<string>,
  /** For TLS 1.3. */
  cipherSuites: { id: 'mod_ssl.cipher-suites' } as Setting<string>,
  honorCipherOrder: { id: 'mod_ssl.honor-cipher-order' } as Setting<boolean>,
  groups: { id: 'mod_ssl.groups' } as Setting<string>,
  sessionTickets: { id: 'mod_ssl.session-tickets' } as Setting<boolean>,
  sessionTimeoutSeconds: { id: 'mod_ssl.session-timeout' } as Setting<number>,
  verifyClient: { id: 'mod_ssl.verify-client' } as Setting<ClientVerification>,
  verifyDepth: { id: 'mod_ssl.verify-depth' } as Setting<number>,
  strictSni: { id: 'mod_ssl.strict-sni' } as Setting<boolean>,
  options: { id: 'mod_ssl.options', merge: mergeRelativeSets } as Setting<RelativeSet<SslOption>>,
  requiresTls: { id: 'mod_ssl.requires-tls' } as Setting<boolean>,
});

export function effectiveSslOptions(set: RelativeSet<SslOption> | undefined): ReadonlySet<SslOption> {
  return elementsOf(set, new Set());
}

function parseFile(word: Word, line: DirectiveLine): NamedFile {
  if (/^pkcs11:/i.test(word.text)) {
    throw new DirectiveError(`${line.name}: keys in hardware are not supported, name a PEM file`, word);
  }
  return { path: parsePath(word, line, line.name), position: line.position };
}

function fileDirective(
  setting: Setting<NamedFile>,
  name: string,
  summary: string,
  more: Partial<DirectiveDefinition> = {},
): DirectiveDefinition {
  return {
    ...valueDirective(
      setting,
      { name, module: 'mod_ssl', contexts: serverContexts, syntax: 'file-path', summary },
      parseFile,
    ),
    ...more,
  };
}

function fileListDirective(setting: Setting<readonly NamedFile[]>, name: string, summary: string): DirectiveDefinition {
  return {
    name,
    module: 'mod_ssl',
    contexts: serverContexts,
    syntax: 'file-path',
    args: { min: 1, max: 1 },
    summary,
    difference: 'Lines of a virtual host take the place of all those of the main server.',
    apply(line, scope) {
      const file = parseFile(getWord(line, 0), line);
      scope.update(setting, (previous) => [...(previous ?? []), file], line.position);
    },
  };
}

function applyProtocol(line: DirectiveLine, scope: SettingsBuilder): void {
  let versions = new Set<TlsVersion>();
  for (const word of line.args) {
    const sign = /^[+-]/.exec(word.text)?.[0];
    const name = word.text.slice(sign === undefined ? 0 : 1).toLowerCase();
    const named: readonly TlsVersion[] =
      name === 'all' ? tlsVersions : tlsVersions.filter((version) => version.toLowerCase() === name);
    if (named.length === 0 && !/^sslv[23]$/.test(name)) {
      throw new DirectiveError(
        `SSLProtocol: illegal protocol '${name}'${suggestion(name, ['all', ...tlsVersions])}`,
        word,
      );
    }
    if (named.length === 0 && sign !== '-') {
      throw new DirectiveError(`SSLProtocol: ${word.text} is not spoken by any library of today; remove it`, word);
    }
    if (sign === undefined) versions = new Set(named);
    else for (const version of named) sign === '+' ? versions.add(version) : versions.delete(version);
  }
  if (versions.size === 0) throw new DirectiveError('SSLProtocol leaves no protocol', getWord(line, 0));
  const old = [...versions].filter((version) => version === 'TLSv1' || version === 'TLSv1.1');
  if (old.length > 0 && versions.size === old.length) {
    line.report(
      'warning',
      `${old.join(' and ')} are refused by today's clients and by OpenSSL unless SSLCipherSuite has @SECLEVEL=0`,
    );
  }
  scope.set(sslSettings.versions, versions, line.position);
}

function applyCipherSuite(line: DirectiveLine, scope: SettingsBuilder): void {
  const first = getWord(line, 0);
  const second = line.args[1];
  if (/^PROFILE=/i.test((second ?? first).text)) {
    const message = `${line.name} ${(second ?? first).text} has no effect: it is for the OpenSSL of Red Hat, those of Node.js hold`;
    line.report('warning', message, (second ?? first).position);
    return;
  }
  if (second === undefined) {
    scope.set(sslSettings.ciphers, first.text, line.position);
    return;
  }
  const protocol = parseChoice(first, 'the protocol of SSLCipherSuite', ['SSL', 'TLSv1.3']);
  scope.set(protocol === 'SSL' ? sslSettings.ciphers : sslSettings.cipherSuites, second.text, line.position);
}

function applyOptions(line: DirectiveLine, scope: SettingsBuilder): void {
  let set: RelativeSet<SslOption> = scope.find(sslSettings.options) ?? unchanged;
  for (const word of line.args) {
    const sign = /^[+-]/.exec(word.text)?.[0];
    const name = word.text.slice(sign === undefined ? 0 : 1).toLowerCase();
    if (name === 'fakebasicauth') {
      if (sign === '-') continue;
      throw new DirectiveError(
        'SSLOptions FakeBasicAuth is not supported: let the application read SSL_CLIENT_S_DN',
        word,
      );
    }
    const option = sslOptionWords.find((known) => known.toLowerCase() === name);
    if (option === undefined) {
      throw new DirectiveError(`SSLOptions: illegal option '${word.text}'${suggestion(name, sslOptionWords)}`, word);
    }
    // A word without a sign forgets those before it.
    if (sign === undefined) set = absoluteSet([option]);
    else set = sign === '-' ? withRemoved(set, [option]) : withAdded(set, [option]);
  }
  const outcome = set;
  scope.update(sslSettings.options, () => outcome, line.position);
}

function applyVerifyClient(line: DirectiveLine, scope: SettingsBuilder): void {
  const word = getWord(line, 0);
  refuseInSections(line);
  scope.set(sslSettings.verifyClient, parseChoice(word, 'SSLVerifyClient', verifyChoices), line.position);
}

/** Asking again in the midst of a connection needs renegotiation, which TLS 1.3 has not and Node does not offer. */
function refuseInSections(line: DirectiveLine): void {
  if (line.context !== 'directory' && line.context !== '.htaccess') return;
  throw new DirectiveError(
    `${line.name} counts for whole connections here: write it into the virtual host, with 'optional', and let the ` +
      'application look at SSL_CLIENT_VERIFY',
  );
}

function applyOpenSslCommand(line: DirectiveLine, scope: SettingsBuilder): void {
  const command = getWord(line, 0);
  const value = getWord(line, 1);
  if (!/^(?:curves|groups|ecdhparameters)$/i.test(command.text)) {
    throw new DirectiveError(`SSLOpenSSLConfCmd takes Curves or Groups here, not '${command.text}'`, command);
  }
  scope.set(sslSettings.groups, value.text, line.position);
}

/** Kept for the sake of configurations that have it: there is nothing to switch. */
function idleDirective(
  name: string,
  syntax: string,
  summary: string,
  difference: string,
  args = { min: 1, max: 1 },
  harmless: RegExp = /./,
): DirectiveDefinition {
  return {
    name,
    module: 'mod_ssl',
    contexts: serverContexts,
    syntax,
    args,
    summary,
    difference,
    apply(line) {
      const word = getWord(line, 0);
      if (!harmless.test(word.text))
        line.report('warning', `${name} ${word.text} has no effect: ${difference}`, word.position);
    },
  };
}

const servers: readonly DirectiveDefinition[] = [
  {
    ...flagDirective(sslSettings.engine, {
      name: 'SSLEngine',
      module: 'mod_ssl',
      contexts: serverContexts,
      default: 'Off',
      summary:
        'Whether TLS is spoken. Of several virtual hosts of an address and port the first one decides. The protocol of the Listen line alone switches nothing on.',
    }),
  },
  fileListDirective(
    sslSettings.certificates,
    'SSLCertificateFile',
    'The server certificate in PEM form, with those of intermediate authorities behind it. It is read at start and at each reload, as the user that started the server. Several lines give certificates of several kinds of keys.',
  ),
  fileListDirective(
    sslSettings.keys,
    'SSLCertificateKeyFile',
    'The private key of the certificate in PEM form, not encrypted. Without the line it is looked for in the file of the certificate. It need not be readable for the user that serves requests.',
  ),
  fileDirective(
    sslSettings.chain,
    'SSLCertificateChainFile',
    'Certificates of intermediate authorities, sent behind those of SSLCertificateFile.',
  ),
  {
    name: 'SSLProtocol',
    module: 'mod_ssl',
    contexts: serverContexts,
    syntax: '[+|-]protocol ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    default: 'all -SSLv3',
    summary:
      'Which versions are spoken: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3 or all. Of several virtual hosts of an address and port the first one decides.',
    difference: 'TLSv1 and TLSv1.1 also need @SECLEVEL=0 in SSLCipherSuite, as with every OpenSSL 3.',
    apply: applyProtocol,
  },
  {
    name: 'SSLCipherSuite',
    module: 'mod_ssl',
    contexts: serverContexts,
    syntax: '[SSL|TLSv1.3] cipher-spec',
    args: { min: 1, max: 2 },
    default: 'that of Node.js',
    summary: 'The ciphers in the form of OpenSSL, for TLS 1.2 and before, or those of TLS 1.3.',
    difference: 'Per virtual host only. The default is that of Node.js (`node -p tls.DEFAULT_CIPHERS`).',
    apply: applyCipherSuite,
  },
  flagDirective(sslSettings.honorCipherOrder, {
    name: 'SSLHonorCipherOrder',
    module: 'mod_ssl',
    contexts: serverContexts,
    default: 'Off',
    summary: "Whether the server's order of ciphers counts rather than the client's.",
  }),
  flagDirective(sslSettings.sessionTickets, {
    name: 'SSLSessionTickets',
    module: 'mod_ssl',
    contexts: serverContexts,
    default: 'On',
    summary: 'Whether clients may take up a session again by a ticket (RFC 5077).',
    difference: 'Tickets of one http child mean nothing to another: the client then makes a full handshake.',
  }),
  valueDirective(
    sslSettings.sessionTimeoutSeconds,
    {
      name: 'SSLSessionCacheTimeout',
      module: 'mod_ssl',
      contexts: serverContexts,
      syntax: 'seconds',
      default: '300',
      summary: 'How long a session can be taken up again.',
    },
    (word) => parseInteger(word, 'SSLSessionCacheTimeout', 0, 2_147_483),
  ),
  {
    name: 'SSLOpenSSLConfCmd',
    module: 'mod_ssl',
    contexts: serverContexts,
    syntax: 'Curves|Groups value',
    args: { min: 2, max: 2 },
    summary: 'Which groups are offered for the exchange of keys, for example X25519:P-256.',
    difference: 'Other commands of OpenSSL are errors.',
    apply: applyOpenSslCommand,
  },
  flagDirective(sslSettings.strictSni, {
    name: 'SSLStrictSNIVHostCheck',
    module: 'mod_ssl',
    contexts: serverContexts,
    default: 'Off',
    summary:
      'Whether clients that do not name a host in the handshake (SNI) are refused with 403 by name-based virtual hosts.',
  }),
];

const clients: readonly DirectiveDefinition[] = [
  {
    name: 'SSLVerifyClient',
    module: 'mod_ssl',
    contexts: allContexts,
    override: 'AuthConfig',
    syntax: 'none|optional|require|optional_no_ca',
    args: { min: 1, max: 1 },
    default: 'none',
    summary:
      'Whether clients may (optional) or must (require) show a certificate that an authority of SSLCACertificateFile has signed; with optional_no_ca it need not be a valid one.',
    difference: 'Per virtual host only: a connection is not negotiated anew for a folder.',
    apply: applyVerifyClient,
  },
  {
    name: 'SSLVerifyDepth',
    module: 'mod_ssl',
    contexts: allContexts,
    override: 'AuthConfig',
    syntax: 'number',
    args: { min: 1, max: 1 },
    default: '1',
    summary: "How many authorities may stand between a client's certificate and the root, the root included.",
    difference: 'Per virtual host only.',
    apply(line, scope) {
      refuseInSections(line);
      scope.set(sslSettings.verifyDepth, parseInteger(getWord(line, 0), 'SSLVerifyDepth', 0, 100), line.position);
    },
  },
  fileDirective(
    sslSettings.clientAuthorities,
    'SSLCACertificateFile',
    'The authorities that may sign certificates of clients, in PEM form.',
  ),
  fileDirective(
    sslSettings.clientAuthorityFolder,
    'SSLCACertificatePath',
    'A folder whose files hold certificates of such authorities.',
    { syntax: 'directory-path', difference: 'All files are read at start; their names need not be hashes.' },
  ),
  fileDirective(
    sslSettings.revocations,
    'SSLCARevocationFile',
    'Certificates of clients that authorities have withdrawn (CRLs), in PEM form.',
  ),
  {
    name: 'SSLCARevocationCheck',
    module: 'mod_ssl',
    contexts: serverContexts,
    syntax: 'chain|leaf|none',
    args: { min: 1, max: 2 },
    default: 'none',
    summary: 'Whether SSLCARevocationFile counts.',
    difference: 'leaf is taken as chain.',
    apply(line, scope) {
      const choice = parseChoice(getWord(line, 0), 'SSLCARevocationCheck', ['chain', 'leaf', 'none']);
      if (choice === 'leaf') line.report('warning', 'SSLCARevocationCheck leaf is taken as chain');
      scope.set(sslSettings.checksRevocation, choice !== 'none', line.position);
    },
  },
];

const requests: readonly DirectiveDefinition[] = [
  {
    name: 'SSLOptions',
    module: 'mod_ssl',
    contexts: allContexts,
    override: 'Options',
    syntax: '[+|-]option ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary:
      'StdEnvVars gives applications the variables SSL_PROTOCOL, SSL_CIPHER, SSL_SERVER_S_DN, SSL_CLIENT_VERIFY and their kin, ExportCertData the certificates themselves (SSL_SERVER_CERT, SSL_CLIENT_CERT). HTTPS and SSL_TLS_SNI are always there.',
    difference: 'FakeBasicAuth is an error. StrictRequire and OptRenegotiate are kept and have nothing to change.',
    apply: applyOptions,
  },
  {
    name: 'SSLRequireSSL',
    module: 'mod_ssl',
    contexts: ['directory', '.htaccess'],
    override: 'AuthConfig',
    syntax: '',
    args: { min: 0, max: 0 },
    summary: 'Refuses requests that did not come by TLS, with 403.',
    apply(line, scope) {
      scope.set(sslSettings.requiresTls, true, line.position);
    },
  },
];

/** Those that Debian and Red Hat write into everybody's configuration: they are asked only where a key is encrypted. */
const distributedDialogs: ReadonlySet<string> = new Set([
  'exec:/usr/share/apache2/ask-for-passphrase',
  'exec:/usr/libexec/httpd-ssl-pass-dialog',
]);

const proxySummary = 'TLS towards servers behind a proxy.';
const proxyNames =
  'SSLProxyEngine SSLProxyProtocol SSLProxyCipherSuite SSLProxyVerify SSLProxyVerifyDepth SSLProxyCheckPeerCN ' +
  'SSLProxyCheckPeerName SSLProxyCheckPeerExpire SSLProxyCACertificateFile SSLProxyCACertificatePath';
const staplingNames =
  'SSLStaplingCache SSLStaplingResponderTimeout SSLStaplingReturnResponderErrors SSLStaplingStandardCacheTimeout ' +
  'SSLStaplingErrorCacheTimeout SSLStaplingFakeTryLater SSLStaplingForceURL';

const idle: readonly DirectiveDefinition[] = [
  idleDirective(
    'SSLSessionCache',
    'type',
    'Where sessions are kept for clients that come again.',
    'Accepted without effect: clients take sessions up by tickets (SSLSessionTickets).',
  ),
  {
    name: 'SSLPassPhraseDialog',
    module: 'mod_ssl',
    contexts: globalContext,
    syntax: 'builtin',
    args: { min: 1, max: 1 },
    default: 'builtin',
    summary: 'How the pass phrase of an encrypted key is asked for.',
    difference: 'Keys must not be encrypted: nobody is asked, and exec: is an error.',
    apply(line) {
      const word = getWord(line, 0);
      if (word.text.toLowerCase() === 'builtin' || distributedDialogs.has(word.text)) return;
      throw new DirectiveError(
        'SSLPassPhraseDialog: encrypted keys are not supported; decrypt the key (openssl pkey -in KEY -out KEY.plain), ' +
          'make it readable for root alone, and remove this line',
        word,
      );
    },
  },
  idleDirective(
    'SSLRandomSeed',
    'context source [bytes]',
    'What the generator of random numbers is seeded with.',
    'Accepted without effect: the system seeds it.',
    { min: 2, max: 3 },
  ),
  idleDirective(
    'SSLCompression',
    'On|Off',
    'Compression below HTTP.',
    'TLS is never compressed (CRIME).',
    undefined,
    /^off$/i,
  ),
  idleDirective(
    'SSLInsecureRenegotiation',
    'On|Off',
    'Renegotiation as it was before RFC 5746.',
    'it is never allowed',
    undefined,
    /^off$/i,
  ),
  idleDirective(
    'SSLFIPS',
    'On|Off',
    "OpenSSL's FIPS mode.",
    'start Node.js with --enable-fips instead',
    undefined,
    /^off$/i,
  ),
  idleDirective(
    'SSLCryptoDevice',
    'engine',
    'Hardware for cryptography.',
    'there is only builtin',
    undefined,
    /^builtin$/i,
  ),
  idleDirective('SSLUseStapling', 'On|Off', 'OCSP stapling.', 'answers of OCSP are not stapled', undefined, /^off$/i),
  ...staplingNames
    .split(' ')
    .map((name) =>
      idleDirective(
        name,
        'value',
        'How answers of OCSP are asked for and kept.',
        'Accepted without effect: answers of OCSP are not stapled.',
      ),
    ),
  ...proxyNames
    .split(' ')
    .map((name) =>
      idleDirective(name, 'value', proxySummary, 'Accepted without effect: there is no proxy.', { min: 1, max: 2 }),
    ),
];

export const sslDirectives: readonly DirectiveDefinition[] = [...servers, ...clients, ...requests, ...idle];
