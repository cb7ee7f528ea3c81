import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pythonRuntimeFolder } from '../wsgi/daemon-handle.js';
import type { DaemonProcessReport, GroupReport, ServerReport, ThreadReport } from './process-inspection.js';
import { formatDuration, formatServer, isUtf8Locale } from './ps-text.js';

const now = 1_000_000;
const threaded: ServerReport['mpm'] = {
  name: 'event',
  startServers: 1,
  childrenLimit: 16,
  maxRequestWorkers: 400,
  threadsPerChild: 25,
  minSpareThreads: 75,
  maxSpareThreads: 250,
  maxConnectionsPerChild: 0,
};
const options = { isUtf8: true, withStacks: false, now };
const figures = { user: 'www-data', ageSeconds: 125, residentBytes: 20_971_520, cpuSeconds: 5, cpuPercent: 4 };
const caretakers: readonly ThreadReport[] = [
  { tid: 300, role: 'main', name: 'wsgi-main' },
  { tid: 303, role: 'monitor', name: 'wsgi-monitor' },
  { tid: 304, role: 'deadlock', name: 'wsgi-deadlock' },
];
const busy: ThreadReport = {
  tid: 301,
  role: 'request 1',
  name: 'wsgi-request-1',
  requestsServed: 7,
  request: { method: 'GET', url: '/reports?\x1b\xe4', seconds: 12.34 },
  stack: [
    `${pythonRuntimeFolder}/request_input.py:9 in read: self._wait()`,
    '/srv/ü.py:3 in application: wsgi_input.read()',
    `${pythonRuntimeFolder}/adapter.py:80 in serve: application(environ, start)`,
    '/usr/lib/python3.11/threading.py:975 in run: self._target()',
  ],
};
const idle: ThreadReport = {
  tid: 302,
  role: 'request 2',
  name: 'wsgi-request-2',
  requestsServed: 1200,
  stack: ['wait'],
};

function processOf(changes: Partial<DaemonProcessReport> = {}): DaemonProcessReport {
  const threads = [...caretakers, busy, idle];
  return { pid: 300, state: 'serving', generation: 3, ...figures, requestsServed: 1207, threads, ...changes };
}

function groupOf(processes: readonly DaemonProcessReport[], changes: Partial<GroupReport> = {}): GroupReport {
  return {
    name: 'site',
    displayName: '(wsgi:site)',
    threads: 2,
    user: 'www-data',
    python: { executable: '/usr/bin/python3', version: [3, 11, 2], implementation: 'cpython' },
    generation: 3,
    requestThreads: { total: 2, busy: 1 },
    requestsInEndingProcesses: 0,
    processes,
    ...changes,
  };
}

function serverOf(groups: readonly GroupReport[], changes: Partial<ServerReport> = {}): ServerReport {
  return {
    addresses: [{ host: undefined, port: 8000 }],
    pid: 100,
    version: 'Stillhouse/0.1.0',
    startedAt: now - 7980,
    config: '/srv/httpd.conf',
    user: 'www-data',
    logs: ['/srv/error_log'],
    generation: 3,
    reloadedAt: now - 125,
    parent: { ...figures, user: 'root' },
    mpm: threaded,
    httpChildren: [
      { pid: 200, generation: 3, state: 'serving', startedAt: now - 125, connections: 2, requests: 1, ...figures },
    ],
    groups,
    ...changes,
  };
}

describe('formatServer', () => {
  it('draws the tree, aligned, and explains the number of threads', () => {
    assert.deepEqual(formatServer(serverOf([groupOf([processOf()])]), options), [
      'Stillhouse/0.1.0 pid 100, up 2h13m, generation 3, reloaded 2m05s ago',
      '  listens on     http://localhost:8000/',
      '  MPM            event: 1 http child with 2 connections, 1 request',
      '  configuration  /srv/httpd.conf',
      '  logs           /srv/error_log',
      '',
      '                      PID  USER        AGE  GEN  SERVED       RSS    CPU  STATE',
      'parent                100  root      2m05s    3       -  20.0 MiB  4.0 %  serving',
      '├─ http child         200  www-data  2m05s    3       -  20.0 MiB  4.0 %  serving',
      "└─ group 'site': 1 process x 2 request threads, busy 1 of 2, Python 3.11.2",
      '   └─ daemon process  300  www-data  2m05s    3    1207  20.0 MiB  4.0 %  serving',
      '      5 threads: 2 request threads + main, monitor, deadlock',
      '      ├─ main         300  caretaker: waits for signals, runs the shutdown',
      '      ├─ monitor      303  timers',
      '      ├─ deadlock     304  ends the process if the Python interpreter is stuck',
      '      ├─ request 1    301  12.3 s  GET /reports?\\x1b\\xe4',
      '      └─ request 2    302  idle, 1200 served',
    ]);
  });

  it('tells busy children of the prefork MPM from idle ones, and their bounds', () => {
    const child = { generation: 3, state: 'serving', startedAt: now - 125, ...figures } as const;
    const server = serverOf([], {
      mpm: { ...threaded, name: 'prefork', threadsPerChild: 1, minSpareThreads: 2, maxSpareThreads: 3 },
      httpChildren: [
        { ...child, pid: 200, connections: 1, requests: 0 },
        { ...child, pid: 201, connections: 0, requests: 0 },
        { ...child, pid: 202, state: 'draining', connections: 1, requests: 1 },
      ],
    });
    const lines = formatServer(server, options);
    const bounds = '(bounds: 2 to 3 idle, at most 16)';
    assert.equal(lines[2], `  MPM            prefork: 3 http children, 1 idle ${bounds}, 2 connections, 1 request`);
    const states = lines.filter((line) => line.includes('http child  ')).map((line) => line.split(' ').at(-1));
    assert.deepEqual(states, ['busy', 'idle', 'draining']);
  });

  it('shows the stacks of threads that run something of the application', () => {
    const own: ThreadReport = {
      tid: 309,
      role: 'application',
      name: 'poller',
      stack: ['own'],
    };
    const server = serverOf([groupOf([processOf({ threads: [...caretakers, busy, idle, own] })])]);
    const lines = formatServer(server, { ...options, withStacks: true });
    assert.deepEqual(lines.slice(lines.findIndex((line) => line.includes('request 1'))), [
      '      ├─ request 1    301  12.3 s  GET /reports?\\x1b\\xe4',
      `      │     ${pythonRuntimeFolder}/request_input.py:9 in read: self._wait()`,
      '      │     /srv/ü.py:3 in application: wsgi_input.read()',
      '      ├─ request 2    302  idle, 1200 served',
      "      └─ application  309  the application's own: poller",
      '            own',
    ]);
    assert.ok(
      lines.some((line) => line.endsWith("2 request threads + main, monitor, deadlock + 1 of the application's own")),
    );
  });

  it('says of a process without stacks what becomes of it', () => {
    const stuck = { stackProblem: 'no answer within 2 s' };
    const text = (threads: readonly ThreadReport[]) =>
      formatServer(serverOf([groupOf([processOf({ ...stuck, threads })])]), { ...options, withStacks: true })
        .map((line) => line.trim())
        .join(' ');
    assert.match(
      text([...caretakers, busy]),
      /PROBLEM: no Python stack, the interpreter does not answer \(no answer within 2 s\); if it is stuck, its stack will be in the error log when deadlock-timeout ends it/,
    );
    assert.match(text(caretakers.slice(0, 2)), /if it is stuck, it stays so: deadlock-timeout is off/);
  });

  it('puts problems where they are seen', () => {
    const delayed: DaemonProcessReport = {
      state: 'delayed',
      generation: 2,
      reason: 'it died three times in a row and is started again in 4 s: terminated by a signal: 11',
      requestsServed: 0,
      threads: [],
    };
    const retiring = processOf({ state: 'retiring', reason: 'maximum_requests' });
    const problem =
      "the new code can't be loaded, the processes of before go on serving: NameError: name 'x' is not defined in /srv/app.wsgi";
    const server = serverOf([groupOf([retiring, delayed], { problem, requestsInEndingProcesses: 1 })], {
      reloadProblem: '/srv/httpd.conf:3:1: error: no such directive',
    });
    const lines = formatServer(server, options);
    assert.deepEqual(lines.slice(5, 7), [
      'PROBLEM: the last reload failed: /srv/httpd.conf:3:1: error: no such directive',
      '2 PROBLEMS below',
    ]);
    const at = lines.findIndex((line) => line.includes("group 'site'"));
    assert.deepEqual(lines.slice(at, at + 4), [
      "└─ group 'site': 2 processes x 2 request threads, busy 1 of 2, 1 request in processes that",
      '                 end, Python 3.11.2',
      "   PROBLEM: the new code can't be loaded, the processes of before go on serving: NameError:",
      "            name 'x' is not defined in /srv/app.wsgi",
    ]);
    assert.ok(lines.includes('   │  retiring: maximum_requests'));
    assert.deepEqual(lines.slice(-3), [
      '   └─ daemon process    -  -             -    2       -         -      -  delayed',
      '      PROBLEM: it died three times in a row and is started again in 4 s: terminated by a signal:',
      '               11',
    ]);
    assert.ok(lines.every((line) => line.length <= 100));
  });

  it('stays within 100 columns with large figures', () => {
    const large = { ...figures, residentBytes: 123_456_789_012, cpuPercent: 100, ageSeconds: 8_000_000 };
    const threads = [...caretakers, { ...idle, role: 'request 65533', tid: 4_194_304 }];
    const one = processOf({ ...large, pid: 4_194_304, requestsServed: 4_294_967_295, generation: 1001, threads });
    const lines = formatServer(serverOf([groupOf([one], { threads: 65_533 })]), options);
    assert.ok(Math.max(...lines.map((line) => line.length)) <= 100, lines.join('\n'));
  });

  it('is ASCII where the locale is', () => {
    const lines = formatServer(serverOf([groupOf([processOf()])]), { ...options, isUtf8: false, withStacks: true });
    assert.ok(lines.every((line) => /^[\x20-\x7e]*$/.test(line)));
    assert.ok(lines.includes('      |- monitor      303  timers'));
    assert.ok(lines.includes('      |     /srv/\\xc3\\xbc.py:3 in application: wsgi_input.read()'));
    assert.ok(lines.some((line) => line.startsWith('      `- request 2')));
  });
});

describe('isUtf8Locale', () => {
  it('asks the variables in the order of POSIX', () => {
    assert.equal(isUtf8Locale({ LANG: 'en_US.UTF-8' }), true);
    assert.equal(isUtf8Locale({ LANG: 'en_US.utf8', LC_ALL: '' }), true);
    assert.equal(isUtf8Locale({ LANG: 'en_US.UTF-8', LC_ALL: 'C' }), false);
    assert.equal(isUtf8Locale({ LANG: 'C', LC_CTYPE: 'C.UTF-8' }), true);
    assert.equal(isUtf8Locale({}), false);
  });
});

describe('formatDuration', () => {
  it('gives the two units that matter', () => {
    assert.deepEqual([0, 59.9, 60, 725, 7980, 86_400, 270_000, -1].map(formatDuration), [
      '0s',
      '59s',
      '1m00s',
      '12m05s',
      '2h13m',
      '1d00h',
      '3d03h',
      '0s',
    ]);
  });
});
