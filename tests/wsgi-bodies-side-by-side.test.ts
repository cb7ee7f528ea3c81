/** Many bodies at once, fast and slow, both ways: each arrives as it was sent, though they pass through the same memory. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestServer } from './support/server.js';

/** Byte `at` of body `seed`: tells where bytes are missing, twice, or another body's. */
const bodies = `
from hashlib import sha256
from urllib.parse import parse_qs

def pattern(seed, size):
    period = bytes((seed * 37 + at * 11) % 256 for at in range(251))
    return (period * (size // 251 + 1))[:size]

def application(environ, start_response):
    query = {name: int(values[0]) for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read()
        digest = sha256(body).hexdigest().encode()
        # Nothing of it is left before the answer is on its way.
        start_response("200 OK", [("X-Digest", digest.decode()), ("Content-Type", "application/octet-stream")])
        return [body]
    body = pattern(query["seed"], query["size"])
    headers = [("Content-Length", str(len(body)))] if query["seed"] % 2 else []
    start_response("200 OK", headers)
    block = query["block"]
    return [body] if block == 0 else (body[at : at + block] for at in range(0, len(body), block))
`;

function pattern(seed: number, size: number): Buffer {
  const period = Uint8Array.from({ length: 251 }, (_, at) => (seed * 37 + at * 11) % 256);
  return Buffer.alloc(size, period);
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function ask(server: TestServer, method: string, path: string, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = method === 'POST' ? { 'Content-Length': body.length } : {};
    const request = sendRequest({ port: server.port, host: '127.0.0.1', method, path, headers }, resolve);
    request.once('error', reject);
    void (async () => {
      // In pieces, some of which come when the request is long under way.
      const piece = Math.max(1, Math.ceil(body.length / 7));
      for (let at = 0; at < body.length; at += piece) {
        request.write(body.subarray(at, at + piece));
        if (at % 2 === 0) await sleep(1);
      }
      request.end();
    })();
  });
}

async function readAll(response: IncomingMessage, isSlow: boolean): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of response) {
    blocks.push(block as Buffer);
    // So long that the buffers of the connection fill up.
    if (isSlow && blocks.length % 16 === 1) await sleep(20);
  }
  return Buffer.concat(blocks);
}

test('bodies side by side', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app processes=2 threads=3
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/bodies.wsgi`,
    files: { 'bodies.wsgi': bodies },
  });
  const sizes = [1, 8192, 8193, 70_000, 262_144, 1_048_576, 3_000_001, 9_000_000];
  const blocks = [0, 700, 9_000, 65_536, 1_000_000];

  await context.test('responses', async () => {
    const all = sizes.flatMap((size, index) =>
      blocks
        .filter((block) => block !== 700 || size < 1_000_000)
        .map((block, at) => ({ size, block, seed: index * 5 + at })),
    );
    await Promise.all(
      all.map(async ({ size, block, seed }) => {
        const response = await ask(server, 'GET', `/?size=${size}&block=${block}&seed=${seed}`, Buffer.alloc(0));
        const body = await readAll(response, seed % 3 === 0);
        assert.equal(body.length, size);
        assert.equal(digestOf(body), digestOf(pattern(seed, size)), `${size} bytes in blocks of ${block}`);
      }),
    );
  });

  await context.test('requests, echoed', async () => {
    await Promise.all(
      sizes.flatMap((size, index) =>
        [0, 1, 2].map(async (round) => {
          const body = pattern(index * 3 + round, size);
          const response = await ask(server, 'POST', '/', body);
          const echoed = await readAll(response, round === 0);
          assert.equal(response.headers['x-digest'], digestOf(body), `${size} bytes to the application`);
          assert.equal(digestOf(echoed), digestOf(body), `${size} bytes back`);
        }),
      ),
    );
  });
});
