/** LimitRequestLine, LimitRequestFields, LimitRequestFieldSize and LimitRequestBody. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const countBody = `
def application(environ, start_response):
    print("called")
    count = 0
    while True:
        block = environ["wsgi.input"].read(4096)
        if not block:
            break
        count += len(block)
    body = str(count).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;
const host = 'Host: localhost\r\nConnection: close\r\n';

async function statusOf(server: TestServer, request: string): Promise<number | undefined> {
  using client = await RawClient.open(server);
  client.send(request);
  assert.equal(await client.waitForEnd(), 'ended');
  assert.equal(client.statuses.length, 1, client.text);
  return client.statuses[0];
}

test('limits of the request header', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      LimitRequestLine 200
      LimitRequestFields 10
      LimitRequestFieldSize 100
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/count-body.wsgi`,
    files: { 'count-body.wsgi': countBody },
    allowErrors: [/\] called$/],
  });
  const get = (target: string, fields = ''): string => `GET ${target} HTTP/1.1\r\n${host}${fields}\r\n`;
  const lineOf = (bytes: number): string => get(`/${'a'.repeat(bytes - 'GET / HTTP/1.1'.length)}`);
  const fieldOf = (bytes: number): string => get('/', `X: ${'a'.repeat(bytes - 'X: '.length)}\r\n`);
  const fields = (count: number): string => get('/', 'X: a\r\n'.repeat(count - 2));

  await context.test('LimitRequestLine', async () => {
    assert.equal(await statusOf(server, lineOf(200)), 200);
    assert.equal(await statusOf(server, lineOf(201)), 414);
    assert.equal(await statusOf(server, lineOf(10_000_000)), 414);
  });
  await context.test('LimitRequestFieldSize', async () => {
    assert.equal(await statusOf(server, fieldOf(100)), 200);
    assert.equal(await statusOf(server, fieldOf(101)), 400);
  });
  await context.test('LimitRequestFields', async () => {
    assert.equal(await statusOf(server, fields(10)), 200);
    assert.equal(await statusOf(server, fields(11)), 400);
    assert.equal(await statusOf(server, fields(100_000)), 400);
  });
});

test('limits of the default configuration', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/count-body.wsgi`,
    files: { 'count-body.wsgi': countBody },
    allowErrors: [/\] called$/],
  });
  await context.test('a line of 8190 bytes, and 100 fields of 8190 bytes each, are served', async () => {
    const line = `GET /${'a'.repeat(8190 - 'GET / HTTP/1.1'.length)} HTTP/1.1\r\n`;
    const fields = Array.from({ length: 98 }, (_, index) => `X-${index}: `.padEnd(8190, 'b')).join('\r\n');
    assert.equal(await statusOf(server, `${line}${host}${fields}\r\n\r\n`), 200);
  });
});

test('LimitRequestBody', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/count-body.wsgi
      <Location />
        LimitRequestBody 100000
        WSGIChunkedRequest On
      </Location>`,
    files: { 'count-body.wsgi': countBody },
    allowErrors: [/\] called$/, /larger than the configured limit/, /longer than LimitRequestBody/],
  });
  const calls = (): number => server.errorLog().match(/\] called$/gm)?.length ?? 0;

  await context.test('Content-Length above it: 413, and no application is called', async () => {
    assert.equal(
      await statusOf(server, `POST / HTTP/1.1\r\n${host}Content-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`),
      200,
    );
    assert.equal(calls(), 1);
    assert.equal(
      await statusOf(server, `POST / HTTP/1.1\r\n${host}Content-Length: 100001\r\n\r\n${'x'.repeat(100_001)}`),
      413,
    );
    assert.equal(calls(), 1);
  });

  await context.test('a client that sends 5 MB all the same, and only then reads, finds its 413', async () => {
    using client = await RawClient.open(server, { isReading: false });
    const body = 'x'.repeat(5_000_000);
    const request = `POST / HTTP/1.1\r\n${host}Content-Length: ${body.length}\r\n\r\n${body}`;
    // A server that closed with bytes unread would have its answer thrown away by a reset.
    await new Promise<void>((resolve, reject) => {
      client.socket.once('error', reject);
      client.socket.write(request, () => resolve());
    });
    const answer = (await client.socket.toArray()).join('');
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /<\/html>\n$/);
  });

  await context.test('chunks beyond it: 413', async () => {
    const chunk = `c350\r\n${'x'.repeat(50_000)}\r\n`;
    const head = `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`;
    assert.equal(await statusOf(server, `${head}${chunk.repeat(2)}0\r\n\r\n`), 200);
    assert.equal(await statusOf(server, `${head}${chunk.repeat(2)}1\r\nx\r\n0\r\n\r\n`), 413);
    assert.equal(await statusOf(server, `${head}${chunk.repeat(100)}0\r\n\r\n`), 413);
  });
});
