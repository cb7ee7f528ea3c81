/** Clients that end their sending side once the request is out: they still get their answer. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const answerLate = `
import time

def application(environ, start_response):
    if environ["PATH_INFO"] == "/told":
        print("reads now")
    try:
        body = environ["wsgi.input"].read()
    except OSError:
        print("body is cut")
        raise
    time.sleep(0.4)
    start_response("200 OK", [("Content-Length", str(len(body) + 2))])
    return [b"<" + body + b">"]
`;
const host = 'Host: localhost\r\n';

test('half-closed clients', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/answer-late.wsgi`,
    files: { 'answer-late.wsgi': answerLate },
    allowErrors: [/reads now/, /body is cut/],
  });

  await context.test('a request without a body', async () => {
    using client = await RawClient.open(server);
    client.send(`GET / HTTP/1.1\r\n${host}\r\n`).endSending();
    assert.equal(await client.waitForEnd(), 'ended');
    assert.match(client.text, /\r\n\r\n<>$/);
  });

  await context.test('a request with a body', async () => {
    using client = await RawClient.open(server);
    client.send(`POST / HTTP/1.1\r\n${host}Content-Length: 4\r\n\r\nbody`).endSending();
    assert.equal(await client.waitForEnd(), 'ended');
    assert.match(client.text, /\r\n\r\n<body>$/);
  });

  await context.test('pipelined requests: all of them', async () => {
    using client = await RawClient.open(server);
    client.send(`GET / HTTP/1.1\r\n${host}\r\n`.repeat(3)).endSending();
    assert.equal(await client.waitForEnd(), 'ended');
    assert.deepEqual(client.statuses, [200, 200, 200]);
  });

  await context.test('in the midst of the body: the client has left', async () => {
    using client = await RawClient.open(server);
    client.send(`POST /told HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nbody`);
    await server.waitForLog(/reads now/);
    client.endSending();
    await client.waitForEnd();
    assert.equal(client.text, '');
    await server.waitForLog(/body is cut/);
  });
});
