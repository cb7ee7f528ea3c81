/** Requests that can't be understood, or could be understood in two ways: refused before any application is called. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const tellCalls = `
def application(environ, start_response):
    print("called for", environ["REQUEST_URI"])
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", "0")])
    return []
`;
const host = 'Host: localhost\r\n';
const post = `POST / HTTP/1.1\r\n${host}`;

/** Name, status, request. */
const refused: readonly (readonly [string, number, string])[] = [
  ['no Host in HTTP/1.1', 400, 'GET / HTTP/1.1\r\n\r\n'],
  ['empty Host in HTTP/1.1', 400, 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
  ['two Hosts', 400, `GET / HTTP/1.1\r\n${host}${host}\r\n`],
  ['two Hosts in HTTP/1.0', 400, `GET / HTTP/1.0\r\n${host}${host}\r\n`],
  ['Host with a space', 400, 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
  ['Host with a path', 400, 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
  ['Host with a user', 400, 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n'],
  ['lines that end with LF alone', 400, 'GET / HTTP/1.1\nHost: localhost\n\n'],
  ['one field that ends with LF alone', 400, `GET / HTTP/1.1\r\n${host}X: a\nY: b\r\n\r\n`],
  ['CR within a field', 400, `GET / HTTP/1.1\r\n${host}X: a\rY: b\r\n\r\n`],
  ['folded field', 400, `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`],
  ['space before the colon', 400, `GET / HTTP/1.1\r\n${host}X : a\r\n\r\n`],
  ['space before the first field', 400, `GET / HTTP/1.1\r\n X: a\r\n${host}\r\n`],
  ['field without a colon', 400, `GET / HTTP/1.1\r\n${host}X\r\n\r\n`],
  ['field without a name', 400, `GET / HTTP/1.1\r\n${host}: a\r\n\r\n`],
  ['NUL in a field', 400, `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`],
  ['NUL in the target', 400, `GET /a\0b HTTP/1.1\r\n${host}\r\n`],
  ['space in the target', 400, `GET /a b HTTP/1.1\r\n${host}\r\n`],
  // Apache lets them through; we have RFC 3986 on our side.
  ['bytes above ASCII in the target', 400, `GET /caf\xc3\xa9 HTTP/1.1\r\n${host}\r\n`],
  ['fragment in the target', 400, `GET /a#b HTTP/1.1\r\n${host}\r\n`],
  ['malformed escape in the target', 400, `GET /a%zz HTTP/1.1\r\n${host}\r\n`],
  ['target above the root', 400, `GET /../a HTTP/1.1\r\n${host}\r\n`],
  ['encoded slash', 404, `GET /a%2Fb HTTP/1.1\r\n${host}\r\n`],
  ['encoded NUL', 404, `GET /a%00b HTTP/1.1\r\n${host}\r\n`],
  ['* for GET', 400, `GET * HTTP/1.1\r\n${host}\r\n`],
  ['target that is no path', 400, `GET a HTTP/1.1\r\n${host}\r\n`],
  ['method with a forbidden character', 400, `BL@H / HTTP/1.1\r\n${host}\r\n`],
  ['method that is not known', 501, `BLAH / HTTP/1.1\r\n${host}\r\n`],
  ['method in lower case', 501, `get / HTTP/1.1\r\n${host}\r\n`],
  ['CONNECT', 405, `CONNECT a:443 HTTP/1.1\r\n${host}\r\n`],
  ['HTTP/2.0 in the request line', 505, `GET / HTTP/2.0\r\n${host}\r\n`],
  ['HTTP/1.9 in the request line', 400, `GET / HTTP/1.9\r\n${host}\r\n`],
  ['TLS to a port without it', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  [
    'Transfer-Encoding and Content-Length',
    400,
    `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'Content-Length and Transfer-Encoding',
    400,
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  ],
  ['Transfer-Encoding gzip', 400, `${post}Transfer-Encoding: gzip\r\n\r\n`],
  ['Transfer-Encoding gzip, chunked', 501, `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['Transfer-Encoding identity', 400, `${post}Transfer-Encoding: identity\r\n\r\n`],
  ['Transfer-Encoding xchunked', 400, `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['chunked twice', 400, `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunked, chunked', 400, `${post}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
  ['two equal Content-Lengths', 400, `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab`],
  ['two different Content-Lengths', 400, `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc`],
  ['list of Content-Lengths', 400, `${post}Content-Length: 2, 2\r\n\r\nab`],
  ['negative Content-Length', 400, `${post}Content-Length: -1\r\n\r\nab`],
  ['Content-Length with a sign', 400, `${post}Content-Length: +2\r\n\r\nab`],
  ['hexadecimal Content-Length', 400, `${post}Content-Length: 0x2\r\n\r\nab`],
  ['empty Content-Length', 400, `${post}Content-Length:\r\n\r\n`],
  ['Content-Length beyond 64 bits', 400, `${post}Content-Length: 99999999999999999999999\r\n\r\nab`],
  [
    'chunked body where WSGIChunkedRequest is off',
    411,
    `${post}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
  ],
  ['expectation that nobody knows', 417, `${post}Expect: tea\r\nContent-Length: 3\r\n\r\nabc`],
];

test('malformed and ambiguous requests', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
      CustomLog ${folder}/access_log combined
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/tell-calls.wsgi`,
    files: { 'tell-calls.wsgi': tellCalls },
    allowErrors: [/unknown transfer coding/, /WSGIChunkedRequest is off/],
  });
  const accessLines = (): readonly string[] =>
    readFileSync(`${server.paths.folder}/access_log`, 'latin1').split('\n').slice(0, -1);

  for (const [name, status, request] of refused) {
    await context.test(`${name}: ${status}`, async () => {
      const before = accessLines().length;
      using client = await RawClient.open(server);
      // What comes after the refused request must never be taken for another one.
      client.send(`${request}GET /smuggled HTTP/1.1\r\n${host}\r\n`);
      if (status === 404) client.endSending();
      assert.equal(await client.waitForEnd(), 'ended');
      const [first, ...rest] = client.statuses;
      assert.equal(first, status);
      if (status !== 404) assert.deepEqual(rest, []);
      const line = await waitFor('its access-log line', () => {
        const lines = accessLines().slice(before);
        // Where the connection goes on, the next test begins when the other request has its line, too.
        return lines.length < client.statuses.length ? undefined : lines[0];
      });
      assert.match(line, new RegExp(`^127\\.0\\.0\\.1 - - \\[[^\\]]+\\] ".+" ${status} \\d+ "-" "-"$`));
    });
  }

  await context.test('no application was called, and the log says why at level info', async () => {
    const log = server.errorLog();
    const calls = log.match(/called for .*/g) ?? [];
    // The two with 404 are well-formed: the connection goes on.
    assert.deepEqual(calls, ['called for /smuggled', 'called for /smuggled']);
    server.allowErrors.push(/called for \/smuggled/);
    assert.match(log, /\[core:info\] .*\[client 127\.0\.0\.1:\d+\] client sent several Host headers/);
    assert.match(log, /\[core:info\] .*\[client 127\.0\.0\.1:\d+\] request refused with 400: .*Content-Length/);
  });
});
