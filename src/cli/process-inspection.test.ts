import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { DaemonProcessNode, ServerTree } from '../server/server-tree.js';
import { scoreboard } from '../wire/protocol.js';
import { assignRoles, computeFigures, inspectServer } from './process-inspection.js';

const python = { executable: '/usr/bin/python3', version: [3, 11, 2], implementation: 'cpython' } as const;

function treeOf(processes: readonly DaemonProcessNode[]): ServerTree {
  return {
    addresses: [],
    pid: process.pid,
    version: 'Stillhouse/0.1.0',
    startedAt: 1,
    config: '/srv/httpd.conf',
    user: undefined,
    logs: [],
    generation: 1,
    mpm: {
      name: 'event',
      startServers: 1,
      childrenLimit: 16,
      maxRequestWorkers: 400,
      threadsPerChild: 25,
      minSpareThreads: 75,
      maxSpareThreads: 250,
      maxConnectionsPerChild: 0,
    },
    httpChildren: [],
    groups: [{ name: 'site', displayName: undefined, threads: 2, user: undefined, python, generation: 1, processes }],
  };
}

/** A scoreboard of two request threads. */
function scoreboardOf(slots: readonly { tid: number; requestId: number; served: number; label: string }[]): Buffer {
  const bytes = Buffer.alloc(scoreboard.headerBytes + slots.length * scoreboard.slotBytes);
  bytes.write(scoreboard.magic, 'latin1');
  bytes.writeUInt32LE(slots.length, scoreboard.magic.length);
  slots.forEach(({ tid, requestId, served, label }, index) => {
    const base = scoreboard.headerBytes + index * scoreboard.slotBytes;
    bytes.writeUInt32LE(requestId, base + scoreboard.slot.requestId);
    bytes.writeDoubleLE(Date.now() / 1000 - 10, base + scoreboard.slot.startedAt);
    bytes.writeUInt32LE(served, base + scoreboard.slot.served);
    bytes.writeUInt32LE(tid, base + scoreboard.slot.threadId);
    bytes.writeUInt16LE(label.length, base + scoreboard.slot.labelBytes);
    bytes.write(label, base + scoreboard.slot.label, 'latin1');
  });
  return bytes;
}

describe('computeFigures', () => {
  it('reads age, memory and the share of a core', () => {
    const stat = `4711 (odd) name (x) S 1 4711 4711 0 -1 4194304 900 0 0 0 150 50 7 8 20 0 5 0 10000 1000000 500`;
    const status = 'Name:\tx\nVmRSS:\t    2048 kB\n';
    assert.deepEqual(computeFigures(stat, status, 120), {
      ageSeconds: 20,
      residentBytes: 2_097_152,
      cpuSeconds: 2,
      cpuPercent: 10,
    });
  });

  it('makes no share of no time', () => {
    const stat = '1 (x) S 1 1 1 0 -1 0 0 0 0 0 1 0 0 0 20 0 1 0 10000 0 0';
    assert.equal(computeFigures(stat, '', 100).cpuPercent, 0);
    assert.equal(computeFigures(stat, '', 99).ageSeconds, 0);
  });
});

describe('assignRoles', () => {
  const names = [
    [100, 'wsgi-main'],
    [101, 'wsgi-request-1'],
    [102, 'wsgi-request-2'],
    [103, 'wsgi-monitor'],
    [104, 'wsgi-main'],
    [105, 'wsgi-request-2'],
    [106, 'wsgi-monitor'],
    [107, 'poller'],
    [108, 'wsgi-deadlock'],
    [109, 'wsgi-reaper'],
  ] as const;
  const found = names.map(([tid, name]) => ({ tid, name }));
  const slotOf = (threadId: number, applicationGroup = '') => ({
    ...{ applicationGroup, threadId, connection: 1, requestId: 0, startedAt: 0, served: 0, label: '' },
  });
  const rolesOf = (slots: Parameters<typeof assignRoles>[2]) =>
    assignRoles(100, found, slots).map(({ tid, role }) => `${tid} ${role}`);
  const expected = [
    ...['100 main', '103 monitor', '108 deadlock', '101 request 1', '102 request 2', '109 reaper'],
    ...['104 application', '105 application', '106 application', '107 application'],
  ];

  it('is not misled by threads that have inherited the name of the one that started them', () => {
    assert.deepEqual(rolesOf([slotOf(101), slotOf(102)]), expected);
    // Ids may start anew from below: not always is the first of a name the one that was given it.
    const later = rolesOf([slotOf(101), slotOf(105)]);
    assert.ok(later.includes('105 request 2') && later.includes('102 application'), later.join());
  });

  it('tells the threads of sub-interpreters by their application groups', () => {
    const more = [
      ...found,
      ...[
        [110, 'wsgi-group'],
        [111, 'wsgi-request-1'],
        [112, 'wsgi-request-2'],
        [113, 'wsgi-monitor'],
        [114, 'wsgi-group'],
        [115, 'wsgi-monitor'],
      ].map(([tid, name]) => ({ tid: Number(tid), name: String(name) })),
    ];
    const slots = [slotOf(101), slotOf(102), slotOf(111, 'www|/a'), slotOf(112, 'www|/a')];
    const roles = assignRoles(100, more, slots).map(({ applicationGroup, role, tid }) =>
      `${tid} ${role} ${applicationGroup ?? ''}`.trim(),
    );
    // The thread called wsgi-monitor that the application has started stands in for the second interpreter's own here.
    for (const one of ['101 request 1', '102 request 2', '110 group', '111 request 1 www|/a', '112 request 2 www|/a']) {
      assert.ok(roles.includes(one), `${one}: ${roles.join()}`);
    }
    assert.equal(roles.filter((role) => role.endsWith(' monitor')).length, 2);
    assert.ok(roles.includes('114 application'));
  });

  it('goes by the names alone where the scoreboard can not be read', () => {
    assert.deepEqual(rolesOf(undefined), expected);
  });
});

describe('inspectServer', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillhouse-inspection-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('knows request threads by the scoreboard, the main thread by its id, and takes the rest for the application', () => {
    // This process stands for a daemon process: two of its threads stand for request threads.
    const tids = readdirSync(`/proc/${process.pid}/task`)
      .map(Number)
      .sort((a, b) => a - b)
      .filter((tid) => tid !== process.pid);
    const [first = 0, second = 0] = tids;
    const file = join(folder, 'scoreboard');
    writeFileSync(
      file,
      scoreboardOf([
        { tid: second, requestId: 7, served: 5, label: 'GET /a b?\xe4' },
        { tid: first, requestId: 0, served: 4, label: 'GET /before' },
      ]),
    );
    const node = { pid: process.pid, state: 'serving', generation: 1, scoreboard: file } as const;
    const stacks = [
      {
        pid: process.pid,
        threads: [{ tid: second, name: 'wsgi-request-1', stack: ['/srv/app.py:3 in application: x()'] }],
      },
    ];
    const report = inspectServer(treeOf([node, { ...node, state: 'retiring' }]), stacks);
    const [group] = report.groups;
    const [one] = group?.processes ?? [];
    const roles = one?.threads.map(({ role }) => role) ?? [];
    assert.deepEqual(roles.slice(0, 3), ['main', 'request 1', 'request 2']);
    assert.ok(roles.slice(3).every((role) => role === 'application'));
    const [, busy, idle] = one?.threads ?? [];
    assert.deepEqual([busy?.request?.method, busy?.request?.url], ['GET', '/a b?\xe4']);
    assert.ok((busy?.request?.seconds ?? 0) >= 10);
    assert.deepEqual(busy?.stack, ['/srv/app.py:3 in application: x()']);
    assert.deepEqual([idle?.request, idle?.requestsServed, idle?.stack], [undefined, 4, undefined]);
    assert.equal(one?.requestsServed, 9);
    assert.ok((one?.residentBytes ?? 0) > 1_000_000);
    assert.deepEqual(group?.requestThreads, { total: 2, busy: 1 });
    assert.equal(group?.requestsInEndingProcesses, 1);
  });

  it('shows what is not there as far as it is known', () => {
    const gone = { pid: 4_194_305, state: 'serving', generation: 1, scoreboard: '/nowhere' } as const;
    const waiting = { state: 'delayed', generation: 1, reason: 'it died' } as const;
    const [group] = inspectServer(treeOf([gone, waiting])).groups;
    assert.deepEqual(group?.processes, [
      { ...gone, requestsServed: 0, threads: [] },
      { ...waiting, requestsServed: 0, threads: [] },
    ]);
  });
});
