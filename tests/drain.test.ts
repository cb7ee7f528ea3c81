/**
 * An http child that is drained, since others have taken its place: it accepts no more, and no client that keeps its
 * connection open loses a request over it. Runs the http child itself, without a server around it.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get as sendGet } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from './support/command.js';

/** The parts of the server that a parent has of its children; compiled apart from the tests. */
interface Parts {
  readonly ListeningSocket: new (
    host: string,
    port: number,
  ) => Disposable & { readonly descriptor: number; readonly address: { readonly port: number } };
  readonly loadConfig: (request: { file: string; serverRoot: string }) => {
    readonly problems: readonly unknown[];
    readonly snapshot: unknown;
  };
}

const program = join(checkout, 'dist/server/http-child-main.js');
const files = { hello: 'hello', large: 'x'.repeat(20_000_000) };

class Scene implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stillhouse-drain-'));
  readonly #children: ChildProcess[] = [];
  readonly #socket: InstanceType<Parts['ListeningSocket']>;
  readonly #config: unknown;

  private constructor(parts: Parts) {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(this.#folder, `${name}.txt`), content);
    const file = join(this.#folder, 'httpd.conf');
    const lines = ['Listen 127.0.0.1:0', 'KeepAliveTimeout 2', `DocumentRoot ${this.#folder}`];
    writeFileSync(
      file,
      [...lines, `<Directory ${this.#folder}>`, 'Require all granted', '</Directory>', ''].join('\n'),
    );
    const { problems, snapshot } = parts.loadConfig({ file, serverRoot: this.#folder });
    assert.deepEqual(problems, []);
    this.#config = snapshot;
    this.#socket = new parts.ListeningSocket('127.0.0.1', 0);
  }

  static async create(): Promise<Scene> {
    const load = (name: string): Promise<Parts> => import(join(checkout, 'dist/server', name)) as Promise<Parts>;
    const { ListeningSocket } = await load('listening-sockets.js');
    const { loadConfig } = await load('config-source.js');
    return new Scene({ ListeningSocket, loadConfig });
  }

  get port(): number {
    return this.#socket.address.port;
  }

  /** Resolves when it accepts connections. */
  async startChild(): Promise<HttpChild> {
    const process_ = spawn(process.execPath, [program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', this.#socket.descriptor],
    });
    this.#children.push(process_);
    const ready = new Promise<unknown>((resolve) => process_.once('message', resolve));
    process_.send({
      type: 'boot',
      config: this.#config,
      connectionNumber: this.#children.length,
      user: null,
      listeners: [{ descriptor: 4, address: { host: '127.0.0.1', port: this.port } }],
      logs: {},
      hostAddresses: {},
      tls: {},
      folder: this.#folder,
      embedded: null,
      serverVersion: 'test',
    });
    assert.deepEqual(await ready, { type: 'ready' });
    return new HttpChild(process_);
  }

  /** Sends one request and reads the answer. */
  get(agent: Agent): Promise<{ readonly status: number; readonly connection: string; readonly localPort: number }> {
    return new Promise((resolve, reject) => {
      const request = sendGet({ host: '127.0.0.1', port: this.port, path: '/hello.txt', agent }, (response) => {
        const { statusCode: status = 0, headers, socket } = response;
        const localPort = socket.localPort ?? 0;
        response.resume();
        response.once('end', () => resolve({ status, connection: headers.connection ?? '', localPort }));
        response.once('error', reject);
      });
      request.once('error', reject);
    });
  }

  /** A connection of which a test sees every byte. */
  async open(): Promise<RawConnection> {
    const socket = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true });
    await new Promise((resolve) => socket.once('connect', resolve));
    return new RawConnection(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    this.#socket[Symbol.dispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

class HttpChild {
  readonly #process: ChildProcess;
  readonly exit: Promise<{ readonly status: number | null; readonly signal: string | null }>;
  hasEnded = false;

  constructor(child: ChildProcess) {
    this.#process = child;
    this.exit = new Promise((resolve) => {
      child.once('exit', (status, signal) => {
        this.hasEnded = true;
        resolve({ status, signal });
      });
    });
  }

  tell(type: 'drain' | 'stop'): void {
    this.#process.send({ type });
  }
}

class RawConnection {
  readonly socket: ReturnType<typeof connect>;
  readonly ended: Promise<string>;
  text = '';

  constructor(socket: ReturnType<typeof connect>) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
    });
    this.ended = new Promise((resolve) => {
      socket.once('end', () => {
        resolve('ended');
        socket.end();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    });
  }

  /** Sends requests and waits until as many responses have begun. */
  async request(path: string, count = 1): Promise<void> {
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count));
    const wanted = this.statuses.length + count;
    while (this.statuses.length < wanted) await sleep(5);
  }

  get statuses(): readonly string[] {
    return this.text.match(/HTTP\/1\.1 \d+/g) ?? [];
  }

  get connectionHeaders(): readonly string[] {
    return this.text.match(/(?<=\r\nConnection: )[\w-]+/g) ?? [];
  }
}

const ended = { status: 0, signal: null };

test('clients that keep their connections lose no request, nor do those that connect meanwhile', async () => {
  await using scene = await Scene.create();
  const first = await scene.startChild();
  const answers: { readonly status: number; readonly connection: string }[] = [];
  let isOver = false;
  const hammer = async (agent: Agent): Promise<void> => {
    while (!isOver) answers.push(await scene.get(agent));
    agent.destroy();
  };
  const keeping = Array.from({ length: 12 }, () => hammer(new Agent({ keepAlive: true, maxSockets: 1 })));
  const connecting = Array.from({ length: 4 }, () => hammer(new Agent({ keepAlive: false })));
  await sleep(300);
  for (let round = 0, current = first; round < 3; round++) {
    const next = await scene.startChild();
    current.tell('drain');
    assert.deepEqual(await current.exit, ended);
    current = next;
    await sleep(100);
  }
  isOver = true;
  // A request that was reset rejects here.
  await Promise.all([...keeping, ...connecting]);
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert(answers.length > 200, `${answers.length} answers`);
  const closed = answers.filter(({ connection }) => connection === 'close').length;
  assert(closed >= 36, `${closed} responses said Connection: close: one on each connection that was kept, three times`);
});

test('a drained http child', async (context) => {
  await using scene = await Scene.create();

  await context.test('answers a request on an idle connection, says that it closes it, and ends', async () => {
    const child = await scene.startChild();
    const idle = await scene.open();
    await idle.request('/hello.txt');
    const silent = await scene.open();
    await sleep(50);
    child.tell('drain');
    await sleep(300);
    assert.equal(child.hasEnded, false);
    await idle.request('/hello.txt');
    assert.equal(await idle.ended, 'ended');
    assert.deepEqual(idle.connectionHeaders, ['keep-alive', 'close']);
    // It was accepted and has not sent anything yet.
    await silent.request('/hello.txt');
    assert.equal(await silent.ended, 'ended');
    assert.deepEqual([silent.statuses, silent.connectionHeaders], [['HTTP/1.1 200'], ['close']]);
    assert.deepEqual(await child.exit, ended);
  });

  await context.test('ends an idle connection after KeepAliveTimeout, not before', async () => {
    const child = await scene.startChild();
    const idle = await scene.open();
    await idle.request('/hello.txt');
    const startedMs = performance.now();
    child.tell('drain');
    assert.equal(await idle.ended, 'ended');
    assert(performance.now() - startedMs > 1_500);
    assert.deepEqual(await child.exit, ended);
  });

  await context.test('finishes a response that a client takes slowly, and the requests behind it', async () => {
    const child = await scene.startChild();
    const slow = await scene.open();
    await slow.request('/large.txt');
    slow.socket.pause();
    slow.socket.write('GET /hello.txt HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2));
    await sleep(200);
    child.tell('drain');
    await sleep(200);
    slow.socket.resume();
    assert.equal(await slow.ended, 'ended');
    assert.deepEqual(slow.connectionHeaders, ['keep-alive', 'keep-alive', 'close']);
    assert(slow.text.endsWith('hello'));
    assert.deepEqual(await child.exit, ended);
  });

  await context.test('stops at once when it is told to', async () => {
    const child = await scene.startChild();
    const idle = await scene.open();
    await idle.request('/hello.txt');
    child.tell('drain');
    await sleep(100);
    assert.equal(child.hasEnded, false);
    const startedMs = performance.now();
    child.tell('stop');
    assert.deepEqual(await child.exit, ended);
    assert(performance.now() - startedMs < 1_500);
  });

  await context.test('without connections ends at once', async () => {
    const child = await scene.startChild();
    const startedMs = performance.now();
    child.tell('drain');
    assert.deepEqual(await child.exit, ended);
    assert(performance.now() - startedMs < 1_500);
  });
});
