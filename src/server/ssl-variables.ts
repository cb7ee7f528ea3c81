/**
 * The SSL_* variables of mod_ssl, for applications (SSLOptions), logs (%{SSL_PROTOCOL}x) and rules. Made from what Node
 * tells of a connection and of both certificates; once for each connection, and of the server's certificate once.
 */

import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { packageVersion } from './server-version.js';

export type SslVariables = ReadonlyMap<string, string>;

/** What a connection is, and what became of the client's certificate. Taken when the handshake is done: later it may be gone. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  readonly isResumed: boolean;
  readonly serverCertificate: X509Certificate | undefined;
  readonly clientCertificate: X509Certificate | undefined;
  /** The authorities above it, the root last. */
  readonly clientChain: readonly X509Certificate[];
  /** As SSL_CLIENT_VERIFY has it: NONE, SUCCESS or FAILED:reason. */
  readonly verification: string;
}

/** SSL_PROTOCOL and all else that StdEnvVars gives. */
export function makeStandardVariables(facts: TlsFacts): SslVariables {
  const { cipher, clientCertificate, serverCertificate } = facts;
  const variables = new Map<string, string>();
  const bits = String(cipherBits(cipher));
  variables.set('SSL_VERSION_INTERFACE', `Stillhouse/${packageVersion}`);
  variables.set('SSL_VERSION_LIBRARY', `OpenSSL/${process.versions.openssl ?? ''}`);
  variables.set('SSL_PROTOCOL', facts.protocol);
  variables.set('SSL_SECURE_RENEG', 'true');
  variables.set('SSL_COMPRESS_METHOD', 'NULL');
  variables.set('SSL_CIPHER', cipher);
  variables.set('SSL_CIPHER_EXPORT', 'false');
  variables.set('SSL_CIPHER_USEKEYSIZE', bits);
  variables.set('SSL_CIPHER_ALGKEYSIZE', bits);
  variables.set('SSL_CLIENT_VERIFY', facts.verification);
  if (clientCertificate !== undefined) {
    for (const [name, value] of describeCertificate(clientCertificate)) variables.set(`SSL_CLIENT_${name}`, value);
    const leftMs = Date.parse(clientCertificate.validTo) - Date.now();
    variables.set('SSL_CLIENT_V_REMAIN', String(Math.max(0, Math.floor(leftMs / 86_400_000))));
    // RFC 4523's exact assertion of it.
    const serial = BigInt(`0x${clientCertificate.serialNumber}`);
    const issuer = formatName(clientCertificate.issuer);
    variables.set('SSL_CLIENT_CERT_RFC4523_CEA', `{ serialNumber ${serial}, issuer rdnSequence:"${issuer}" }`);
  }
  if (serverCertificate !== undefined) {
    for (const [name, value] of describeServerCertificate(serverCertificate))
      variables.set(`SSL_SERVER_${name}`, value);
  }
  variables.set('SSL_SESSION_RESUMED', facts.isResumed ? 'Resumed' : 'Initial');
  return variables;
}

/** What ExportCertData adds. */
export function makeCertificateVariables({
  clientCertificate,
  clientChain,
  serverCertificate,
}: TlsFacts): SslVariables {
  const variables = new Map<string, string>();
  if (serverCertificate !== undefined) variables.set('SSL_SERVER_CERT', serverCertificate.toString());
  if (clientCertificate === undefined) return variables;
  variables.set('SSL_CLIENT_CERT', clientCertificate.toString());
  for (const [index, issuer] of clientChain.entries()) {
    variables.set(`SSL_CLIENT_CERT_CHAIN_${index}`, issuer.toString());
  }
  return variables;
}

/** The authorities above a client's certificate, the root included, also those that the server has and the client did not send. */
export function clientChainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let at = socket.getPeerCertificate(true);
  while (chain.length < chainLimit && at.issuerCertificate !== undefined) {
    if (at.issuerCertificate.fingerprint256 === at.fingerprint256) break;
    at = at.issuerCertificate;
    chain.push(new X509Certificate(at.raw));
  }
  return chain;
}

const chainLimit = 100;

function cipherBits(name: string): number {
  if (/3DES|DES-CBC3/.test(name)) return 168;
  if (/AES_?256|CHACHA20|CAMELLIA_?256|ARIA_?256/.test(name)) return 256;
  if (/AES_?128|CAMELLIA_?128|ARIA_?128|RC4|SEED/.test(name)) return 128;
  return 0;
}

/** There are few of them, and each connection asks. */
const serverCertificates = new WeakMap<X509Certificate, SslVariables>();

function describeServerCertificate(certificate: X509Certificate): SslVariables {
  let variables = serverCertificates.get(certificate);
  if (variables === undefined) {
    variables = describeCertificate(certificate);
    serverCertificates.set(certificate, variables);
  }
  return variables;
}

/** By the names behind SSL_SERVER_ and SSL_CLIENT_. */
function describeCertificate(certificate: X509Certificate): SslVariables {
  const variables = new Map<string, string>();
  const { version, signature } = readOuterFields(certificate.raw);
  variables.set('M_VERSION', String(version));
  variables.set('M_SERIAL', certificate.serialNumber);
  variables.set('V_START', certificate.validFrom);
  variables.set('V_END', certificate.validTo);
  variables.set('S_DN', formatName(certificate.subject));
  variables.set('I_DN', formatName(certificate.issuer));
  variables.set('A_KEY', keyNames[certificate.publicKey.asymmetricKeyType ?? ''] ?? 'UNKNOWN');
  variables.set('A_SIG', signatureNames[signature] ?? signature);
  addNameParts(variables, 'S_DN_', certificate.subject);
  addNameParts(variables, 'I_DN_', certificate.issuer);
  addAlternativeNames(variables, certificate.subjectAltName);
  return variables;
}

const keyNames: Readonly<Record<string, string>> = {
  rsa: 'rsaEncryption',
  'rsa-pss': 'rsassaPss',
  ec: 'id-ecPublicKey',
  ed25519: 'ED25519',
  ed448: 'ED448',
  dsa: 'dsaEncryption',
};

const signatureNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
};

/** The parts of a distinguished name as Node gives it, a line for each, in the order of the certificate. */
function partsOf(name: string): readonly (readonly [type: string, value: string])[] {
  return name.split('\n').flatMap((line) => {
    const equals = line.indexOf('=');
    return equals < 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1)] as const];
  });
}

/** RFC 2253: the last part first. */
function formatName(name: string): string {
  return partsOf(name)
    .map(([type, value]) => `${type}=${value}`)
    .reverse()
    .join(',');
}

/** Apache's names of the parts that get a variable of their own. */
const partNames: Readonly<Record<string, string>> = {
  C: 'C',
  ST: 'ST',
  L: 'L',
  O: 'O',
  OU: 'OU',
  CN: 'CN',
  title: 'T',
  initials: 'I',
  GN: 'G',
  SN: 'S',
  description: 'D',
  UID: 'UID',
  emailAddress: 'Email',
};

function addNameParts(variables: Map<string, string>, prefix: string, name: string): void {
  const counts = new Map<string, number>();
  for (const [type, value] of partsOf(name)) {
    const short = partNames[type];
    if (short === undefined) continue;
    const count = counts.get(short) ?? 0;
    counts.set(short, count + 1);
    // RFC 2253's backslashes are for the whole name only.
    const text = value.replace(/\\([0-9A-F]{2}|.)/g, (_, escaped: string) =>
      escaped.length === 2 ? String.fromCharCode(Number.parseInt(escaped, 16)) : escaped,
    );
    variables.set(count === 0 ? `${prefix}${short}` : `${prefix}${short}_${count}`, text);
  }
}

function addAlternativeNames(variables: Map<string, string>, names: string | undefined): void {
  const counts = { DNS: 0, Email: 0 };
  for (const entry of names?.split(', ') ?? []) {
    const [, kind, value = ''] = /^(DNS|email):(.*)$/.exec(entry) ?? [];
    if (kind === undefined) continue;
    const name = kind === 'DNS' ? 'DNS' : 'Email';
    variables.set(`SAN_${name}_${counts[name]++}`, value);
  }
}

/** The two fields of a certificate that Node does not tell (RFC 5280 section 4.1). */
function readOuterFields(raw: Buffer): { readonly version: number; readonly signature: string } {
  const outer = readElement(raw, 0);
  const inner = readElement(raw, outer.start);
  let field = readElement(raw, inner.start);
  let version = 1;
  if (field.tag === 0xa0) {
    version = (raw[readElement(raw, field.start).start] ?? 0) + 1;
    field = readElement(raw, field.end); // the serial number
  }
  const algorithm = readElement(raw, readElement(raw, field.end).start);
  return { version, signature: readObjectId(raw.subarray(algorithm.start, algorithm.end)) };
}

/** One DER element. OpenSSL has parsed the certificate, so it is well-formed. */
function readElement(
  bytes: Buffer,
  at: number,
): { readonly tag: number; readonly start: number; readonly end: number } {
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return { tag: bytes[at] ?? 0, start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  const start = at + 2 + count;
  return { tag: bytes[at] ?? 0, start, end: start + bytes.readUIntBE(at + 2, count) };
}

function readObjectId(bytes: Buffer): string {
  const numbers = [Math.floor((bytes[0] ?? 0) / 40), (bytes[0] ?? 0) % 40];
  let value = 0;
  for (const byte of bytes.subarray(1)) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}
