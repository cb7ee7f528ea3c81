/** Runs one scenario: makes its files, starts both servers on it, and asks both the same. Called by parity.test.ts. */

import assert from 'node:assert';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkout, runStillhouse } from '../support/command.js';
import { type Difference, findDifferences, type NormalisedAnswer, normaliseAnswers } from './answer-comparison.js';
import { ExplainedRequests } from './explained-requests.js';
import { ask, type RawAnswer } from './raw-client.js';
import type { ParityRequest, Scenario } from './scenario.js';
import { addresses, configFile, ServerProcess } from './server-process.js';

const applications = join(checkout, 'tests/parity/apps');

/** Of every file: what is older than a second has a strong ETag, and one time makes Last-Modified the same each day. */
const fileTime = new Date('2024-03-01T12:00:00Z');

export class RunningScenario {
  readonly #folder: string;
  readonly #ports: readonly number[];
  readonly #servers: readonly [apache: ServerProcess, stillhouse: ServerProcess];
  readonly #explained: ExplainedRequests;
  /** To the last request, in its first answer. */
  #stillhouseAnswer: RawAnswer | undefined;
  #stillhouseAnswers = 0;
  /** Of its log before that. */
  #servedLength = 0;

  private constructor(
    folder: string,
    ports: readonly number[],
    servers: readonly [apache: ServerProcess, stillhouse: ServerProcess],
    explained: ExplainedRequests,
  ) {
    this.#folder = folder;
    this.#ports = ports;
    this.#servers = servers;
    this.#explained = explained;
  }

  static async start(scenario: Scenario): Promise<RunningScenario> {
    const folder = mkdtempSync(join(tmpdir(), 'parity-'));
    try {
      chmodSync(folder, 0o755);
      const root = join(folder, 'root');
      makeFiles(root, scenario);
      const scenarioFile = join(folder, 'scenario.conf');
      writeFileSync(scenarioFile, scenario.config);
      const ports = await findFreePorts(scenario.extraPort ? 2 : 1);
      const site = { folder, root, ports, scenarioFile, listens: scenario.site !== undefined };
      const started = await Promise.allSettled([
        ServerProcess.start('apache', site),
        ServerProcess.start('stillhouse', site),
      ]);
      const [apache, stillhouse] = started;
      if (apache.status === 'fulfilled' && stillhouse.status === 'fulfilled') {
        const explained = await ExplainedRequests.create(stillhouse.value.configFile);
        return new RunningScenario(folder, ports, [apache.value, stillhouse.value], explained);
      }
      for (const one of started) if (one.status === 'fulfilled') await one.value.stop();
      throw started.find((one) => one.status === 'rejected')?.reason;
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
  }

  /** Where the two answers differ. @throws where Apache's is not the one that the case is about */
  async compare(request: ParityRequest): Promise<Difference[]> {
    this.#servedLength = this.#servers[1].servedText().length;
    this.#stillhouseAnswers = 0;
    const logLengths = this.#servers.map((server) => server.readErrorLog().length);
    const [apache, stillhouse] = await Promise.all(this.#servers.map((server) => this.#ask(server, request)));
    assert(apache !== undefined && stillhouse !== undefined);
    this.#checkIntent(request, apache);
    const differences = findDifferences(apache, stillhouse);
    const { shows, logged } = request;
    if (shows !== undefined) {
      const shown = [apache, stillhouse].map((answer) => [...answer.values()].join('\n'));
      assert(shown[0]?.includes(shows), `Apache's answer does not show ${JSON.stringify(shows)}: ${shown[0]}`);
    }
    if (logged !== undefined) {
      const [byApache, byStillhouse] = await Promise.all(
        this.#servers.map(async (server, index) => await server.logs(logged, logLengths[index] ?? 0)),
      );
      if (byApache !== byStillhouse) {
        differences.push({ field: 'log', apache: String(byApache), stillhouse: String(byStillhouse) });
      } else assert(byApache, `neither error log has ${JSON.stringify(logged)}`);
    }
    return differences;
  }

  /** Where `explain` says something else than Stillhouse has just done. */
  async explain(request: ParityRequest): Promise<readonly string[]> {
    const { address } = this.#servers[1];
    const arrived = { request, bytes: this.#bytesOf(request), address, port: this.#portOf(request) };
    const served = await this.#servers[1].readServed(this.#servedLength, this.#stillhouseAnswers);
    return await this.#explained.findDisagreements(arrived, this.#stillhouseAnswer, served);
  }

  #portOf({ toExtraPort }: ParityRequest): number {
    const [port = 0, extraPort = port] = this.#ports;
    return toExtraPort ? extraPort : port;
  }

  #bytesOf(request: ParityRequest): Buffer {
    return Buffer.from(formatRequest(request).replaceAll('${PORT}', String(this.#ports[0])), 'latin1');
  }

  #checkIntent(request: ParityRequest, apache: NormalisedAnswer): void {
    const expected = request.status === 0 ? 'closed without an answer' : String(request.status);
    const body = apache.get('body') ?? '';
    const message = `Apache was expected to answer with ${expected}; body: ${body.slice(0, 300)}\n${this.logs()}`;
    assert.strictEqual(apache.get('status'), expected, message);
  }

  async #ask(server: ServerProcess, request: ParityRequest): Promise<NormalisedAnswer> {
    const bytes = this.#bytesOf(request);
    const methods = Array.from({ length: request.answers ?? 1 }, () => request.method ?? 'GET');
    const once = async (): Promise<RawAnswer[]> => {
      const answers = await ask(server.address, this.#portOf(request), bytes, methods, request.tls);
      if (server.kind === 'stillhouse') {
        this.#stillhouseAnswer = answers[0];
        this.#stillhouseAnswers += answers.length;
      }
      return answers;
    };
    const normalise = (answers: readonly RawAnswer[]) => this.#hideRoot(normaliseAnswers(answers, request));
    if (request.repeat === undefined) return normalise(await once());
    const seen: RawAnswer[][] = [];
    for (let count = 0; count < request.repeat; count++) seen.push(await once());
    const bodies = new Set(seen.map((answers) => answers.map((answer) => answer.body.toString('latin1')).join('\n')));
    return new Map([...normalise(seen[0] ?? []), ['body', [...bodies].sort().join('\n')]]);
  }

  /** Paths of this run are another each time, and known differences must be able to name them. */
  #hideRoot(answer: NormalisedAnswer): NormalisedAnswer {
    const root = join(this.#folder, 'root');
    return new Map([...answer].map(([field, value]) => [field, value.replaceAll(root, '${ROOT}')]));
  }

  /** All that `check` says of the configuration, `file:line severity: message`, files below ROOT by their names there. */
  async complaints(): Promise<string[]> {
    const { stdout, stderr } = await runStillhouse(['check', '-f', configFile(this.#folder, 'stillhouse'), '--json']);
    assert.strictEqual(stderr, '');
    const findings = JSON.parse(stdout) as readonly { severity: string; file: string; line: number; message: string }[];
    const root = join(this.#folder, 'root/');
    return findings.map(({ severity, file, line, message }) =>
      `${file}:${line} ${severity}: ${message}`.replaceAll(root, ''),
    );
  }

  /** Both error logs, for a message about a case that failed. */
  logs(): string {
    return this.#servers
      .map((server) => `--- ${server.kind}\n${server.readErrorLog().split('\n').slice(-12).join('\n')}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    try {
      await this.#explained.close();
      const stopped = await Promise.allSettled(this.#servers.map((server) => server.stop()));
      for (const one of stopped) if (one.status === 'rejected') throw one.reason;
    } finally {
      rmSync(this.#folder, { recursive: true });
    }
  }
}

export function formatRequest(request: ParityRequest): string {
  if (request.raw !== undefined) return request.raw;
  const { method = 'GET', target = '/', host = 'www.example.com', headers = [], body } = request;
  const lines = [`${method} ${target} HTTP/1.1`];
  if (host !== null) lines.push(`Host: ${host}`);
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body, 'latin1')}`);
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

function makeFiles(root: string, { files = {}, site }: Scenario): void {
  mkdirSync(join(root, 'documents'), { recursive: true });
  cpSync(applications, join(root, 'wsgi-scripts'), { recursive: true });
  if (site !== undefined) cpSync(join(checkout, 'tests/sites', site), join(root, 'site'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name.replaceAll('${ROOT}', root));
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    chmodSync(path, entry.isDirectory() ? 0o755 : 0o644);
    utimesSync(path, fileTime, fileTime);
  }
}

/** Ports that are free at both servers' addresses. */
async function findFreePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const first = await listenOn(addresses.apache, 0);
    if (first === undefined) continue;
    const second = await listenOn(addresses.stillhouse, first.port);
    await first.close();
    await second?.close();
    if (second !== undefined && !ports.includes(first.port)) ports.push(first.port);
  }
  return ports;
}

function listenOn(host: string, port: number): Promise<{ port: number; close(): Promise<void> } | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const found = server.address();
      assert(typeof found === 'object' && found !== null);
      resolve({ port: found.port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
