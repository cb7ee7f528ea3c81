import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { RequestError } from '../base/errors.js';
import { commonMimeTypes } from '../http/media-type.js';
import { HttpConnection } from '../http1/http-connection.js';
import type { IncomingRequest } from '../http1/incoming-request.js';
import type { OutgoingResponse } from '../http1/outgoing-response.js';
import { FileCalls } from './file-calls.js';
import { HttpResponseSink } from './http-response-sink.js';
import { lentBytes } from './static-body.js';
import {
  findDirectoryIndex,
  type StaticFolder,
  type StaticOptions,
  type StaticOutcome,
  serveStatic,
} from './static-handler.js';

/** nobody, as most systems number it. */
const unprivilegedUid = 65_534;

const base = mkdtempSync(join(tmpdir(), 'stillhouse-static-'));
chmodSync(base, 0o755);
// The root itself may be hidden.
const root = join(base, '.site');
const bigSize = 20_000_000;
const modified = new Date('2026-11-20T19:17:26.000Z');

const defaults: StaticOptions = {
  mediaTypes: { extensions: new Map([['gz', { encoding: 'x-gzip' }]]), types: commonMimeTypes },
  symlinks: 'follow',
  directoryIndex: ['index.html'],
  directorySlash: true,
  indexes: false,
  etag: new Set(['Size', 'MTime']),
};
let options: StaticOptions = defaults;
let folder: Partial<StaticFolder> = {};
let isLocal = true;
const calls = new FileCalls({ isLocal: () => isLocal });
let server: Server;
const sockets = new Set<Socket>();
let outcomes: Promise<StaticOutcome>[] = [];

before(async () => {
  for (const folder of ['sub', 'empty', '.git', 'dot']) mkdirSync(join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries({
    'ten.bin': '0123456789',
    'a.txt': 'a',
    'a b ü%20.txt': 'b',
    'page.html.gz': 'gz',
    'unknown.xyzzy': 'u',
    empty0: '',
    'index.html': 'home',
    'sub/index.html': 'sub',
    '.htpasswd': 'secret',
    '.env': 'secret',
    '.git/config': 'secret',
    'dot/.index': 'secret',
  })) {
    writeFileSync(join(root, name), text);
    utimesSync(join(root, name), modified, modified);
  }
  writeFileSync(join(base, 'outside.txt'), 'outside');
  writeFileSync(join(root, 'big.bin'), Buffer.alloc(bigSize, 1));
  symlinkSync('a.txt', join(root, 'link.txt'));
  symlinkSync('sub', join(root, 'linked'));
  symlinkSync('nowhere', join(root, 'dangling'));
  const onRequest = (incoming: IncomingRequest, response: OutgoingResponse): void => {
    const [path, query] = incoming.url.split('?');
    const file = {
      path: root + decodeURIComponent(path ?? ''),
      root,
      folder: { rawUrlPath: path ?? '', query: query === undefined ? '' : `?${query}`, ...folder },
    };
    const sink = new HttpResponseSink(response, 'Test');
    const target = { sink, outgoing: response, extraFields: [], saysLength: true };
    const outcome = (async () => await serveStatic(incoming, target, file, options, calls))();
    outcomes.push(outcome);
    outcome.catch((error: unknown) => {
      assert.ok(error instanceof RequestError, String(error));
      response.statusCode = error.status;
      response.end(Buffer.from(`error: ${error.message}`));
    });
  };
  const limits = { requestLineBytes: 8190, headBytes: 65_536, keepAliveTimeoutMs: 5000 };
  const nothing = (): void => {};
  server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    new HttpConnection(socket, limits, {
      onRequest,
      onOver: nothing,
      onBodyProblem: nothing,
      onMalformed: () => '',
      onClosed: () => sockets.delete(socket),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

after(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(base, { recursive: true });
});

const port = (): number => (server.address() as AddressInfo).port;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port: port(), path, method, headers, agent: false }, (incoming) => {
      let body = '';
      incoming.setEncoding('latin1');
      incoming.on('data', (chunk: string) => {
        body += chunk;
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function withOptions(
  changes: Partial<StaticOptions>,
  run: () => Promise<void>,
  ofFolder: Partial<StaticFolder> = {},
): Promise<void> {
  options = { ...defaults, ...changes };
  folder = ofFolder;
  try {
    await run();
  } finally {
    options = defaults;
    folder = {};
  }
}

function openBigFiles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => readlink(`/proc/self/fd/${fd}`).endsWith('/big.bin')).length;
}

/** '' where it is not there any more. */
function readlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'condition was not met in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Root may read everything: somebody else for as long as it takes. */
async function asNobody(run: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(unprivilegedUid);
  try {
    await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

function asRoot(run: () => void): void {
  const uid = process.geteuid?.() ?? 0;
  if (process.getuid?.() === 0) process.seteuid?.(0);
  run();
  process.seteuid?.(uid);
}

describe('serveStatic', () => {
  it('sends a file with the header fields of Apache', async () => {
    outcomes = [];
    const { status, headers, body } = await get('/ten.bin');
    assert.equal(status, 200);
    assert.equal(body, '0123456789');
    assert.equal(headers.etag, `"a-${(modified.getTime() * 1000).toString(16)}"`);
    assert.equal(headers['last-modified'], 'Fri, 20 Nov 2026 19:17:26 GMT');
    assert.equal(headers['accept-ranges'], 'bytes');
    assert.equal(headers['cache-control'], undefined);
    assert.equal(headers['content-length'], '10');
    assert.deepEqual(await outcomes[0], { status: 200, bodyBytes: 10 });
  });

  it('gives types by extension', async () => {
    assert.equal((await get('/a.txt')).headers['content-type'], 'text/plain');
    assert.equal((await get('/page.html.gz')).headers['content-encoding'], 'x-gzip');
    assert.equal((await get('/unknown.xyzzy')).headers['content-type'], undefined);
    assert.equal((await get('/a%20b%20%C3%BC%2520.txt')).body, 'b');
    assert.equal((await get('/empty0')).headers['content-length'], '0');
  });

  it('answers HEAD without a body', async () => {
    outcomes = [];
    const { status, headers, body } = await get('/ten.bin', {}, 'HEAD');
    assert.deepEqual([status, headers['content-length'], body], [200, '10', '']);
    assert.deepEqual(await outcomes[0], { status: 200, bodyBytes: 0 });
  });

  // As Apache answers them, but for several ranges, which get the whole file.
  for (const [range, status, body] of [
    ['bytes=0-3', 206, '0123'],
    ['bytes=-3', 206, '789'],
    ['bytes=8-20', 206, '89'],
    ['bytes=0-', 206, '0123456789'],
    ['bytes=0-0,4-5', 200, '0123456789'],
    ['items=0-1', 200, '0123456789'],
  ] as const) {
    it(`answers ${range}`, async () => {
      const answer = await get('/ten.bin', { range });
      assert.deepEqual([answer.status, answer.body], [status, body]);
    });
  }

  it('answers 416 with the length', async () => {
    const { status, headers } = await get('/ten.bin', { range: 'bytes=20-30' });
    assert.equal(status, 416);
    assert.equal(headers['content-range'], 'bytes */10');
    assert.equal(headers.etag, undefined);
  });

  it('obeys the conditions of a request', async () => {
    const { etag = '', 'last-modified': time = '' } = (await get('/ten.bin')).headers;
    assert.equal((await get('/ten.bin', { 'If-None-Match': etag })).status, 304);
    assert.equal((await get('/ten.bin', { 'If-None-Match': '*' })).status, 304);
    assert.equal((await get('/ten.bin', { 'If-None-Match': '"x"' })).status, 200);
    assert.equal((await get('/ten.bin', { 'If-Modified-Since': time })).status, 304);
    assert.equal((await get('/ten.bin', { 'If-Match': '"x"' })).status, 412);
    assert.equal((await get('/ten.bin', { 'If-Match': etag })).status, 200);
    assert.equal((await get('/ten.bin', { 'If-Unmodified-Since': 'Fri, 20 Nov 2020 19:17:26 GMT' })).status, 412);
    assert.equal((await get('/ten.bin', { Range: 'bytes=0-1', 'If-Range': '"x"' })).status, 200);
    assert.equal((await get('/ten.bin', { Range: 'bytes=0-1', 'If-Range': etag })).status, 206);
  });

  it('takes GET, HEAD, POST and OPTIONS only', async () => {
    const put = await get('/ten.bin', {}, 'PUT');
    assert.deepEqual([put.status, put.headers.allow], [405, 'GET,POST,OPTIONS,HEAD']);
    assert.equal((await get('/ten.bin', {}, 'POST')).status, 200);
    const asked = await get('/ten.bin', {}, 'OPTIONS');
    assert.deepEqual([asked.status, asked.headers.allow, asked.body], [200, 'GET,POST,OPTIONS,HEAD', '']);
  });

  for (const [path, status] of [
    ['/missing', 404],
    ['/a.txt/', 404],
    ['/a.txt/x', 404],
    ['/.htpasswd', 403],
    ['/.env', 404],
    ['/.git/config', 404],
    ['/.git/missing', 404],
    ['/../outside.txt', 404],
    ['/sub/../../outside.txt', 404],
    ['/..%2foutside.txt', 404],
    ['/%00', 404],
    ['/dangling', 403],
    [`/${'a'.repeat(300)}`, 403],
    ['/empty/', 403],
    ['/link.txt', 200],
    ['/linked/index.html', 200],
    ['/', 200],
    ['/sub/', 200],
  ] as const) {
    it(`answers ${path.slice(0, 30)} with ${status}`, async () => assert.equal((await get(path)).status, status));
  }

  it('refuses links when Options does', async () => {
    await withOptions({ symlinks: 'refuse' }, async () => {
      assert.equal((await get('/link.txt')).status, 403);
      assert.equal((await get('/linked/index.html')).status, 403);
      assert.equal((await get('/a.txt')).status, 200);
    });
    await withOptions({ symlinks: 'owner-match' }, async () => {
      assert.equal((await get('/link.txt')).status, 200);
    });
  });

  it('refuses a file that it may not read', async () => {
    writeFileSync(join(root, 'secret.txt'), 's', { mode: 0 });
    await asNobody(async () => {
      for (const method of ['GET', 'HEAD']) assert.equal((await get('/secret.txt', {}, method)).status, 403);
    });
  });

  it('redirects to the slash and keeps the query', async () => {
    const { status, headers } = await get('/sub?x=%22');
    assert.deepEqual([status, headers.location], [301, '/sub/?x=%22']);
    assert.equal((await get('//sub')).headers.location, '/sub/');
    const redirects = async () => assert.equal((await get('/sub')).headers.location, 'http://x:99/sub/');
    await withOptions({}, redirects, { origin: 'http://x:99' });
    // As mod_dir: an index is looked for only behind a slash.
    await withOptions({ directorySlash: false }, async () => assert.equal((await get('/sub')).status, 403));
    await withOptions({ directorySlash: false }, async () => assert.equal((await get('/sub/')).body, 'sub'));
  });

  it('looks for the index in order', async () => {
    const names = ['/x', 'sub', 'nope', 'a.txt', 'index.html'];
    assert.equal(await calls.run(root, findDirectoryIndex(root, names)), join(root, 'a.txt'));
    await withOptions({ directoryIndex: [] }, async () => assert.equal((await get('/sub/')).status, 403));
    await withOptions({ directoryIndex: ['.index'] }, async () => assert.equal((await get('/dot/')).status, 404));
    const list = async (path: string) => ({ contentType: 'text/html', body: Buffer.from(`list of ${path}`) });
    const lists = async () => assert.equal((await get('/empty/')).body, `list of ${join(root, 'empty')}/`);
    await withOptions({ indexes: true }, lists, { list });
  });

  it('closes the file when the client goes away', async () => {
    outcomes = [];
    const socket = connect(port(), '127.0.0.1');
    socket.write('GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => openBigFiles() === 1);
    socket.destroy();
    await until(() => openBigFiles() === 0);
    const outcome = await outcomes[0];
    assert.equal(outcome?.status, 200);
    assert.ok(outcome.bodyBytes < bigSize);
    assert.equal(outcome.failure, undefined);
  });

  it('makes it visible when the file shrinks while it is sent', async () => {
    outcomes = [];
    const socket = connect(port(), '127.0.0.1');
    socket.pause();
    socket.write('GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => openBigFiles() === 1);
    truncateSync(join(root, 'big.bin'), 1000);
    socket.on('error', () => {});
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    assert.match((await outcomes[0])?.failure ?? '', /became shorter/);
    await until(() => openBigFiles() === 0);
  });

  it('answers the same for file systems that may hang', async () => {
    const asked = [
      ['/ten.bin', {}],
      ['/ten.bin', { range: 'bytes=2-4' }],
      ['/ten.bin', { range: 'bytes=20-30' }],
      ['/ten.bin', { 'if-modified-since': modified.toUTCString() }],
      ['/long.bin', {}],
      ['/link.txt', {}],
      ['/dangling', {}],
      ['/missing', {}],
      ['/sub?x', {}],
      ['/sub/', {}],
    ] as const;
    writeFileSync(join(root, 'long.bin'), Buffer.alloc(700_000, 'long'));
    utimesSync(join(root, 'long.bin'), modified, modified);
    const ask = async (symlinks: StaticOptions['symlinks']) => {
      const answers: unknown[] = [];
      await withOptions({ symlinks }, async () => {
        for (const [path, headers] of asked) {
          const { headers: fields, ...answer } = await get(path, headers);
          answers.push([path, { ...answer, headers: { ...fields, date: '' } }]);
        }
      });
      return answers;
    };
    for (const policy of ['follow', 'owner-match', 'refuse'] as const) {
      const expected = await ask(policy);
      isLocal = false;
      try {
        assert.deepEqual(await ask(policy), expected);
      } finally {
        isLocal = true;
      }
    }
  });

  it('sends ranges of long files', async () => {
    const content = Buffer.from(Array.from({ length: 700_000 }, (_, at) => at % 251));
    writeFileSync(join(root, 'pattern.bin'), content);
    for (const [from, to] of [
      [0, 699_999],
      [1, 300_000],
      [262_143, 262_144],
      [100_000, 699_999],
    ] as const) {
      const { body, headers, status } = await get('/pattern.bin', { range: `bytes=${from}-${to}` });
      assert.deepEqual([status, headers['content-range']], [206, `bytes ${from}-${to}/700000`]);
      assert.equal(body, content.toString('latin1', from, to + 1));
    }
    assert.equal((await get('/pattern.bin')).body, content.toString('latin1'));
  });

  it('does not wait for whoever writes to a pipe', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    for (isLocal of [false, true]) {
      const { body, status } = await get('/pipe');
      assert.equal(status, 403);
      assert.match(body, /file type not supported/);
    }
  });

  it('serves the index of a folder that can be passed through but not read', async () => {
    mkdirSync(join(root, 'closed'));
    writeFileSync(join(root, 'closed/index.html'), 'index of closed');
    chmodSync(join(root, 'closed'), 0o711);
    await asNobody(async () => {
      assert.equal((await get('/closed/')).body, 'index of closed');
      assert.equal((await get('/closed')).status, 301);
    });
  });
});

// Each change must be seen by the next request, whatever was asked before it.
describe('a file that changes', () => {
  const path = join(root, 'page.html');
  const put = (text: string): void => {
    writeFileSync(path, text);
    utimesSync(path, modified, modified);
  };
  const ask = async (headers: Record<string, string> = {}) => {
    const { body, headers: fields, status } = await get('/page.html', headers);
    return { status, body, etag: fields.etag ?? '', length: fields['content-length'] };
  };

  it('is replaced by another of the same size and time', async () => {
    put('first');
    const before = await ask();
    writeFileSync(`${path}.new`, 'other');
    utimesSync(`${path}.new`, modified, modified);
    renameSync(`${path}.new`, path);
    assert.deepEqual([before.body, (await ask()).body], ['first', 'other']);
  });

  it('is written anew with the same size and time', async () => {
    put('first');
    assert.equal((await ask()).body, 'first');
    put('again');
    assert.equal((await ask()).body, 'again');
  });

  it('changes within a second', async () => {
    for (let count = 0; count < 50; count++) {
      const text = `text ${count + 100}`;
      writeFileSync(path, text);
      const { body, etag } = await ask();
      assert.equal(body, text);
      assert.match(etag, /^W\//);
    }
  });

  it('gets another tag and length with another time and size', async () => {
    put('first');
    const before = await ask();
    assert.equal((await ask({ 'If-None-Match': before.etag })).status, 304);
    put('longer');
    const longer = await ask({ 'If-None-Match': before.etag });
    assert.deepEqual([longer.status, longer.body, longer.length], [200, 'longer', '6']);
    utimesSync(path, modified, new Date(modified.getTime() + 1));
    const touched = await ask({ 'If-None-Match': longer.etag });
    assert.deepEqual([touched.status, touched.etag !== longer.etag], [200, true]);
  });

  it('is changed through memory, which leaves its time as it is', async () => {
    const script = `
import mmap, sys
with open(sys.argv[1], "r+b") as file:
    memory = mmap.mmap(file.fileno(), 5)
    for line in sys.stdin:
        memory[0:5] = line.strip().encode()
        print(flush=True)
`;
    put('first');
    const python = spawn('/usr/bin/python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      for (const text of ['alpha', 'betas', 'gamma']) {
        python.stdin.write(`${text}\n`);
        await once(python.stdout, 'data');
        assert.equal((await ask()).body, text);
      }
    } finally {
      python.stdin.end();
      await once(python, 'close');
    }
  });

  it('is deleted and comes back', async () => {
    put('first');
    assert.equal((await ask()).status, 200);
    rmSync(path);
    assert.equal((await ask()).status, 404);
    put('third');
    assert.equal((await ask()).body, 'third');
  });

  it('is closed to this process', async () => {
    put('first');
    await asNobody(async () => {
      assert.equal((await ask()).status, 200);
      asRoot(() => chmodSync(path, 0));
      assert.equal((await ask()).status, 403);
      assert.equal((await ask({ 'If-Modified-Since': modified.toUTCString() })).status, 403);
      asRoot(() => chmodSync(path, 0o644));
      assert.equal((await ask()).status, 200);
    });
  });

  it('becomes a link', async () => {
    put('first');
    assert.equal((await ask()).body, 'first');
    rmSync(path);
    symlinkSync('a.txt', path);
    assert.equal((await ask()).body, 'a');
    await withOptions({ symlinks: 'refuse' }, async () => assert.equal((await ask()).status, 403));
    rmSync(path);
  });
});

// Those of them that have been left alone for a while stay open between requests.
it('sees each change of a file that stays open', { timeout: 60_000 }, async () => {
  const asked = ['renamed', 'written', 'through-memory', 'shorter', 'closed', 'gone', 'linked', 'folder'];
  const pathOf = (name: string): string => join(root, `open-${name}.txt`);
  const put = (path: string, text: string): void => {
    writeFileSync(path, text);
    utimesSync(path, modified, modified);
  };
  const ask = async (name: string) => {
    const { body, status } = await get(`/open-${name}.txt`);
    return status === 200 ? body : status;
  };
  const askAll = async () => Promise.all(asked.map(ask));
  const isOpen = (name: string): boolean =>
    readdirSync('/proc/self/fd').some((fd) => readlink(`/proc/self/fd/${fd}`).startsWith(pathOf(name)));
  for (const name of asked) put(pathOf(name), 'first');
  // Older than the coarsest times of files.
  await new Promise((resolve) => setTimeout(resolve, 2600));
  assert.deepEqual(await askAll(), Array(8).fill('first'));
  assert.deepEqual(asked.map(isOpen), Array(8).fill(true));
  assert.deepEqual(await askAll(), Array(8).fill('first'));

  put(`${pathOf('renamed')}.new`, 'other');
  renameSync(`${pathOf('renamed')}.new`, pathOf('renamed'));
  put(pathOf('written'), 'other');
  const byMemory = 'import mmap, sys\nwith open(sys.argv[1], "r+b") as f: mmap.mmap(f.fileno(), 5)[0:5] = b"other"';
  execFileSync('/usr/bin/python3', ['-c', byMemory, pathOf('through-memory')]);
  truncateSync(pathOf('shorter'), 3);
  chmodSync(pathOf('closed'), 0);
  for (const name of ['gone', 'linked', 'folder']) rmSync(pathOf(name));
  symlinkSync('a.txt', pathOf('linked'));
  mkdirSync(pathOf('folder'));
  await asNobody(async () => assert.deepEqual(await askAll(), ['other', 'other', 'other', 'fir', 403, 404, 'a', 301]));
  await until(() => !asked.some(isOpen));
});

describe('slow clients', () => {
  const open = (): Socket => {
    const socket = connect(port(), '127.0.0.1');
    socket.pause();
    socket.on('error', () => {});
    socket.write('GET /slow.bin HTTP/1.1\r\nHost: x\r\n\r\n');
    return socket;
  };
  /** Until the kernel takes no more of any response. */
  const stuck = async (): Promise<void> => {
    let before = -1;
    for (let now = sentBytes(); now !== before; now = sentBytes()) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const sentBytes = (): number => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0);

  before(() => writeFileSync(join(root, 'slow.bin'), Buffer.alloc(bigSize, 2)));

  it('have two chunks each, and the next gets them when they leave', async () => {
    await until(() => lentBytes() === 0);
    const clients = [open(), open(), open()];
    await until(() => lentBytes() === 3 * 2 * 256 * 1024);
    await stuck();
    assert.equal(lentBytes(), 3 * 2 * 256 * 1024);
    for (const client of clients) client.destroy();
    await until(() => lentBytes() === 0);
  });

  it('have no more than 32 MB together, and yet all get all', async () => {
    const most = 32 * 1024 * 1024;
    const clients = Array.from({ length: 140 }, open);
    await until(() => sockets.size === clients.length && lentBytes() === most);
    await stuck();
    assert.equal(lentBytes(), most);
    // Some have two large chunks, some have a small one.
    for (const client of clients.splice(10, 120)) client.destroy();
    const received = clients.map(async (client) => {
      let bytes = 0;
      for await (const block of client.resume()) {
        bytes += (block as Buffer).length;
        if (bytes > bigSize) return bytes;
      }
      return bytes;
    });
    for (const bytes of await Promise.all(received)) assert.ok(bytes > bigSize);
    for (const client of clients) client.destroy();
    await until(() => lentBytes() === 0);
  });
});
