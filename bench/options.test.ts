import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, UsageError } from './options.js';
import { peers } from './peers/peers.js';
import { workloads } from './workloads.js';

test('by default everything', () => {
  const options = parseOptions([]);
  assert.equal(options.workloads.length, workloads.length);
  assert.equal(options.peers.length, peers.length);
  assert.equal(options.minutes, 14);
});

test('a choice, in the order of the tables', () => {
  const options = parseOptions(['--only', 'flask,hello', '--peers', 'granian,stillhouse', '--rounds=2']);
  assert.deepEqual(
    options.workloads.map(({ id }) => id),
    ['hello', 'flask'],
  );
  assert.deepEqual(options.peers, ['stillhouse', 'granian']);
  assert.equal(options.rounds, 2);
});

test('--quick is a part, in less time', () => {
  const options = parseOptions(['--quick']);
  assert.ok(options.workloads.length < workloads.length);
  assert.ok(options.minutes < 2);
});

test('what is not understood', () => {
  assert.throws(() => parseOptions(['--peers', 'nginx']), /no server 'nginx': stillhouse, /);
  assert.throws(() => parseOptions(['--only', ',']), /no workload ''/);
  assert.throws(() => parseOptions(['--seconds', '1.5']), /'1.5' is no whole number/);
  assert.throws(() => parseOptions(['--minutes', '-1']), UsageError);
  assert.throws(() => parseOptions(['--fast']), /--quick/);
});
