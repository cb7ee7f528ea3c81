/** Clients that leave before they have their answer: close() runs once, the thread is free again, the log stays quiet. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

// Notes go to a file of their own, so that the error log can be shown to be quiet.
const takeNotes = `
import os, time

class Blocks:
    def __init__(self, environ, blocks):
        self.environ = environ
        self.blocks = blocks

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.blocks)

    def close(self):
        note(self.environ, "closed")

def note(environ, what):
    with open(environ["NOTES"], "a") as notes:
        notes.write(f"{environ['PATH_INFO']} {what}\\n")

def application(environ, start_response):
    note(environ, "began")
    return {
        "/trickle": trickle,
        "/flood": flood,
        "/read": read,
        "/write": write,
        "/sleep": sleep,
        "/hello": hello,
    }[environ["PATH_INFO"]](environ, start_response)

def hello(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]

def sleep(environ, start_response):
    time.sleep(1.5)
    note(environ, "slept")
    start_response("200 OK", [("Content-Length", "5")])
    return Blocks(environ, iter([b"slept"]))

def trickle(environ, start_response):
    start_response("200 OK", [])
    def blocks():
        for index in range(60):
            yield b"block\\n"
            time.sleep(0.3)
    return Blocks(environ, blocks())

def flood(environ, start_response):
    start_response("200 OK", [])
    def blocks():
        while True:
            yield b"x" * 100000
    return Blocks(environ, blocks())

def read(environ, start_response):
    start_response("200 OK", [])
    try:
        environ["wsgi.input"].read()
    except OSError:
        note(environ, "read failed")
        raise
    return [b"read"]

def write(environ, start_response):
    write = start_response("200 OK", [])
    try:
        while True:
            write(b"x" * 1000)
            time.sleep(0.05)
    except OSError:
        note(environ, "write failed")
        raise
`;

test('clients that leave', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      LogFormat "%r %>s %X" status
      CustomLog ${folder}/access_log status
      SetEnv NOTES ${folder}/notes/of-application
      WSGIDaemonProcess app threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/take-notes.wsgi`,
    files: { 'take-notes.wsgi': takeNotes, 'notes/readme': '' },
  });
  const { chmodSync } = await import('node:fs');
  chmodSync(`${server.paths.folder}/notes`, 0o777);
  const notesOf = (path: string): readonly string[] => {
    try {
      const notes = readFileSync(`${server.paths.folder}/notes/of-application`, 'utf8');
      return notes.split('\n').flatMap((line) => (line.startsWith(`${path} `) ? [line.slice(path.length + 1)] : []));
    } catch {
      return [];
    }
  };
  const noted = (path: string, ...expected: string[]): Promise<unknown> =>
    waitFor(
      `notes ${expected} of ${path}, which has ${notesOf(path)}`,
      () => JSON.stringify(notesOf(path)) === JSON.stringify(expected),
    );
  const request = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`;
  /** There is one request thread: where it is not free nobody is answered. */
  const threadIsFree = async (): Promise<void> => {
    assert.equal((await server.request('/hello', { timeoutMs: 5000 })).text, 'hello');
  };

  for (const how of ['close', 'reset'] as const) {
    await context.test(`an application that yields a block now and then (${how})`, async () => {
      const before = notesOf('/trickle').length;
      const client = await RawClient.open(server);
      client.send(request('/trickle'));
      await client.waitFor(/block/);
      client.leave(how);
      await waitFor('close()', () => notesOf('/trickle').length === before + 2);
      await threadIsFree();
      assert.deepEqual(notesOf('/trickle').slice(before), ['began', 'closed']);
    });
  }

  await context.test('an application that is stopped by a full window', async () => {
    const client = await RawClient.open(server, { isReading: false });
    client.send(request('/flood'));
    await noted('/flood', 'began');
    await new Promise((resolve) => setTimeout(resolve, 500));
    client.leave('reset');
    await noted('/flood', 'began', 'closed');
    await threadIsFree();
  });

  await context.test('an application that is in wsgi.input.read()', async () => {
    const client = await RawClient.open(server);
    client.send(request('/read', 'Content-Length: 10\r\n')).send('half');
    await noted('/read', 'began');
    client.leave();
    await noted('/read', 'began', 'read failed');
    await threadIsFree();
  });

  await context.test('an application that uses write()', async () => {
    const client = await RawClient.open(server);
    client.send(request('/write'));
    await client.waitFor(/xxx/);
    client.leave();
    await noted('/write', 'began', 'write failed');
    await threadIsFree();
  });

  await context.test('while the only thread sleeps another client leaves: its request is never run', async () => {
    using sleeper = await RawClient.open(server);
    sleeper.send(request('/sleep'));
    await noted('/sleep', 'began');
    const calls = notesOf('/hello').length;
    const client = await RawClient.open(server);
    client.send(request('/hello'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.leave('reset');
    const inUpload = await RawClient.open(server);
    inUpload.send(request('/hello', 'Content-Length: 10\r\n')).send('half');
    await new Promise((resolve) => setTimeout(resolve, 100));
    inUpload.leave('close');
    await sleeper.waitFor(/slept$/);
    await threadIsFree();
    assert.equal(notesOf('/hello').length, calls + 1);
    assert.deepEqual(notesOf('/sleep'), ['began', 'slept', 'closed']);
  });

  await context.test('the access log has a line for each, marked X; the error log has nothing', async () => {
    const lines = (): string[] => readFileSync(`${server.paths.folder}/access_log`, 'utf8').trimEnd().split('\n');
    await waitFor('the last line', () => lines().filter((line) => line.includes('/hello')).length >= 6);
    const aborted = lines().filter((line) => line.endsWith(' X'));
    const expected = ['/trickle', '/trickle', '/flood', '/read', '/write', '/hello', '/hello'];
    assert.deepEqual(aborted.map((line) => line.split(' ')[1]).sort(), expected.sort());
    assert.equal(lines().filter((line) => line === 'GET /trickle HTTP/1.1 200 X').length, 2);
    const noise = server
      .errorLog()
      .split('\n')
      .filter((line) => /:(?:warn|error|crit|alert|emerg)\]/.test(line));
    assert.deepEqual(noise, []);
  });
});

test('a thread that runs on for a client that left is not given another request', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      SetEnv NOTES ${folder}/notes/of-application
      WSGIDaemonProcess app processes=2 threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/sleep-long.wsgi`,
    files: {
      'sleep-long.wsgi': `
import os, time
def application(environ, start_response):
    if environ["PATH_INFO"] == "/long":
        print("sleeps long")
        time.sleep(2)
        print("slept long")
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`,
    },
    allowErrors: [/sleeps long/, /slept long/],
  });
  const client = await RawClient.open(server);
  client.send('GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await server.waitForLog(/sleeps long/);
  client.leave('reset');
  // Long enough for the server to notice.
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (let index = 0; index < 10; index++) {
    const { durationMs } = await server.request('/');
    assert(durationMs < 900, `request ${index} took ${durationMs} ms: it waited behind the one that nobody wants`);
  }
  assert.doesNotMatch(server.errorLog(), /slept long/);
  await server.waitForLog(/slept long/);
});
