/** %b and %B: the bytes of the body, whoever made it and however it was framed. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const blocks = `
def application(environ, start_response):
    start_response("200 OK", [])
    yield b"abc"
    yield b"defg"
`;

test('the access log has the length of bodies', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      LogFormat "%m %U %>s %b %B %X" short
      CustomLog ${folder}/access_log short
      DocumentRoot ${folder}/documents
      WSGIDaemonProcess app
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /blocks ${folder}/blocks.wsgi
      <Directory ${folder}/documents>
        Require all granted
      </Directory>`,
    files: { 'blocks.wsgi': blocks, 'documents/file.txt': 'x'.repeat(1000), 'documents/empty.txt': '' },
  });
  let before = 0;
  for (const [request, line] of [
    ['GET /file.txt HTTP/1.1', 'GET /file.txt 200 1000 1000 +'],
    ['HEAD /file.txt HTTP/1.1', 'HEAD /file.txt 200 - 0 +'],
    ['GET /empty.txt HTTP/1.1', 'GET /empty.txt 200 - 0 +'],
    ['GET /blocks HTTP/1.1', 'GET /blocks 200 7 7 +'],
    ['GET /blocks HTTP/1.0', 'GET /blocks 200 7 7 -'],
  ] as const) {
    await context.test(request, async () => {
      using client = await RawClient.open(server);
      client.send(`${request}\r\nHost: localhost\r\n\r\n`);
      const lines = await waitFor('its line', () => {
        const all = readFileSync(`${server.paths.folder}/access_log`, 'latin1').split('\n').slice(0, -1);
        return all.length > before && all;
      });
      assert.deepEqual(lines.slice(before), [line]);
      before = lines.length;
    });
  }
});
