/** The article's `processes=3 threads=2 display-name=mod_wsgi`: num+3 threads in each of three processes. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { concurrencyNotes } from './support/notes.js';
import { commandLine, threadNames, waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

const expectedThreads = ['wsgi-deadlock', 'wsgi-main', 'wsgi-monitor', 'wsgi-request-1', 'wsgi-request-2'];

test('three processes of two request threads each, and three threads more', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      siteConfig('count.wsgi', 'processes=3 threads=2 display-name=mod_wsgi', notesConfig(paths))(paths),
    files: { 'count.wsgi': application('count-concurrency') },
  });
  const pids = server.daemonPids('site');
  assert.equal(pids.length, 3);
  assert.equal(server.httpChildPids.filter((pid) => pids.includes(pid)).length, 0);
  for (const pid of pids) {
    // The monitor and the deadlock thread name themselves a moment after the process is ready.
    await waitFor(`the threads of ${pid}, which are ${threadNames(pid)}`, () =>
      isSame([...threadNames(pid)].sort(), expectedThreads),
    );
    assert.equal(commandLine(pid), 'mod_wsgi');
  }
  const ps = spawnSync('ps', ['-o', 'nlwp=,args=', '-p', pids.join(',')], { encoding: 'utf8' });
  assert.deepEqual(
    ps.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().replace(/\s+/, ' ')),
    Array(3).fill('5 mod_wsgi'),
  );

  const answers = await Promise.all(Array.from({ length: 60 }, () => server.request('/?seconds=0.05')));
  const counts = answers.map(({ status, text }) => {
    assert.equal(status, 200);
    const [pid, , most] = text.trim().split(' ').map(Number);
    return { pid, most: most ?? 0 };
  });
  assert.deepEqual(new Set(counts.map(({ pid }) => pid)), new Set(pids), 'all three answer');
  assert(
    counts.every(({ most }) => most <= 2),
    'at most two at once in a process',
  );
  assert.equal(mostInside(concurrencyNotes(server)), 6, 'as many as there are threads, and never more');
  for (const pid of pids) assert.deepEqual([...threadNames(pid)].sort(), expectedThreads, 'also after the load');
});

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.join() === right.join();
}

function mostInside(notes: readonly string[]): number {
  let inside = 0;
  let most = 0;
  for (const note of notes) {
    inside += note.startsWith('in ') ? 1 : -1;
    most = Math.max(most, inside);
  }
  assert.equal(inside, 0);
  return most;
}
