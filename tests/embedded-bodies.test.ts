/** Bodies in embedded mode: block by block, large ones both ways, and what applications print. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { test } from 'node:test';
import { embedded } from './support/embedded.js';
import { TestServer } from './support/server.js';

const site = `
import os, sys

def application(environ, start_response):
    print("printed for", environ["PATH_INFO"])
    environ["wsgi.errors"].write("written for %s\\n" % environ["PATH_INFO"])
    if environ["PATH_INFO"] == "/blocks":
        return blocks(start_response)
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("X-Pid", str(os.getpid()))])
    return [body, body]

def blocks(start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"first"
    while not os.path.exists(os.path.join(os.path.dirname(__file__), "writable", "go")):
        pass
    yield b"second"
`;

for (const threads of [1, 4]) {
  test(`with ${threads} request threads`, embedded, async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => `
        ThreadsPerChild ${threads}
        MinSpareThreads 1
        WSGIApplicationGroup %{GLOBAL}
        WSGIScriptAlias / ${folder}/site.wsgi`,
      files: { 'site.wsgi': site },
      allowErrors: [/(printed|written) for/],
    });
    const body = randomBytes(3_000_000);
    const echo = await server.request('/echo', { method: 'POST', body });
    assert.equal(Number(echo.headers['x-pid']), server.httpChildPids[0]);
    assert(echo.body.equals(Buffer.concat([body, body])));
    await server.waitForLog(/\[client 127\.0\.0\.1:\d+\] \[script .*site\.wsgi\] printed for \/echo/);
    await server.waitForLog(/\[client 127\.0\.0\.1:\d+\] \[script .*site\.wsgi\] written for \/echo/);

    const received = await new Promise<string[]>((resolve, reject) => {
      const chunks: string[] = [];
      get(`${server.url}/blocks`, (response) => {
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk.toString());
          // Only then does the application go on.
          server.writeFile('writable/go', '');
        });
        response.on('end', () => resolve(chunks));
      }).on('error', reject);
    });
    assert.deepEqual(received, ['first', 'second']);
  });
}
