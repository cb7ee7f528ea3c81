/** Compressed responses of applications: block by block, visibly broken off, for slow clients, and what the log tells. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createGunzip, gunzipSync } from 'node:zlib';
import { residentBytes, waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const stream = `
import os, random, time

def wait_for(environ, name):
    path = os.path.join(os.path.dirname(environ["SCRIPT_FILENAME"]), name)
    deadline = time.monotonic() + 20
    while not os.path.exists(path):
        if time.monotonic() > deadline:
            raise RuntimeError("nobody created " + path)
        time.sleep(0.01)

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return globals()[environ["PATH_INFO"].strip("/")](environ)

def blocks(environ):
    yield b"<block-1->"
    wait_for(environ, "1")
    yield b"<block-2->"
    wait_for(environ, "2")
    yield b"<block-3->"

def breaks(environ):
    yield b"x" * 100000
    yield b"begun"
    raise ValueError("no more")

def flood(environ):
    noise = random.randbytes(1000000)
    while True:
        yield noise

def whole(environ):
    return [b"All work and no play. " * 100]

def long(environ):
    return [b"All work and no play. " * 10000]
`;

/** What can be read of the chunks that have come. */
async function readSoFar(text: string): Promise<string> {
  let rest = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
  const parts: Buffer[] = [];
  for (;;) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.toString('latin1', 0, Math.max(lineEnd, 0)), 16);
    if (!(size > 0) || rest.length < lineEnd + size + 4) break;
    parts.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    rest = rest.subarray(lineEnd + size + 4);
  }
  const gunzip = createGunzip();
  let found = '';
  gunzip.on('data', (data: Buffer) => {
    found += data.toString('latin1');
  });
  await new Promise<void>((resolve) => gunzip.write(Buffer.concat(parts), () => gunzip.flush(() => resolve())));
  gunzip.destroy();
  return found;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n`;
const growthBytesLimit = 32 * 1024 * 1024;

test('compressed responses', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      LogFormat "%U %>s %{in}n %{out}n %{ratio}n %B" compression
      CustomLog ${folder}/access_log compression
      DeflateFilterNote Input in
      DeflateFilterNote Output out
      DeflateFilterNote ratio
      AddOutputFilterByType DEFLATE text/plain
      WSGIDaemonProcess app threads=3
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/stream.wsgi`,
    files: { 'stream.wsgi': stream },
    allowErrors: [/ValueError: no more/, /\[script .*stream\.wsgi\]/],
  });
  const logged = async (path: string): Promise<string> => {
    const find = () =>
      readFileSync(`${server.paths.folder}/access_log`, 'utf8').match(new RegExp(`^${path} .*$`, 'm'))?.[0];
    await waitFor(`a line for ${path}`, () => find() !== undefined);
    return find() ?? '';
  };

  await context.test('blocks reach the client one by one', async () => {
    using client = await RawClient.open(server);
    client.send(get('/blocks'));
    const sees = async (text: string): Promise<string> => {
      let found = '';
      for (let waits = 0; !found.includes(text) && waits < 1000; waits++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        found = await readSoFar(client.text);
      }
      return found;
    };
    assert.equal(await sees('<block-1->'), '<block-1->');
    server.writeFile('1', '');
    assert.equal(await sees('<block-2->'), '<block-1-><block-2->');
    server.writeFile('2', '');
    await client.waitFor(/\r\n0\r\n\r\n$/);
    assert.equal(await readSoFar(client.text), '<block-1-><block-2-><block-3->');
  });

  await context.test('one that breaks off shows it, and lacks nothing of what was yielded before', async () => {
    using client = await RawClient.open(server);
    client.send(get('/breaks'));
    await client.waitForEnd();
    assert.doesNotMatch(client.text, /\r\n0\r\n\r\n$/);
    assert.equal(await readSoFar(client.text), `${'x'.repeat(100_000)}begun`);
    assert.match(await logged('/breaks'), /^\/breaks 200 - - - /);
  });

  await context.test('a body in one piece has a length, a long one is cut into chunks', async () => {
    const whole = await server.request('/whole', { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(gunzipSync(whole.body).length, 2200);
    assert.equal(whole.headers['content-length'], String(whole.body.length));
    const percent = Math.floor((whole.body.length * 100) / 2200);
    assert.equal(await logged('/whole'), `/whole 200 2200 ${whole.body.length} ${percent} ${whole.body.length}`);
    const long = await server.request('/long', { headers: { 'accept-encoding': 'gzip' } });
    assert.deepEqual([long.complete, long.headers['content-length']], [true, undefined]);
    assert.equal(gunzipSync(long.body).length, 220_000);
    assert.match(await logged('/long'), new RegExp(`^/long 200 220000 ${long.body.length} `));
  });

  await context.test('a client that takes nothing does not make anybody keep more and more', async () => {
    const before = new Map(server.allPids().map((pid) => [pid, residentBytes(pid)]));
    using client = await RawClient.open(server, { isReading: false });
    client.send(get('/flood'));
    for (let count = 0; count < 20; count++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal((await server.request('/whole')).status, 200);
    }
    for (const [pid, bytes] of before) {
      const growth = residentBytes(pid) - bytes;
      assert(growth < growthBytesLimit, `process ${pid} grew by ${growth} bytes`);
    }
  });
});
