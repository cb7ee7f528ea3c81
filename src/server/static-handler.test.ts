import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
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
import { findDirectoryIndex, type StaticOptions, type StaticOutcome, serveStatic } from './static-handler.js';

/** nobody, as most systems number it. */
const unprivilegedUid = 65_534;

const base = mkdtempSync(join(tmpdir(), 'stillhouse-static-'));
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
      rawUrlPath: path ?? '',
      query: query === undefined ? '' : `?${query}`,
    };
    const outcome = serveStatic(incoming, response, file, options);
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

async function withOptions(changes: Partial<StaticOptions>, run: () => Promise<void>): Promise<void> {
  options = { ...defaults, ...changes };
  try {
    await run();
  } finally {
    options = defaults;
  }
}

function openBigFiles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).endsWith('/big.bin');
    } catch {
      return false;
    }
  }).length;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'condition was not met in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
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
    // Root may read everything: be somebody else for as long as it takes.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(unprivilegedUid);
    try {
      for (const method of ['GET', 'HEAD']) assert.equal((await get('/secret.txt', {}, method)).status, 403);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('redirects to the slash and keeps the query', async () => {
    const { status, headers } = await get('/sub?x=%22');
    assert.deepEqual([status, headers.location], [301, '/sub/?x=%22']);
    assert.equal((await get('//sub')).headers.location, '/sub/');
    await withOptions({ origin: 'http://x:99' }, async () => {
      assert.equal((await get('/sub')).headers.location, 'http://x:99/sub/');
    });
    // As mod_dir: an index is looked for only behind a slash.
    await withOptions({ directorySlash: false }, async () => assert.equal((await get('/sub')).status, 403));
    await withOptions({ directorySlash: false }, async () => assert.equal((await get('/sub/')).body, 'sub'));
  });

  it('looks for the index in order', async () => {
    assert.equal(await findDirectoryIndex(root, ['/x', 'sub', 'nope', 'a.txt', 'index.html']), join(root, 'a.txt'));
    await withOptions({ directoryIndex: [] }, async () => assert.equal((await get('/sub/')).status, 403));
    await withOptions({ directoryIndex: ['.index'] }, async () => assert.equal((await get('/dot/')).status, 404));
    const listFolder = async (folder: string) => ({ contentType: 'text/html', body: Buffer.from(`list of ${folder}`) });
    await withOptions({ indexes: true, listFolder }, async () => {
      assert.equal((await get('/empty/')).body, `list of ${join(root, 'empty')}/`);
    });
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
});
