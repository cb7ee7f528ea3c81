import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickPeers } from './options.js';
import { peers } from './peers/peers.js';
import { makePlan, orderSessions } from './plan.js';
import { workloads } from './workloads.js';

const all = peers.map(({ id }) => id);
const quick = workloads.filter(({ isQuick }) => isQuick);

test('a workload names peers that there are, and its id is its own', () => {
  assert.deepEqual(
    workloads.flatMap((workload) => workload.peers).filter((id) => !all.includes(id)),
    [],
  );
  assert.equal(new Set(workloads.map(({ id }) => id)).size, workloads.length);
  // No peer without a workload.
  assert.deepEqual(
    all.filter((id) => !workloads.some((workload) => workload.peers.includes(id))),
    [],
  );
});

test('everything fits into 14 minutes in three rounds, the quick part into 2', () => {
  const plan = makePlan({ workloads, peers: all, budgetSeconds: 14 * 60 });
  assert.ok(plan.rounds >= 3, `${plan.rounds} rounds`);
  assert.ok(plan.estimatedSeconds <= 14 * 60);
  const short = makePlan({ workloads: quick, peers: quickPeers, budgetSeconds: 114 });
  assert.ok(short.rounds >= 2, `${short.rounds} rounds`);
  assert.ok(short.estimatedSeconds <= 114);
});

test('loads with the same application and shape share a start', () => {
  const { sessions } = makePlan({ workloads: quick, peers: ['stillhouse'], budgetSeconds: 60 });
  assert.deepEqual(
    sessions.map(({ workloads: loads }) => loads.map(({ id }) => id)),
    [['hello', 'one-connection'], ['flask']],
  );
});

test('more time makes loads longer, and then more rounds', () => {
  const plan = (budgetSeconds: number) => makePlan({ workloads: quick, peers: ['stillhouse'], budgetSeconds });
  assert.deepEqual([plan(26).rounds, plan(26).secondsPerLoad], [3, 1]);
  assert.deepEqual([plan(36).rounds, plan(36).secondsPerLoad], [3, 2]);
  assert.deepEqual([plan(1000).rounds, plan(1000).secondsPerLoad], [5, 5]);
  assert.equal(plan(1).rounds, 1);
});

test('what the user has given stays', () => {
  const options = { workloads, peers: all, budgetSeconds: 1, rounds: 2, secondsPerLoad: 4 };
  const plan = makePlan(options);
  assert.deepEqual([plan.rounds, plan.secondsPerLoad], [2, 4]);
});

test('every round has the same sessions and begins with another peer', () => {
  const { sessions } = makePlan({ workloads: quick, peers: all, budgetSeconds: 60 });
  const second = orderSessions(sessions, 2);
  assert.deepEqual(orderSessions(sessions, 1), sessions);
  assert.equal(second.length, sessions.length);
  assert.notEqual(second[0]?.peer, sessions[0]?.peer);
  assert.deepEqual(new Set(second), new Set(sessions));
});
