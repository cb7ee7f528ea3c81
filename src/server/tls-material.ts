/**
 * Certificates and keys of the servers that speak TLS, read from their files by the parent: it may read what the user
 * that serves requests must not. Asked by `check` and by every start and reload; http children get the text in their boot
 * message, over a pipe that nobody else reads, and it is written nowhere.
 */

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ProcessError } from '../base/errors.js';
import type { Config, ServerScope } from '../conf/config.js';
import type { Settings } from '../conf/settings.js';
import type { Position, Problem, Severity } from '../conf/source.js';
import type { TlsMaterial } from './child-messages.js';
import { processSettings } from './core-process-directives.js';
import { serverSettings } from './core-server-directives.js';
import { type NamedFile, sslSettings } from './ssl-directives.js';
import { secureContextOptions } from './tls-context.js';

export interface LoadedTls {
  /** By the server's index; without those that have errors. */
  readonly materials: Readonly<Record<number, TlsMaterial>>;
  readonly problems: readonly TlsProblem[];
}

/** `hinders`: no error of the configuration, but this user can't start the server with it. */
export interface TlsProblem extends Problem {
  readonly hinders?: boolean;
}

/** Reads all that servers with `SSLEngine on` need. */
export function loadTls(config: Config): LoadedTls {
  const materials: Record<number, TlsMaterial> = {};
  const problems = new ProblemCollector();
  for (const server of config.servers) {
    if (!speaksTls(server)) continue;
    const material = new MaterialReader(server, problems).read();
    if (material !== undefined) materials[server.index] = material;
  }
  reportPlainPort(config, problems);
  return { materials, problems: problems.problems };
}

/** The same for a server that is to be started. @throws ProcessError with the first thing that is wrong */
export function requireTls(config: Config): LoadedTls['materials'] {
  const { materials, problems } = loadTls(config);
  const error = problems.find(({ severity, hinders }) => severity === 'error' || hinders === true);
  if (error === undefined) return materials;
  const { file, line } = error.position;
  throw new ProcessError(`${file}:${line}: ${error.message}`);
}

export function speaksTls(server: ServerScope): boolean {
  return server.settings.get(sslSettings.engine, false);
}

/** What to write before an address in messages: TLS where any server that answers at the port speaks it. */
export function schemeAt(servers: readonly ServerScope[], port: number): 'http' | 'https' {
  const hosts = servers.filter(({ addresses }) => addresses.some((one) => one.port === 0 || one.port === port));
  const answering = hosts.length === 0 ? servers.slice(0, 1) : hosts;
  return answering.some(speaksTls) ? 'https' : 'http';
}

class ProblemCollector {
  readonly problems: TlsProblem[] = [];
  /** A file that several virtual hosts name is complained of once. */
  readonly #seen = new Set<string>();

  add(severity: Severity, position: Position | undefined, directive: string, message: string, hinders = false): void {
    if (position === undefined) return;
    const key = `${position.file}:${position.line} ${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.problems.push({ severity, position, message, directive, ...(hinders ? { hinders } : {}) });
  }
}

class MaterialReader {
  readonly #settings: Settings;
  readonly #problems: ProblemCollector;
  #isBroken = false;

  constructor(server: ServerScope, problems: ProblemCollector) {
    this.#settings = server.settings;
    this.#problems = problems;
  }

  read(): TlsMaterial | undefined {
    const settings = this.#settings;
    const named = settings.get(sslSettings.certificates, []);
    if (named.length === 0) {
      const position = settings.origins(sslSettings.engine).at(-1);
      this.#fail(position, 'SSLEngine', 'SSLEngine is on and no SSLCertificateFile says with which certificate');
      return undefined;
    }
    const chain = this.#readFile(settings.find(sslSettings.chain), 'SSLCertificateChainFile');
    const keyFiles = settings.get(sslSettings.keys, []);
    const certificates: string[] = [];
    const keys: string[] = [];
    for (const [index, file] of named.entries()) {
      const text = this.#readFile(file, 'SSLCertificateFile');
      if (text === undefined) continue;
      const certificate = this.#parseCertificate(text, file);
      const keyFile = keyFiles[index];
      const keyText = keyFile === undefined ? text : this.#readFile(keyFile, 'SSLCertificateKeyFile');
      if (certificate === undefined || keyText === undefined) continue;
      const key = this.#parseKey(keyText, keyFile, file);
      if (key === undefined) continue;
      if (!certificate.checkPrivateKey(key)) {
        const which = keyFile === undefined ? 'the key in it' : `the key '${keyFile.path}'`;
        const message = `${which} does not belong to the certificate '${file.path}'`;
        const [position, directive] =
          keyFile === undefined ? [file.position, 'SSLCertificateFile'] : [keyFile.position, 'SSLCertificateKeyFile'];
        this.#fail(position, directive, message);
        continue;
      }
      certificates.push(joinPem(certificatesIn(text), chain === undefined ? [] : certificatesIn(chain)));
      keys.push(key.export({ type: 'pkcs8', format: 'pem' }) as string);
    }
    const material = { certificates, keys, authorities: this.#readAuthorities(), revocations: this.#readRevocations() };
    if (this.#isBroken || !this.#tryContext(material, named[0])) return undefined;
    return material;
  }

  #readAuthorities(): readonly string[] {
    const settings = this.#settings;
    const folder = settings.find(sslSettings.clientAuthorityFolder);
    const texts = [this.#readFile(settings.find(sslSettings.clientAuthorities), 'SSLCACertificateFile') ?? ''];
    if (folder !== undefined) texts.push(...this.#readFolder(folder));
    const found = texts.flatMap(certificatesIn);
    const verifies = settings.get(sslSettings.verifyClient, 'none');
    if (found.length === 0 && (verifies === 'optional' || verifies === 'require')) {
      const message = `SSLVerifyClient ${verifies}, and no SSLCACertificateFile says which certificates are good: none is`;
      this.#problems.add('warning', settings.origins(sslSettings.verifyClient).at(-1), 'SSLVerifyClient', message);
    }
    return found;
  }

  #readFolder(folder: NamedFile): readonly string[] {
    try {
      const entries = readdirSync(folder.path, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
      return entries.map((entry) => readFileSync(join(folder.path, entry.name), 'latin1'));
    } catch (error) {
      this.#reportUnreadable(folder, 'SSLCACertificatePath', error);
      return [];
    }
  }

  #readRevocations(): readonly string[] {
    if (!this.#settings.get(sslSettings.checksRevocation, false)) return [];
    const text = this.#readFile(this.#settings.find(sslSettings.revocations), 'SSLCARevocationFile');
    return text?.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [];
  }

  #readFile(file: NamedFile | undefined, directive: string): string | undefined {
    if (file === undefined) return undefined;
    try {
      return readFileSync(file.path, 'latin1');
    } catch (error) {
      this.#reportUnreadable(file, directive, error);
      return undefined;
    }
  }

  #reportUnreadable(file: NamedFile, directive: string, error: unknown): void {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    this.#isBroken = true;
    if (code === 'EACCES' && process.getuid?.() !== 0) {
      const message = `'${file.path}' can't be read by this user; a server started by root can`;
      this.#problems.add('warning', file.position, directive, message, true);
      return;
    }
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    this.#problems.add('error', file.position, directive, `'${file.path}' can't be read: ${why}`);
  }

  #fail(position: Position | undefined, directive: string, message: string): void {
    this.#isBroken = true;
    this.#problems.add('error', position, directive, message);
  }

  #parseCertificate(text: string, file: NamedFile): X509Certificate | undefined {
    const first = certificatesIn(text)[0];
    let certificate: X509Certificate;
    try {
      if (first === undefined) throw new Error('no certificate in PEM form is in it');
      certificate = new X509Certificate(first);
    } catch (error) {
      this.#fail(file.position, 'SSLCertificateFile', `'${file.path}' is no certificate: ${reasonOf(error)}`);
      return undefined;
    }
    const warn = (message: string): void =>
      this.#problems.add('warning', file.position, 'SSLCertificateFile', `the certificate '${file.path}' ${message}`);
    const nowMs = Date.now();
    if (Date.parse(certificate.validTo) < nowMs) warn(`has expired on ${certificate.validTo}`);
    else if (Date.parse(certificate.validFrom) > nowMs) warn(`is not valid before ${certificate.validFrom}`);
    const name = this.#settings.find(serverSettings.serverName)?.host;
    const isNamed = name === undefined || (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name));
    if (isNamed === undefined) {
      warn(`does not name '${name}' (ServerName)`);
    }
    return certificate;
  }

  #parseKey(text: string, keyFile: NamedFile | undefined, certificateFile: NamedFile): KeyObject | undefined {
    const { path, position } = keyFile ?? certificateFile;
    const directive = keyFile === undefined ? 'SSLCertificateFile' : 'SSLCertificateKeyFile';
    const pem = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]*?-----END (?:[A-Z]+ )?PRIVATE KEY-----/.exec(text)?.[0];
    if (pem === undefined) {
      const hint = keyFile === undefined ? '; name its file with SSLCertificateKeyFile' : '';
      this.#fail(position, directive, `there is no private key in PEM form in '${path}'${hint}`);
      return undefined;
    }
    if (/BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(pem)) {
      const message = `the key '${path}' is encrypted and nobody is asked for its pass phrase: decrypt it (openssl pkey -in '${path}' -out NEW)`;
      this.#fail(position, directive, `${message} and make the new file readable for root alone`);
      return undefined;
    }
    try {
      return createPrivateKey(pem);
    } catch (error) {
      this.#fail(position, directive, `'${path}' is no private key: ${reasonOf(error)}`);
      return undefined;
    }
  }

  /** What OpenSSL says of ciphers and groups, and of keys that are too weak for it. */
  #tryContext(material: TlsMaterial, file: NamedFile | undefined): boolean {
    const settings = this.#settings;
    try {
      createSecureContext(secureContextOptions(settings, material));
      return true;
    } catch (error) {
      const reason = reasonOf(error);
      const { code = '' } = error as NodeJS.ErrnoException;
      const isCipher = /CIPHER/i.test(code) || /cipher/i.test(reason);
      const isGroup = /ECDH|curve|group/i.test(`${code} ${reason}`);
      const [positions, directive] = isCipher
        ? [[...settings.origins(sslSettings.cipherSuites), ...settings.origins(sslSettings.ciphers)], 'SSLCipherSuite']
        : isGroup
          ? [settings.origins(sslSettings.groups), 'SSLOpenSSLConfCmd']
          : [[], 'SSLCertificateFile'];
      this.#fail(positions.at(-1) ?? file?.position, directive, `TLS can't be set up with this line: ${reason}`);
      return false;
    }
  }
}

/** Port 443 without TLS is seldom meant. */
function reportPlainPort(config: Config, problems: ProblemCollector): void {
  if (config.servers.some(speaksTls)) return;
  for (const { port, protocol, position } of config.main.settings.get(processSettings.listen, [])) {
    if (protocol === 'https' || (port === 443 && protocol === undefined)) {
      const what = protocol === 'https' ? `Listen ${port} https` : 'Listen 443';
      const message = `${what} speaks plain HTTP: no server has SSLEngine on`;
      problems.add('warning', position, 'Listen', message);
    }
  }
}

function certificatesIn(text: string): readonly string[] {
  const blocks = text.match(
    /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g,
  );
  return blocks ?? [];
}

function joinPem(...blocks: (readonly string[])[]): string {
  return `${blocks.flat().join('\n')}\n`;
}

/** OpenSSL's words without the code in front. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^error:[0-9A-F]+:/, '').replace(/^[^:]*routines::?/, '');
}
