/** An application that sends the request to a file, or to another application: often, with a body, and in circles. */

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const sends = `
def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/read":
        environ["wsgi.input"].read()
    start_response("200 OK", [("Location", environ["QUERY_STRING"])])
    return [b"not seen"] * 1000
`;
const echo = `
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    keys = ("REQUEST_METHOD", "QUERY_STRING", "CONTENT_LENGTH", "REDIRECT_REQUEST_METHOD", "REDIRECT_URL")
    return [" ".join("%s" % environ.get(key) for key in keys).encode() + b" " + environ["wsgi.input"].read()]
`;

test('a response of 200 with a path as Location', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /sends ${folder}/sends.wsgi
      WSGIScriptAlias /echo ${folder}/echo.wsgi
      Alias /protected ${folder}/protected
      <Directory ${folder}>
        Require all granted
      </Directory>
      LimitInternalRecursion 15
      CustomLog ${folder}/access_log "%m %U"`,
    files: { 'sends.wsgi': sends, 'echo.wsgi': echo, 'protected/large.bin': Buffer.alloc(3_000_000, 7) },
    allowErrors: [/exceeded the limit of 15 internal redirects/],
  });

  await context.test('many times on one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 30; count++) {
      const { body, status } = await server.request('/sends/?/protected/large.bin', { agent });
      assert.deepEqual([status, body.length], [200, 3_000_000]);
    }
    agent.destroy();
  });

  for (const path of ['/read', '/unread']) {
    await context.test(`${path}: the other application sees GET and no body`, async () => {
      const body = 'x'.repeat(300_000);
      const { text } = await server.request(`/sends${path}?/echo?a=b`, { method: 'POST', body });
      assert.equal(text, `GET a=b None POST /sends${path} `);
    });
  }

  await context.test('a circle ends, and leaves the server as it was', async () => {
    const { status } = await server.request('/sends/?/sends/?/sends/');
    assert.equal(status, 200); // the last one has no Location
    const circle = await server.request('/sends/?/sends/?'.repeat(20));
    assert.equal(circle.status, 500);
    const again = await server.request('/echo');
    assert.equal(again.status, 200);
    assert.doesNotMatch(server.errorLog(), /MaxListeners/);
  });
});
