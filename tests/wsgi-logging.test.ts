/** What applications print and what requests leave behind: the error log's form, the client in it, and the access log. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const printALot = `
import logging, sys, threading

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/print":
        print("printed by print")
        print("to stderr", file=sys.stderr)
        environ["wsgi.errors"].write("to wsgi.errors\\n")
        environ["wsgi.errors"].write("two lines\\nat once\\n")
        environ["wsgi.errors"].writelines(["without ", "its newline"])
        sys.stdout.write("flushed half")
        sys.stdout.flush()
        sys.stderr.buffer.write(b"bytes \\xc3\\xa9 \\xff\\n")
        print("forged\\r[Mon Jan 01 00:00:00 2024] [core:crit] \\x1b[31m", end="\\n")
        logging.warning("by the logging module")
        thread = threading.Thread(target=print, args=("by another thread",))
        thread.start()
        thread.join()
    if path == "/many":
        for index in range(200):
            print("line", environ["QUERY_STRING"], index)
    body = b"<body>"
    start_response("404 Not Found" if path == "/absent" else "200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;

test('logs', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
      CustomLog ${folder}/access_log combined
      WSGIDaemonProcess app threads=4
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/print-a-lot.wsgi`,
    files: { 'print-a-lot.wsgi': printALot },
    allowErrors: [/\[script .*print-a-lot\.wsgi\]/, /by another thread/],
  });
  const script = `${server.paths.folder}/print-a-lot.wsgi`;

  await context.test(
    'what is printed has time, process, thread, client and script, a record for each line',
    async () => {
      using client = await RawClient.open(server);
      client.send('GET /print HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await client.waitForEnd();
      await server.waitForLog(/without its newline/);
      const records = server
        .errorLog()
        .split('\n')
        .filter((line) => line.includes('[script '));
      const [pid] = server.daemonPids('app');
      const form = new RegExp(
        `^\\[\\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6} \\d{4}\\] \\[wsgi:error\\] \\[pid ${pid}:tid \\d+\\] ` +
          `\\[client 127\\.0\\.0\\.1:\\d+\\] \\[script ${script}\\] (.*)$`,
      );
      const texts = records.map((line) => form.exec(line)?.[1] ?? assert.fail(`not in form: ${line}`));
      assert.deepEqual(texts.slice(0, 6), [
        'printed by print',
        'to stderr',
        'to wsgi.errors',
        'two lines',
        'at once',
        'flushed half',
      ]);
      for (const text of ['without its newline', 'WARNING:root:by the logging module'])
        assert(texts.includes(text), text);
      assert(texts.some((text) => text.startsWith('bytes ')));
      // Nobody forges a record or drives a terminal.
      assert.equal(texts.filter((text) => text.startsWith('forged')).length, 1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be in the log
      assert.doesNotMatch(server.errorLog(), /[\r\x1b]/);
      assert.match(server.errorLog(), /^\[[^\]]+\] \[wsgi:error\] \[pid \d+:tid \d+\] by another thread$/m);
    },
  );

  await context.test('lines of requests that run at once stay whole', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => server.request(`/many?${index}`)));
    await waitFor('all lines', () => (server.errorLog().match(/\] line \d \d+$/gm)?.length ?? 0) === 1600);
  });

  await context.test('the access log has one line for each request, in the combined form', async () => {
    const access = (): string[] => readFileSync(`${server.paths.folder}/access_log`, 'latin1').trimEnd().split('\n');
    // Those of the requests above: one, and eight.
    const before = 9;
    await waitFor('the lines so far', () => access().length === before);
    await server.request('/', { headers: { Referer: 'http://a/"b"', 'User-Agent': 'test\\1' } });
    await server.request('/absent?q=1', { method: 'POST', body: 'x' });
    await server.request('/', { method: 'HEAD' });
    await server.rawRequest('NONSENSE\r\n\r\n');
    await server.rawRequest('GET / HTTP/1.1\r\n\r\n');
    const lines = await waitFor('five lines', () => {
      const all = access().slice(before);
      return all.length >= 5 ? all : undefined;
    });
    const time = '127.0.0.1 - - [TIME]';
    const rest = lines.map((line) =>
      line.replace(/\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/, '[TIME]').replace(/ 400 \d+ /, ' 400 SIZE '),
    );
    assert.deepEqual(rest, [
      `${time} "GET / HTTP/1.1" 200 6 "http://a/\\"b\\"" "test\\\\1"`,
      `${time} "POST /absent?q=1 HTTP/1.1" 404 6 "-" "-"`,
      `${time} "HEAD / HTTP/1.1" 200 - "-" "-"`,
      `${time} "NONSENSE" 400 SIZE "-" "-"`,
      `${time} "GET / HTTP/1.1" 400 SIZE "-" "-"`,
    ]);
  });
});
