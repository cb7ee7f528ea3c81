/** examples/django through a browser's requests: admin, forms, upload, streamed CSV, static files. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Browser, type Page } from './support/browser.js';
import { startExample } from './support/example.js';

const uploadBytes = 5 * 1024 * 1024;

for (const validated of [false, true]) {
  test(`the bookshelf${validated ? ' under wsgiref.validate' : ''}`, async (t) => {
    await using example = await startExample('django', validated);
    const { server } = example;
    const browser = new Browser(server);
    assert.equal(server.daemonPids('bookshelf').length, 2);

    await t.test('static files', async () => {
      const css = await browser.get('/static/catalogue/bookshelf.css');
      assert.equal(css.status, 200);
      assert.match(String(css.headers['content-type']), /^text\/css/);
      assert.equal((await browser.get('/static/admin/css/base.css')).status, 200);
      assert.match((await browser.get('/robots.txt')).text, /Disallow/);
      assert.equal((await browser.get('/favicon.ico')).status, 200);
    });

    await t.test('pages', async () => {
      assert.equal((await browser.get('/')).status, 200);
      assert.match((await browser.get('/?q=%E6%97%A5')).text, /日本橋/);
      assert.equal((await browser.get('/books/99999/')).status, 404);
      const head = await browser.send('/', { method: 'HEAD' });
      assert.deepEqual({ status: head.status, bytes: head.body.length }, { status: 200, bytes: 0 });
      server.allowErrors.push(/WARNING django\.request: Not Found: \/books\/99999\//);
    });

    await t.test('a form with a CSRF token', async () => {
      const form = { title: 'Tést <book>', author_name: 'New Author', published: '1999', pages: '10', notes: 'x\ny' };
      const token = tokenOf(await browser.get('/books/add/'));
      server.allowErrors.push(/WARNING django.security.csrf: Forbidden \(CSRF token missing/);
      assert.equal((await browser.post('/books/add/', form)).status, 403);
      const added = await browser.post('/books/add/', { ...form, csrfmiddlewaretoken: token });
      assert.equal(added.status, 200);
      assert.match(added.path, /^\/books\/\d+\/$/);
      assert.match(added.text, /Tést &lt;book&gt;[\s\S]*/);
    });

    await t.test('a 5 MB file comes back unchanged', async () => {
      const content = randomBytes(uploadBytes);
      const token = tokenOf(await browser.get('/files/'));
      const file = { field: 'file', name: 'we ird.bin', content };
      const listed = await browser.upload('/files/', { csrfmiddlewaretoken: token }, file);
      assert.equal(listed.status, 200);
      const [link = ''] = /\/files\/\d+\//.exec(listed.text) ?? [];
      const download = await browser.get(link);
      assert.equal(download.status, 200);
      assert(download.body.equals(content));
    });

    await t.test('the CSV is streamed', async () => {
      // Once before it is timed: the first request of a process loads what the view needs.
      await browser.get('/books.csv');
      const { status, text, headers, complete, headersMs, durationMs } = await browser.get('/books.csv?repeat=1000');
      assert.deepEqual({ status, complete }, { status: 200, complete: true });
      assert.match(String(headers['content-type']), /^text\/csv/);
      assert.equal(headers['content-length'], undefined);
      assert((text.match(/\n/g)?.length ?? 0) > 50_000);
      assert(headersMs < durationMs / 2, `the first block came after ${headersMs} of ${durationMs} ms`);
    });

    await t.test('the admin', async () => {
      const login = await browser.get('/admin/');
      assert.match(login.path, /^\/admin\/login\//);
      const password = readFileSync(join(example.var, 'admin-password'), 'utf8').trim();
      const index = await browser.post(login.path, {
        username: 'admin',
        password,
        csrfmiddlewaretoken: tokenOf(login),
      });
      assert.deepEqual({ status: index.status, path: index.path }, { status: 200, path: '/admin/' });
      const name = `Author ${Date.now()}`;
      const form = await browser.get('/admin/catalogue/author/add/');
      const added = await browser.post('/admin/catalogue/author/add/', {
        name,
        born: '1950',
        csrfmiddlewaretoken: tokenOf(form),
      });
      assert.equal(added.path, '/admin/catalogue/author/');
      assert.match(added.text, /was added successfully/);
      assert((await browser.get('/admin/catalogue/author/')).text.includes(name), 'it is listed');
      assert.match((await browser.get('/admin/catalogue/book/?q=harbour')).text, /Harbour/);
      const out = await browser.post('/logout/', { csrfmiddlewaretoken: tokenOf(await browser.get('/')) });
      assert.match(out.text, /Log in/);
    });
  });
}

function tokenOf({ text, path }: Page): string {
  const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(text)?.[1];
  assert(token !== undefined, `no form in ${path}:\n${text.slice(0, 500)}`);
  return token;
}
