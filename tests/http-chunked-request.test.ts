/** Chunked request bodies: the application reads them where WSGIChunkedRequest allows it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const readAll = `
import hashlib

def application(environ, start_response):
    try:
        body = environ["wsgi.input"].read()
    except OSError as error:
        print("read failed:", error)
        raise
    if environ["wsgi.input"].read() or environ["wsgi.input"].read(10):
        raise AssertionError("something after the end")
    text = f"{len(body)} {hashlib.md5(body).hexdigest()} {environ.get('CONTENT_LENGTH')} {environ['wsgi.input_terminated']}"
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text.encode()]
`;
const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n';
const md5OfAbcdef = 'e80b5017098950fc58aad83c8c14978e';

test('chunked request bodies with WSGIChunkedRequest On', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/read-all.wsgi
      <Location />
        WSGIChunkedRequest On
      </Location>`,
    files: { 'read-all.wsgi': readAll },
    allowErrors: [/read failed: /],
  });
  const close = 'Connection: close\r\n\r\n';

  await context.test('all of it is read; there is no CONTENT_LENGTH', async () => {
    using client = await RawClient.open(server);
    client.send(`${head}${close}3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n`);
    await client.waitForEnd();
    assert.match(client.text, new RegExp(`6 ${md5OfAbcdef} None True$`));
  });

  await context.test('chunk extensions and trailers are no part of it', async () => {
    using client = await RawClient.open(server);
    client.send(`${head}Trailer: X-Sum\r\n${close}6;name=value;other="quoted"\r\nabcdef\r\n0;last\r\nX-Sum: 1\r\n\r\n`);
    await client.waitForEnd();
    assert.match(client.text, new RegExp(`6 ${md5OfAbcdef} None True$`));
  });

  await context.test('byte by byte', async () => {
    using client = await RawClient.open(server);
    for (const byte of `${head}${close}6\r\nabcdef\r\n0\r\n\r\n`) {
      client.send(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.waitForEnd();
    assert.match(client.text, new RegExp(`6 ${md5OfAbcdef} None True$`));
  });

  await context.test('5 MB in chunks of many sizes', async () => {
    const { createHash } = await import('node:crypto');
    using client = await RawClient.open(server);
    client.send(`${head}${close}`);
    const hash = createHash('md5');
    let total = 0;
    for (let size = 1; total < 5_000_000; size = (size * 7 + 13) % 200_000) {
      const block = Buffer.alloc(size + 1, size);
      hash.update(block);
      total += block.length;
      client.send(Buffer.concat([Buffer.from(`${block.length.toString(16)}\r\n`), block, Buffer.from('\r\n')]));
    }
    client.send('0\r\n\r\n');
    await client.waitForEnd();
    assert.match(client.text, new RegExp(`${total} ${hash.digest('hex')} None True$`));
  });

  await context.test('a malformed chunk: 400 at once, and the application learns that the body is cut', async () => {
    using client = await RawClient.open(server);
    client.send(`${head}\r\n3\r\nabc\r\n`);
    // Long enough for the application to begin; it is in read() then.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const startedMs = performance.now();
    client.send('zz\r\nabc\r\n0\r\n\r\n');
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [400]);
    assert(performance.now() - startedMs < 1000);
    await server.waitForLog(/read failed: mod_wsgi request data read error/);
  });
});
