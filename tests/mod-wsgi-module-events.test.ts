/** mod_wsgi.subscribe_events, subscribe_shutdown and subscribe_signals in a real daemon process. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

interface Report {
  readonly names: readonly string[];
  readonly finished: readonly Readonly<Record<string, unknown>>[];
}

test('subscribers are told of requests, signals and the end, and may wrap the application', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /site ${folder}/subscribe.wsgi`,
    files: { 'subscribe.wsgi': application('subscribe') },
    allowErrors: [/\[script .*subscribe\.wsgi\]/, /subscriber: process_/],
  });
  // Subscribed while its first request was being prepared: that one is not followed.
  await server.request('/site/first');

  const wrapped = await server.request('/site/x');
  assert.deepEqual(JSON.parse(wrapped.text), { script: '/site' });
  assert.match(String(wrapped.headers['x-wrapped']), /^\S+$/);

  assert.equal((await server.request('/site/fail')).status, 500);
  const survived = await server.request('/site/subscriber-fails');
  assert.equal(survived.status, 200);
  await server.waitForLog(/SystemExit exception raised by subscriber 'fail' of event 'request_started'; ignored\./);

  const { names, finished } = JSON.parse((await server.request('/site/report')).text) as Report;
  assert.deepEqual(names, [
    ...['request_started', 'response_started', 'request_finished'],
    ...['request_started', 'request_exception', 'request_finished'],
    ...['request_started', 'response_started', 'request_finished'],
    // The one that reports, so far.
    'request_started',
  ]);
  assert.deepEqual(
    finished.map(({ status }) => status),
    [200, 500, 200],
  );
  assert.equal(finished[0]?.output_length, wrapped.body.length);
  assert.equal(finished[0]?.request_id, wrapped.headers['x-wrapped']);

  const [pid] = server.daemonPids();
  assert(pid !== undefined);
  process.kill(pid, 'SIGHUP');
  await server.waitForLog(/subscriber: process_signal SIGHUP 1$/m);
  process.kill(pid, 'SIGUSR2');
  await server.waitForLog(/subscriber: process_signal SIGUSR2 12$/m);
  assert.equal((await server.request('/site/x')).status, 200);
  assert.deepEqual(server.daemonPids(), [pid]);

  await server.stop();
  assert.equal(server.errorLog().match(/subscriber: process_stopping shutdown_signal True$/gm)?.length, 1);
});
