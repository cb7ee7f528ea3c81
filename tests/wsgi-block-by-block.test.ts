/** Every block that the application yields or writes reaches the client before the next one is asked for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const waitBetweenBlocks = `
import os, time
from urllib.parse import parse_qs

def wait_for(environ, name):
    path = os.path.join(os.path.dirname(environ["SCRIPT_FILENAME"]), environ["PATH_INFO"].strip("/") + name)
    deadline = time.monotonic() + 20
    while not os.path.exists(path):
        if time.monotonic() > deadline:
            raise RuntimeError("nobody created " + path)
        time.sleep(0.01)

def application(environ, start_response):
    length = [("Content-Length", "30")] if environ["QUERY_STRING"] == "length" else []
    write = start_response("200 OK", length)
    if environ["QUERY_STRING"] == "write":
        write(b"<block-1->")
        wait_for(environ, "1")
        write(b"<block-2->")
        wait_for(environ, "2")
        return [b"<block-3->"]
    return blocks(environ)

def blocks(environ):
    yield b"<block-1->"
    wait_for(environ, "1")
    yield b""
    yield b"<block-2->"
    wait_for(environ, "2")
    yield b"<block-3->"
`;

test('blocks reach the client one by one', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/wait-between-blocks.wsgi`,
    files: { 'wait-between-blocks.wsgi': waitBetweenBlocks },
  });
  for (const [name, version, query] of [
    ['chunked', '1.1', ''],
    ['with Content-Length', '1.1', '?length'],
    ['through write()', '1.1', '?write'],
    ['HTTP/1.0, until the connection ends', '1.0', ''],
  ] as const) {
    await context.test(name, async () => {
      const id = name.replace(/\W/g, '');
      using client = await RawClient.open(server);
      client.send(`GET /${id}${query} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      await client.waitFor(/<block-1->/);
      assert.doesNotMatch(client.text, /<block-2->/);
      server.writeFile(`${id}1`, '');
      await client.waitFor(/<block-2->/);
      assert.doesNotMatch(client.text, /<block-3->/);
      server.writeFile(`${id}2`, '');
      assert.equal(await client.waitForEnd(), 'ended');
      assert.match(client.text, query === '?length' || version === '1.0' ? /<block-3->$/ : /<block-3->\r\n0\r\n\r\n$/);
    });
  }
});
