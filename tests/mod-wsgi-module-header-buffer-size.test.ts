/** header-buffer-size of WSGIDaemonProcess: a response with a longer header is a 500. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const longHeader = `
def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "0"), ("X-Long", "v" * int(environ["QUERY_STRING"]))])
    return []
`;

test('the longest header of a response', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess least threads=1 header-buffer-size=8192
      WSGIDaemonProcess default threads=1
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /least ${folder}/long-header.wsgi process-group=least
      WSGIScriptAlias / ${folder}/long-header.wsgi process-group=default`,
    files: { 'long-header.wsgi': longHeader },
    allowErrors: [/Response header line too long from daemon process '(?:least|default)'/],
  });
  const statusOf = async (target: string): Promise<number> => (await server.request(target)).status;
  const nameLength = 'X-Long: '.length;
  assert.equal(await statusOf(`/least?${8192 - nameLength}`), 200);
  assert.equal(await statusOf(`/least?${8193 - nameLength}`), 500);
  await server.waitForLog(/daemon process 'least': header 'X-Long' of 8193 bytes, limit 8192\./);
  assert.equal(await statusOf('/?8193'), 200);
  assert.equal(await statusOf(`/?${32_769 - nameLength}`), 500);
  await server.waitForLog(/daemon process 'default': header 'X-Long' of 32769 bytes, limit 32768\./);
});
