/** Bodies in both directions at once, with more requests than threads: nothing gets stuck and no byte is lost. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request as sendRequest } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const echo = `
def application(environ, start_response):
    start_response("200 OK", [])
    read = environ["wsgi.input"].read
    return iter(lambda: read(10007), b"")
`;
const answerFirst = `
def application(environ, start_response):
    # More than any window holds goes out before the first byte comes in.
    start_response("200 OK", [])
    for index in range(40):
        yield b"x" * 65536
    count = 0
    while True:
        block = environ["wsgi.input"].read(65536)
        if not block:
            break
        count += len(block)
    yield f" {count}".encode()
`;
const bodyBytes = 3_000_000;

interface Echoed {
  readonly bytes: number;
  readonly digest: string;
}

function echoed(server: TestServer, seed: number): Promise<Echoed & { readonly sent: string }> {
  return new Promise((resolve, reject) => {
    const sentHash = createHash('md5');
    const hash = createHash('md5');
    let bytes = 0;
    const request = sendRequest(
      { port: server.port, host: '127.0.0.1', path: '/', method: 'POST', headers: { 'Content-Length': bodyBytes } },
      (response) => {
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          hash.update(chunk);
        });
        response.on('end', () => resolve({ bytes, digest: hash.digest('hex'), sent: sentHash.digest('hex') }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    function* blocks(): Generator<Buffer> {
      for (let at = 0; at < bodyBytes; at += 50_000) {
        const block = Buffer.alloc(Math.min(50_000, bodyBytes - at), (seed * 31 + at / 50_000) % 251);
        sentHash.update(block);
        yield block;
      }
    }
    Readable.from(blocks()).pipe(request);
  });
}

test('bodies in both directions', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=3
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /answer-first ${folder}/answer-first.wsgi
      WSGIScriptAlias / ${folder}/echo.wsgi`,
    files: { 'echo.wsgi': echo, 'answer-first.wsgi': answerFirst },
  });

  await context.test('20 echoed uploads of 3 MB at once on 3 threads', async () => {
    const startedMs = performance.now();
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => echoed(server, index)));
    for (const { bytes, digest, sent } of all) {
      assert.equal(bytes, bodyBytes);
      assert.equal(digest, sent);
    }
    // A wake-up that is lost is made good after 5 s: many of them would show.
    const elapsedMs = performance.now() - startedMs;
    assert(elapsedMs < 15_000, `it took ${elapsedMs} ms`);
  });

  await context.test('a response that is larger than the windows comes before the body is read', async () => {
    const { body } = await server.request('/answer-first', { method: 'POST', body: Buffer.alloc(2_000_000) });
    assert.equal(body.length, 40 * 65_536 + ' 2000000'.length);
    assert.equal(body.toString('latin1').slice(-8), ' 2000000');
  });
});
