/** The fixture applications under wsgiref.validate, which checks both sides of PEP 3333: nothing is reported. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, type TestRequest, TestServer } from './support/server.js';

const noCallable =
  'def app(environ, start_response):\n    start_response("200 OK", {})\n    return []\n\n\napplication = app\n';

const cases: readonly { fixture: string; url?: string; request?: TestRequest; text?: RegExp; bytes?: number }[] = [
  { fixture: 'hello', text: /^hello\n$/ },
  { fixture: 'hello', request: { method: 'HEAD' }, bytes: 0 },
  { fixture: 'probe', url: '/a%20b/c?x=1', text: /PATH_INFO = '\/a b\/c'/ },
  {
    fixture: 'sleep',
    url: '/?seconds=0.01',
    request: { method: 'POST', body: Buffer.alloc(70_000) },
    text: /^\d+ 70000\n$/,
  },
  { fixture: 'echo', request: { method: 'POST', body: Buffer.alloc(1_000_000, 'x') }, bytes: 1_000_000 },
  { fixture: 'echo', request: { method: 'POST', body: '' }, bytes: 0 },
  { fixture: 'stream', url: '/?blocks=20&bytes=5000', bytes: 100_000 },
  { fixture: 'stream', url: '/?blocks=3', request: { method: 'HEAD' }, bytes: 0 },
  { fixture: 'count-concurrency', url: '/?seconds=0', text: /^\d+ 1 \d+\n$/ },
];
const fixtures = [...new Set(cases.map(({ fixture }) => fixture))];

test('fixture applications', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=2
      WSGIProcessGroup site
      WSGIApplicationGroup %{GLOBAL}
      ${[...fixtures, 'wrong'].map((name) => `WSGIScriptAlias /${name} ${folder}/${name}/validated.wsgi`).join('\n')}`,
    files: Object.fromEntries(
      fixtures.flatMap((name) => [
        [`${name}/original.py`, application(name)],
        [`${name}/validated.wsgi`, application('validated')],
      ]),
    ),
  });
  for (const { fixture, url = '/', request = {}, text, bytes } of cases) {
    const response = await server.request(`/${fixture}${url}`, request);
    assert.deepEqual(
      { status: response.status, complete: response.complete },
      { status: 200, complete: true },
      fixture,
    );
    if (text !== undefined) assert.match(response.text, text);
    if (bytes !== undefined) assert.equal(response.body.length, bytes);
  }
});

test('a breach of PEP 3333 would be seen', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=2
      WSGIProcessGroup site
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/validated.wsgi`,
    files: { 'original.py': noCallable, 'validated.wsgi': application('validated') },
    allowErrors: [/\[script .*validated\.wsgi\]/, /raised processing WSGI script/],
  });
  assert.equal((await server.request('/')).status, 500);
  await server.waitForLog(/AssertionError: Headers .*must be of type list/);
});
