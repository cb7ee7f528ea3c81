/** examples/flask: the JSON API, uploads, ranges, a streamed answer. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Browser } from './support/browser.js';
import { startExample } from './support/example.js';

const json = { 'Content-Type': 'application/json' };

for (const validated of [false, true]) {
  test(`the notes${validated ? ' under wsgiref.validate' : ''}`, async (t) => {
    await using example = await startExample('flask', validated);
    const browser = new Browser(example.server);

    await t.test('static files', async () => {
      for (const path of ['/robots.txt', '/static/notes.css', '/static/notes.js']) {
        assert.equal((await browser.get(path)).status, 200, path);
      }
    });

    await t.test('the JSON API', async () => {
      const added = await browser.send('/api/notes', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ text: 'héllo' }),
      });
      assert.equal(added.status, 201);
      const { id } = JSON.parse(added.text) as { id: number };
      assert.equal(added.headers.location, `/api/notes/${id}`);
      assert.equal((JSON.parse((await browser.get(`/api/notes/${id}`)).text) as { text: string }).text, 'héllo');
      assert.match((await browser.get('/')).text, /héllo/);
      for (const [body, headers, status] of [
        ['{"text":1}', json, 400],
        ['{', json, 400],
        ['x=1', {}, 415],
      ] as const) {
        assert.equal((await browser.send('/api/notes', { method: 'POST', headers, body })).status, status, body);
      }
      assert.equal((await browser.send(`/api/notes/${id}`, { method: 'DELETE' })).status, 204);
      assert.equal((await browser.get(`/api/notes/${id}`)).status, 404);
    });

    await t.test('files', async () => {
      for (const length of [0, 5 * 1024 * 1024]) {
        const content = randomBytes(length);
        const name = `file-of-${length}`;
        const page = await browser.upload('/files', {}, { field: 'file', name, content });
        const link = new RegExp(`href="(/files/\\w+)">${name}<`).exec(page.text)?.[1] ?? '';
        const file = await browser.get(link);
        assert.equal(file.status, 200);
        assert(file.body.equals(content));
        if (length === 0) continue;
        const range = await browser.send(link, { headers: { Range: 'bytes=10-19' } });
        assert.equal(range.status, 206);
        assert(range.body.equals(content.subarray(10, 20)));
        const unchanged = await browser.send(link, { headers: { 'If-None-Match': String(file.headers.etag) } });
        assert.equal(unchanged.status, 304);
      }
      assert.equal((await browser.get('/files/..%2fnotes.sqlite3')).status, 404);
    });

    await t.test('a streamed answer', async () => {
      const { status, text, headersMs, durationMs } = await browser.get('/api/ticks?count=8');
      assert.equal(status, 200);
      assert.equal(text.match(/\n/g)?.length, 8);
      assert(headersMs < durationMs / 2, `the first line came after ${headersMs} of ${durationMs} ms`);
    });
  });
}
