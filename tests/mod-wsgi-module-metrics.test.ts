/** mod_wsgi's metrics functions, in a real daemon process: counted are the requests that clients made. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

interface Answer {
  readonly request?: Readonly<Record<string, number>> & {
    readonly request_threads_completed: readonly number[];
    readonly application_time_buckets: readonly number[];
  };
  readonly process?: { readonly request_count: number; readonly pid: number };
  readonly server?: {
    readonly thread_limit: number;
    readonly processes: readonly {
      readonly pid: number;
      readonly workers: readonly { readonly access_count: number; readonly request: string | null }[];
    }[];
  };
}

test('requests are counted by status, time, thread and size', async () => {
  const requests = 24;
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=3
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/tell-metrics.wsgi`,
    files: { 'tell-metrics.wsgi': application('tell-metrics') },
  });
  const ask = async (path: string): Promise<Answer> => JSON.parse((await server.request(path)).text) as Answer;

  assert.deepEqual(await ask('/metrics'), { request: null, process: null, server: null });
  await server.request('/start');
  // The request that started the recording had begun before.
  const began = await ask('/metrics');
  assert.equal(began.request?.request_count, 0);

  const paths = Array.from({ length: requests }, (_, index) => (index % 4 === 0 ? '/absent' : '/'));
  await Promise.all(paths.map((path) => server.request(path, { method: 'POST', body: 'x'.repeat(100) })));
  const { request, process, server: scoreboard } = await ask('/metrics');
  assert(request !== undefined && process !== undefined);
  // With the one that asked before.
  assert.equal(request.request_count, requests + 1);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((number) => request[`status_${number}xx`]),
    [0, requests - requests / 4 + 1, 0, requests / 4, 0],
  );
  assert.equal(request.input_bytes, requests * 100);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  assert.equal(request.request_threads_completed.length, 3);
  assert.equal(sum(request.request_threads_completed), requests + 1);
  assert.equal(request.application_time_buckets.length, 65);
  assert.equal(sum(request.application_time_buckets), requests + 1);
  const { capacity_utilization: utilization = -1, request_threads_active: active, request_time: time = -1 } = request;
  assert(utilization > 0 && utilization <= 1, `capacity_utilization=${utilization}`);
  assert(time > 0, `request_time=${time}`);
  assert.equal(active, 1, 'the request that asks');
  assert.equal(process.request_count, requests + 1);
  assert.deepEqual([process.pid], server.daemonPids());
  assert.equal(scoreboard, null);
});

test('server-metrics=on shows what the request threads do, and in other processes', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2 server-metrics=on
      WSGIDaemonProcess other threads=1
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /other ${folder}/other.wsgi process-group=other
      WSGIScriptAlias / ${folder}/tell-metrics.wsgi process-group=app`,
    files: { 'tell-metrics.wsgi': application('tell-metrics'), 'other.wsgi': application('tell-metrics') },
  });
  assert.equal((JSON.parse((await server.request('/other/metrics')).text) as Answer).server, null);
  const { server: scoreboard } = JSON.parse((await server.request('/metrics')).text) as Answer;
  assert(scoreboard !== undefined);
  assert.equal(scoreboard.thread_limit, 2);
  const [own] = scoreboard.processes;
  assert.deepEqual(own === undefined ? [] : [own.pid], server.daemonPids('app'));
  assert.deepEqual(
    own?.workers.map(({ request }) => request).filter((request) => request !== null),
    ['GET /metrics HTTP/1.1'],
  );
});
