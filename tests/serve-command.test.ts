/** `serve`: one application by one command, in each of the three ways to name it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { commandLine } from './support/processes.js';
import { application, type TestPaths, TestServer, type TestServerOptions } from './support/server.js';

const greeter = (name: string): string => `
def ${name}(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"${name} of " + __name__.encode()]
`;

/** What every serve of these tests has: a free port, the test's log and sockets in its folder. */
function serveOptions({ folder }: TestPaths): string[] {
  return ['--host', '127.0.0.1', '--port', '0', '--log-directory', folder, '--socket-prefix', `${folder}/run`];
}

function startServe(words: (paths: TestPaths) => readonly string[], files: NonNullable<TestServerOptions['files']>) {
  return TestServer.start({
    config: '',
    files,
    command: (paths) => ['serve', ...words(paths), ...serveOptions(paths)],
  });
}

test('a WSGI script, with the defaults of mod_wsgi-express', async () => {
  await using server = await startServe(({ folder }) => [`${folder}/site.wsgi`], { 'site.wsgi': application('probe') });
  const { status, text } = await server.request('/a/b?c=d', { headers: { Authorization: 'Basic eDp5' } });
  assert.equal(status, 200);
  assert.match(text, /^SCRIPT_NAME = ''$/m);
  assert.match(text, /^PATH_INFO = '\/a\/b'$/m);
  assert.match(text, /^HTTP_AUTHORIZATION = 'Basic eDp5'$/m);
  assert.match(text, /^mod_wsgi\.process_group = '127\.0\.0\.1:0'$/m);
  assert.match(text, /^mod_wsgi\.application_group = ''$/m);
  assert.match(text, /^wsgi\.multithread = True$/m);
  assert.match(text, /^wsgi\.multiprocess = False$/m);
  const [pid] = server.daemonPids();
  assert(pid !== undefined);
  assert.equal(commandLine(pid), '(wsgi:127.0.0.1:0)');
  assert.match(server.output(), /5 request threads/);
});

test('path.py:callable', async () => {
  await using server = await startServe(() => ['apps/site.py:greet'], { 'apps/site.py': greeter('greet') });
  assert.match((await server.request('/')).text, /^greet of _mod_wsgi_/);
});

test('package.module:callable', async () => {
  await using server = await startServe(() => ['shop.site:greet'], {
    'shop/__init__.py': '',
    'shop/site.py': greeter('greet'),
  });
  assert.equal((await server.request('/')).text, 'greet of shop.site');
});

test('--callable-object, --mount-point, --processes and --threads', async () => {
  await using server = await startServe(
    () => ['site.wsgi', '--callable-object', 'main', '--mount-point', '/app', '--processes', '2', '--threads', '1'],
    { 'site.wsgi': `${application('probe')}\n\nmain = application\ndel application\n` },
  );
  const { text } = await server.request('/app/x');
  assert.match(text, /^SCRIPT_NAME = '\/app'$/m);
  assert.match(text, /^PATH_INFO = '\/x'$/m);
  assert.match(text, /^wsgi\.multithread = False$/m);
  assert.match(text, /^wsgi\.multiprocess = True$/m);
  assert.equal(server.daemonPids().length, 2);
  assert.equal((await server.request('/')).status, 404);
});

test('--working-directory and --python-path', async () => {
  const script = `
import os
import beside
import elsewhere


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getcwd()} {beside.NAME} {elsewhere.NAME}".encode()]
`;
  await using server = await startServe(
    () => ['site.wsgi', '--working-directory', 'work', '--python-path', 'library'],
    { 'site.wsgi': script, 'work/beside.py': 'NAME = "one"\n', 'library/elsewhere.py': 'NAME = "two"\n' },
  );
  assert.equal((await server.request('/')).text, `${server.paths.folder}/work one two`);
});

test('--url-alias and --document-root come before the application', async () => {
  await using server = await startServe(
    () => [
      'site.wsgi',
      '--url-alias',
      '/static',
      'assets',
      '--url-alias',
      '/icon',
      'icon.txt',
      '--document-root',
      'htdocs',
    ],
    {
      'site.wsgi': application('hello'),
      'assets/style.css': 'body{}',
      'icon.txt': 'icon',
      'htdocs/robots.txt': 'User-agent: *\n',
    },
  );
  const css = await server.request('/static/style.css');
  assert.equal(css.text, 'body{}');
  assert.match(String(css.headers['content-type']), /^text\/css/);
  assert.equal((await server.request('/icon')).text, 'icon');
  assert.equal((await server.request('/robots.txt')).text, 'User-agent: *\n');
  for (const url of ['/', '/none.txt', '/htdocs/robots.txt']) {
    assert.equal((await server.request(url)).text, 'hello\n', url);
  }
  assert.equal((await server.request('/static/none.css')).status, 404);
});

test('run -f of what --print-config prints does the same', async () => {
  const words = (folder: string): readonly string[] => [
    'serve',
    `${folder}/site.wsgi`,
    '--url-alias',
    '/static',
    'assets',
  ];
  const files = { 'site.wsgi': application('probe'), 'assets/style.css': 'body{}' };
  let printed = '';
  {
    await using server = await TestServer.start({
      config: '',
      files,
      command: (paths) => [...words(paths.folder), ...serveOptions(paths)],
    });
    const { folder } = server.paths;
    const result = await runStillhouse([...words(folder), ...serveOptions(server.paths), '--print-config'], {
      cwd: folder,
    });
    assert.equal(result.exitStatus, 0, result.stderr);
    assert.equal(result.stderr, '');
    printed = result.stdout.replaceAll(folder, '@FOLDER@');
  }
  assert.match(printed, /^WSGIScriptAlias \/ @FOLDER@\/site\.wsgi process-group=/m);
  await using server = await TestServer.start({
    listen: '',
    config: ({ folder }) => printed.replaceAll('@FOLDER@', folder),
    files,
  });
  assert.equal((await server.request('/static/style.css')).text, 'body{}');
  const { text } = await server.request('/');
  assert.match(text, /^mod_wsgi\.process_group = '127\.0\.0\.1:0'$/m);
  assert.match(server.output(), /5 request threads/);
});

test('--print-config of a module shows the script that it stands for', async () => {
  const { exitStatus, stdout } = await runStillhouse(['serve', 'shop.site:greet', '--print-config']);
  assert.equal(exitStatus, 0);
  assert.match(stdout, /^# from shop\.site import greet$/m);
});

const refusals: readonly { words: readonly string[]; exitStatus: number; says: RegExp }[] = [
  { words: ['serve', 'none.wsgi'], exitStatus: 2, says: /there is no file '.*none\.wsgi'/ },
  { words: ['serve', '/tmp/x.wsgi:not-a-name'], exitStatus: 2, says: /'not-a-name' is no name/ },
  { words: ['serve'], exitStatus: 2, says: /missing required argument/ },
  { words: ['serve', 'a.wsgi', '--port', '70000'], exitStatus: 2, says: /--port.*0 to 65535/ },
  { words: ['serve', 'a.wsgi', '--prot', '70'], exitStatus: 2, says: /unknown option '--prot'[\s\S]*--port/ },
  { words: ['sevre', 'a.wsgi'], exitStatus: 2, says: /unknown command 'sevre'[\s\S]*serve/ },
];

for (const { words, exitStatus, says } of refusals) {
  test(`stillhouse ${words.join(' ')}`, async () => {
    const result = await runStillhouse(words);
    assert.equal(result.exitStatus, exitStatus);
    assert.match(result.stderr, says);
  });
}
