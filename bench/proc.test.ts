import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { cpuSecondsOf, findByEnvironment, findTree, isAlive, memoryOf, parseStat, resetPeaks } from './proc.js';

test('a command name with blanks and brackets', () => {
  const text =
    '4711 (a) b (c)) S 17 4700 4700 0 -1 4194560 916 62 0 0 150 25 3 2 20 0 1 0 7 18 21 184 4 5 6 7 8 0 0 0 0 0';
  assert.deepEqual(parseStat(text), { pid: 4711, state: 'S', parent: 17, group: 4700, cpuTicks: 180 });
});

test('a tree is found, also where a process has left its group', async () => {
  const marker = `BENCH_TEST=${process.pid}`;
  const script = 'echo "$$"; setsid sleep 30 & sleep 30 & wait';
  const child = spawn('sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_TEST: String(process.pid) },
  });
  const leader = child.pid ?? 0;
  let tree: number[] = [];
  try {
    await once(child.stdout, 'data');
    // The shell starts the two after its line.
    for (let tries = 0; tries < 500 && tree.length < 3; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      tree = findTree([leader]);
    }
    assert.equal(tree.length, 3);
    assert.deepEqual(findByEnvironment(marker).sort(), [...tree].sort());
    resetPeaks(tree);
    assert.ok(memoryOf(tree).peakResidentBytes > 100_000);
    assert.ok(memoryOf(tree).proportionalBytes > 0);
    assert.ok(cpuSecondsOf(tree) < 5);
  } finally {
    const exited = once(child, 'exit');
    for (const pid of tree.length > 0 ? tree : [leader]) process.kill(pid, 'SIGKILL');
    await exited;
  }
  // A killed process is there until the kernel has come round to it.
  for (let tries = 0; tries < 500 && tree.some(isAlive); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(findTree([leader]), []);
});

test('what was never started has no tree', () => {
  assert.deepEqual(findTree([0]), []);
});
