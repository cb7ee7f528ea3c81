/**
 * Bodies that are far larger than any process should become: uploads that are counted, downloads that are streamed.
 * STILLHOUSE_TEST_BODY_MIB makes them larger.
 */

import assert from 'node:assert/strict';
import { request as sendRequest } from 'node:http';
import { test } from 'node:test';
import { residentBytes } from './support/processes.js';
import { TestServer } from './support/server.js';

const count = `
from urllib.parse import parse_qs

def application(environ, start_response):
    if environ["REQUEST_METHOD"] == "GET":
        return stream(int(environ["QUERY_STRING"]), start_response)
    total = 0
    while True:
        block = environ["wsgi.input"].read(65536)
        if not block:
            break
        total += len(block)
    body = str(total).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]

def stream(total, start_response):
    block = b"x" * 262144
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    for _ in range(total // len(block)):
        yield block
`;
const mebibyte = 1024 * 1024;
const bodyBytes = Number(process.env.STILLHOUSE_TEST_BODY_MIB ?? 300) * mebibyte;
const growthBytesLimit = 64 * mebibyte;

function upload(server: TestServer): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(
      { port: server.port, host: '127.0.0.1', method: 'POST', path: '/', headers: { 'Content-Length': bodyBytes } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      },
    );
    request.on('error', reject);
    const block = Buffer.alloc(mebibyte, 'u');
    let left = bodyBytes;
    const send = (): void => {
      while (left > 0) {
        left -= block.length;
        if (!request.write(block)) {
          request.once('drain', send);
          return;
        }
      }
      request.end();
    };
    send();
  });
}

function download(server: TestServer): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = sendRequest({ port: server.port, host: '127.0.0.1', path: `/?${bodyBytes}` }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}

test('bodies that are larger than the processes', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/count.wsgi
      <Location />
        LimitRequestBody 0
      </Location>`,
    files: { 'count.wsgi': count },
  });
  await server.request('/?0');
  const before = new Map(server.allPids().map((pid) => [pid, residentBytes(pid)]));
  const most = new Map<number, number>();
  const sampler = setInterval(() => {
    for (const [pid, bytes] of before) most.set(pid, Math.max(most.get(pid) ?? 0, residentBytes(pid) - bytes));
  }, 50);

  const report = (what: string, startedMs: number): void => {
    const growths = [...most].map(([pid, bytes]) => `${pid} +${(bytes / mebibyte).toFixed(1)} MiB`);
    const seconds = (performance.now() - startedMs) / 1000;
    context.diagnostic(`${what}: ${(bodyBytes / mebibyte / seconds).toFixed(0)} MiB/s; ${growths.join(', ')}`);
    for (const [pid, bytes] of most) assert(bytes < growthBytesLimit, `process ${pid} grew by ${bytes} bytes`);
  };

  try {
    await context.test('upload', async () => {
      const startedMs = performance.now();
      assert.equal(await upload(server), String(bodyBytes));
      report('upload', startedMs);
    });
    await context.test('streamed download', async () => {
      const startedMs = performance.now();
      assert.equal(await download(server), bodyBytes);
      report('download', startedMs);
    });
  } finally {
    clearInterval(sampler);
  }
});
