/** Responses that began and can't be completed: the client sees that something is missing. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const breakOff = `
import os, time
from urllib.parse import parse_qs

class Blocks:
    def __init__(self, blocks):
        self.blocks = blocks

    def __iter__(self):
        return self.blocks

    def close(self):
        print("closed once")

def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"])
    start_response("200 OK", [("Content-Length", "100")] if "length" in query else [])
    def blocks():
        yield b"something"
        if environ["PATH_INFO"] == "/raise":
            raise ValueError("no more")
        if environ["PATH_INFO"] == "/exit":
            raise SystemExit(0)
        if environ["PATH_INFO"] == "/text":
            yield "text"
        if environ["PATH_INFO"] == "/killed":
            time.sleep(0.1)
            os.kill(os.getpid(), 9)
    return Blocks(blocks())
`;

// Not in Node: its event loop takes data and the reset behind it for data and the end.
const readToTheEnd = `
import socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
client.sendall(b"GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" % sys.argv[2].encode())
try:
    while client.recv(65536):
        pass
    print("end")
except OSError as error:
    print(type(error).__name__)
`;

test('responses that break off', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      LogFormat "%U %>s %X" status
      CustomLog ${folder}/access_log status
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/break-off.wsgi`,
    files: { 'break-off.wsgi': breakOff },
    allowErrors: [/\[script .*break-off\.wsgi\]/, /has died; deregistering/, /ended while it ran/],
  });

  for (const path of ['/raise', '/exit', '/text', '/killed']) {
    await context.test(`${path}: chunks without the last one`, async () => {
      using client = await RawClient.open(server);
      client.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await client.waitForEnd();
      assert.match(client.text, /\r\n\r\n9\r\nsomething\r\n$/);
      const { status, complete } = await server.request(path);
      assert.deepEqual({ status, complete }, { status: 200, complete: false });
    });
    await context.test(`${path}: fewer bytes than Content-Length`, async () => {
      const { status, complete, text } = await server.request(`${path}?length=1`);
      assert.deepEqual({ status, complete, text }, { status: 200, complete: false, text: 'something' });
    });
    await context.test(`${path}: HTTP/1.0 without a length ends by a reset`, async () => {
      const python = process.env.STILLHOUSE_TEST_PYTHON ?? 'python3';
      const { stdout } = await promisify(execFile)(python, ['-c', readToTheEnd, String(server.port), path]);
      assert.equal(stdout.trim(), 'ConnectionResetError');
    });
  }

  await context.test('close() ran once for each that was not killed, and the log has the reasons', () => {
    const log = server.errorLog();
    assert.equal(log.match(/closed once/g)?.length, 12);
    assert.equal(log.match(/ValueError: no more/g)?.length, 4);
    assert.equal(log.match(/SystemExit exception raised .*; ignored\./g)?.length, 4);
    assert.equal(log.match(/TypeError: response iterable must yield bytes, not str/g)?.length, 4);
  });

  await context.test('the access log marks them X', async () => {
    const lines = (): string[] => readFileSync(`${server.paths.folder}/access_log`, 'utf8').trimEnd().split('\n');
    await waitFor('16 lines', () => lines().length === 16);
    assert(lines().every((line) => /^\/\w+ 200 X$/.test(line)));
  });
});
