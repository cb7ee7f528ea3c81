/** `serve` with options about processes, services, proxies and rewriting: they are in effect, also by `run` of the printed configuration. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { commandLine, waitFor } from './support/processes.js';
import { application, type TestPaths, TestServer } from './support/server.js';

type Files = Readonly<Record<string, string>>;

function serveWords(words: readonly string[], { folder }: TestPaths): readonly string[] {
  const place = ['--host', '127.0.0.1', '--port', '0', '--log-directory', folder, '--socket-prefix', `${folder}/run`];
  return ['serve', ...words, ...place];
}

function startServe(words: readonly string[], files: Files): Promise<TestServer> {
  return TestServer.start({ config: '', files, command: (paths) => serveWords(words, paths) });
}

test('--maximum-requests and --request-timeout', async () => {
  await using server = await startServe(
    ['site.wsgi', '--threads', '1', '--maximum-requests', '3', '--request-timeout', '1'],
    { 'site.wsgi': application('get-stuck') },
  );
  assert.equal((await server.request('/?how=sleep')).status, 504);
  await server.waitForLog(/Daemon process request time limit exceeded, stopping daemon process '127\.0\.0\.1:0'\./);
  let answers = 0;
  await waitFor('the end of a process by maximum-requests', async () => {
    answers += 1;
    assert.equal((await server.request('/')).status, 200);
    return /Maximum requests reached; triggering immediate shutdown/.test(server.errorLog());
  });
  assert(answers >= 2, `after ${answers} requests`);
});

const service = `import os, time
with open('writable/service.new', 'w') as file:
    file.write(f'{os.getpid()} {os.getcwd()}')
os.rename('writable/service.new', 'writable/service')
while True:
    time.sleep(0.1)
`;

test('--service-script', async () => {
  await using server = await startServe(['site.wsgi', '--service-script', 'jobs', 'jobs.py'], {
    'site.wsgi': application('hello'),
    'jobs.py': service,
  });
  const { folder, writable } = server.paths;
  const note = join(writable, 'service');
  await waitFor('the note of the service', () => existsSync(note));
  const [pid, workingFolder] = readFileSync(note, 'utf8').split(' ');
  assert.equal(workingFolder, folder);
  assert.deepEqual(server.daemonPids('service:jobs'), [Number(pid)]);
  assert.equal(commandLine(Number(pid)), '(wsgi:service:jobs)');
  assert.equal((await server.request('/')).text, 'hello\n');
});

const files = {
  'site.wsgi': `
def application(environ, start_response):
    status = "404 Not Found" if environ["PATH_INFO"] == "/none" else "200 OK"
    method = environ["REQUEST_METHOD"]
    start_response(status, [("Content-Type", "text/plain"), ("X-Method", method)])
    return [" ".join(environ[name] for name in ("REMOTE_ADDR", "wsgi.url_scheme", "PATH_INFO")).encode()]
`,
  'missing.html': 'our own page',
  'rules.conf': 'RewriteRule "^/old$" "/new" [R=301,L]\nRewriteRule "^/inner$" "/outer" [PT]\n',
};
const words = [
  ...['site.wsgi', '--threads', '1', '--display-name', 'the-site', '--pid-file', 'pid', '--map-head-to-get', 'on'],
  ...['--trust-proxy-header', 'X-Forwarded-For', '--trust-proxy-header', 'X-Forwarded-Proto'],
  ...['--trust-proxy', '127.0.0.1', '--rewrite-rules', 'rules.conf'],
  ...['--url-alias', '/pages', '.', '--error-document', '404', '/pages/missing.html', '--error-override'],
];

/** Answers that are others without the options. */
async function checkAnswers(server: TestServer): Promise<void> {
  const headers = { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https' };
  assert.equal((await server.request('/a', { headers })).text, '192.0.2.7 https /a');
  assert.equal((await server.request('/a', { method: 'HEAD' })).headers['x-method'], 'GET');
  const missing = await server.request('/none');
  assert.deepEqual([missing.status, missing.text], [404, 'our own page']);
  const moved = await server.request('/old');
  assert.equal(moved.status, 301);
  assert.match(String(moved.headers.location), /\/new$/);
  assert.match((await server.request('/inner')).text, / \/outer$/);
  const [pid] = server.daemonPids();
  assert(pid !== undefined);
  assert.equal(commandLine(pid), 'the-site');
  assert.equal(readFileSync(join(server.paths.folder, 'pid'), 'utf8').trim(), String(server.pid));
}

test('proxies, error documents, rewriting and names; by serve, and by run of what it prints', async () => {
  let printed = '';
  {
    await using server = await startServe(words, files);
    await checkAnswers(server);
    const { folder } = server.paths;
    const result = await runStillhouse([...serveWords(words, server.paths), '--print-config'], { cwd: folder });
    assert.equal(result.exitStatus, 0, result.stderr);
    printed = result.stdout.replaceAll(folder, '@FOLDER@');
  }
  await using server = await TestServer.start({
    listen: '',
    config: ({ folder }) => printed.replaceAll('@FOLDER@', folder),
    files,
  });
  await checkAnswers(server);
});

const refusals: readonly { words: readonly string[]; says: RegExp }[] = [
  { words: ['--service-script', 'jobs', 'none.py'], says: /there is no file '.*none\.py'/ },
  { words: ['--service-user', 'jobs', 'nobody'], says: /--service-user jobs: there is no --service-script jobs/ },
  { words: ['--service-script', 'jobs'], says: /two words are needed/ },
  { words: ['--map-head-to-get', 'maybe'], says: /--map-head-to-get.*Auto, On, Off/ },
  { words: ['--ready-url', 'ready'], says: /--ready-url.*begin with \// },
  { words: ['--send-buffer-size', '100'], says: /--send-buffer-size.*0, or at least 512/ },
];

for (const { words: refused, says } of refusals) {
  test(`serve ${refused.join(' ')}`, async () => {
    const { exitStatus, stderr } = await runStillhouse(['serve', 'examples/plain/wsgi-scripts/probe.wsgi', ...refused]);
    assert.equal(exitStatus, 2, stderr);
    assert.match(stderr, says);
  });
}
