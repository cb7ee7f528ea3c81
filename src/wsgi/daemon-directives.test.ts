import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { daemonDirectives } from './daemon-directives.js';
import { daemonOptions } from './daemon-options.js';
import {
  type DaemonProcessGroup,
  defaultDaemonProcessGroup,
  isMultiprocess,
  isRunOnce,
} from './daemon-process-group.js';
import { resolveText } from './resolve-text.test.fixture.js';
import { definitionSettings, pythonSettings } from './settings.js';

function groupOf(line: string): DaemonProcessGroup {
  const { settings, messages } = resolveText(`WSGIDaemonProcess ${line}`, daemonDirectives);
  assert.deepEqual(messages, []);
  const group = settings.get(definitionSettings.daemonProcesses, [])[0];
  assert.ok(group);
  return group;
}

function errorOf(line: string): string {
  const { messages } = resolveText(`WSGIDaemonProcess ${line}`, daemonDirectives);
  assert.equal(messages.length, 1, messages.join('\n'));
  return messages[0] ?? '';
}

describe('WSGIDaemonProcess', () => {
  it('has the defaults of mod_wsgi', () => {
    const group = groupOf('site');
    assert.deepEqual({ ...group }, { ...defaultDaemonProcessGroup('site', group.position) });
    assert.equal(group.threads, 15);
    assert.equal(group.deadlockTimeoutSeconds, 300);
    assert.equal(group.position.line, 1);
    assert.ok(Object.isFrozen(group));
  });

  it('takes every option', () => {
    const group = groupOf(
      'site processes=2 threads=5 user=#33 group=www supplementary-groups=a,#7 umask=0027 chroot=/jail home=/srv lang=C ' +
        'locale=C.UTF-8 python-home=/venv python-path=/a:/b python-eggs=/eggs switch-interval=0.01 stack-size=524288 ' +
        'display-name=%{GROUP} maximum-requests=100 maximum-requests-jitter=10 restart-interval=3600 restart-jitter=60 ' +
        'memory-recycle=512M inactivity-timeout=1 request-timeout=2 interrupt-timeout=3 deadlock-timeout=4 ' +
        'startup-timeout=5 graceful-timeout=6 eviction-timeout=7 shutdown-timeout=8 connect-timeout=9 socket-timeout=10 ' +
        'queue-timeout=11 listen-backlog=12 socket-user=sock send-buffer-size=512 receive-buffer-size=1024 ' +
        'header-buffer-size=8192 response-buffer-size=65536 response-socket-timeout=13 response-flush-delay=0 ' +
        'script-user=owner cpu-time-limit=14 cpu-priority=-5 memory-limit=1000 virtual-memory-limit=8000000000 ' +
        'server-metrics=on ready-url=/health',
    );
    assert.deepEqual(
      { ...group, position: undefined },
      {
        name: 'site',
        position: undefined,
        processes: 2,
        processesGiven: true,
        threads: 5,
        user: { kind: 'id', id: 33 },
        group: { kind: 'name', name: 'www' },
        supplementaryGroups: [
          { kind: 'name', name: 'a' },
          { kind: 'id', id: 7 },
        ],
        umask: 0o27,
        chroot: '/jail',
        home: '/srv',
        lang: 'C',
        locale: 'C.UTF-8',
        pythonHome: '/venv',
        pythonPath: ['/a', '/b'],
        pythonEggs: '/eggs',
        switchIntervalSeconds: 0.01,
        stackSizeBytes: 524_288,
        displayName: '(wsgi:site)',
        maximumRequests: 100,
        maximumRequestsJitter: 10,
        restartIntervalSeconds: 3600,
        restartJitterSeconds: 60,
        memoryRecycleBytes: 512 * 1024 * 1024,
        inactivityTimeoutSeconds: 1,
        requestTimeoutSeconds: 2,
        interruptTimeoutSeconds: 3,
        deadlockTimeoutSeconds: 4,
        startupTimeoutSeconds: 5,
        gracefulTimeoutSeconds: 6,
        evictionTimeoutSeconds: 7,
        shutdownTimeoutSeconds: 8,
        connectTimeoutSeconds: 9,
        socketTimeoutSeconds: 10,
        queueTimeoutSeconds: 11,
        listenBacklog: 12,
        socketUser: { kind: 'name', name: 'sock' },
        sendBufferBytes: 512,
        receiveBufferBytes: 1024,
        headerBufferBytes: 8192,
        responseBufferBytes: 65_536,
        responseSocketTimeoutSeconds: 13,
        responseFlushDelayMs: 0,
        scriptUser: { kind: 'name', name: 'owner' },
        scriptGroup: undefined,
        cpuTimeLimitSeconds: 14,
        cpuPriority: -5,
        memoryLimitBytes: 1000,
        virtualMemoryLimitBytes: 8_000_000_000,
        serverMetrics: true,
        reloadOnChanges: false,
        readyUrl: '/health',
      },
    );
  });

  it('documents every option', () => {
    for (const [name, { syntax, summary }] of daemonOptions) {
      assert.ok(syntax !== '' && /^[A-Z].*\.$/.test(summary), name);
    }
  });

  it('is multiprocess as soon as processes is said', () => {
    assert.equal(isMultiprocess(groupOf('site processes=1')), true);
    assert.equal(isMultiprocess(groupOf('site')), false);
    assert.equal(isRunOnce(groupOf('site threads=1 maximum-requests=1')), true);
    assert.equal(isRunOnce(groupOf('site maximum-requests=1')), false);
  });

  it('makes display names as they are written but for %{GROUP}', () => {
    assert.equal(groupOf('site display-name=%{GROUP}').displayName, '(wsgi:site)');
    assert.equal(groupOf('site display-name=my-%{GROUP}').displayName, 'my-%{GROUP}');
    assert.equal(groupOf('site display-name="two words" threads=2').displayName, 'two words');
    assert.equal(groupOf("site display-name='a \\'b\\'' threads=2").displayName, "a 'b'");
  });

  it('takes response-socket-timeout from socket-timeout', () => {
    assert.equal(groupOf('site socket-timeout=60').responseSocketTimeoutSeconds, 60);
  });

  it('takes quoted names', () => {
    assert.equal(groupOf('"a b" threads=2').name, 'a b');
  });

  const wrong: readonly [line: string, message: RegExp][] = [
    ['', /name of WSGI daemon process not supplied/],
    ['""', /name of WSGI daemon process not supplied/],
    ['threads=2', /not supplied: 'threads=2' is an option/],
    [
      'site trheads=2',
      /invalid option to WSGI daemon process definition: there is no option 'trheads'; did you mean 'threads'/,
    ],
    ['site nonsense=2', /invalid option to WSGI daemon process definition: there is no option 'nonsense'$/],
    ['site Threads=2', /no option 'Threads'; did you mean 'threads'/],
    ['site threads', /invalid option to WSGI daemon process definition: 'threads' is not of the form/],
    ['site =2', /'=2' is not of the form/],
    ['site threads=', /invalid thread count for WSGI daemon process/],
    ['site threads= 2', /'threads=' is followed by a blank, its value is missing/],
    ['site threads=-1', /from 0 to 65533/],
    ['site threads=65534', /invalid thread count/],
    ['site threads=2x', /invalid thread count .*not '2x'/],
    ['site processes=0', /invalid process count for WSGI daemon process/],
    ['site request-timeout=5m', /invalid request timeout for WSGI daemon process.*'5m'/],
    ['site request-timeout=-1', /invalid request timeout/],
    ['site request-timeout=2147483648', /invalid request timeout/],
    ['site user=root', /WSGI process blocked from running as root/],
    ['site user=#0', /WSGI process blocked from running as root/],
    ['site user=', /invalid user for WSGI daemon process/],
    ['site user=#x', /invalid user for WSGI daemon process/],
    ['site group=', /invalid group for WSGI daemon process/],
    ['site supplementary-groups=a,,b', /invalid supplementary group for WSGI daemon process/],
    ['site umask=8', /invalid umask for WSGI daemon process/],
    ['site umask=1777', /invalid umask/],
    ['site chroot=jail', /invalid chroot directory for WSGI daemon process/],
    ['site home=srv', /invalid home directory for WSGI daemon process/],
    ['site switch-interval=0', /invalid switch interval for WSGI daemon process/],
    ['site switch-interval=fast', /invalid switch interval/],
    ['site stack-size=0', /invalid stack size for WSGI daemon process/],
    ['site send-buffer-size=511', /invalid send buffer size .* at least 512 bytes/],
    ['site receive-buffer-size=1', /invalid receive buffer size .* at least 512 bytes/],
    ['site header-buffer-size=8191', /invalid header buffer size .* at least 8192 bytes/],
    ['site response-buffer-size=65535', /invalid response buffer size .* at least 65536 bytes/],
    ['site cpu-priority=21', /invalid CPU priority/],
    ['site memory-limit=-1', /invalid memory limit/],
    ['site memory-recycle=1T', /invalid memory size/],
    ['site server-metrics=yes', /invalid server metrics flag for WSGI daemon process/],
    ['site ready-url=health', /invalid ready URL/],
    ['site script-user=a script-group=b', /only one of script-user and script-group allowed/],
  ];
  for (const [line, message] of wrong) {
    it(`refuses '${line}'`, () => {
      assert.match(errorOf(line), message);
    });
  }

  it('points at the value', () => {
    const { problems } = resolveText(
      '<VirtualHost *:80>\nWSGIDaemonProcess site threads=x\n</VirtualHost>',
      daemonDirectives,
    );
    assert.deepEqual([problems[0]?.position.line, problems[0]?.position.column], [2, 32]);
  });

  it('refuses a name twice and reports an option twice', () => {
    const { messages, settings } = resolveText(
      'WSGIDaemonProcess a threads=2 threads=3\nWSGIDaemonProcess a\nWSGIDaemonProcess b',
      daemonDirectives,
    );
    assert.match(messages[0] ?? '', /^warning: option threads stands twice/);
    assert.match(messages[1] ?? '', /^error: name duplicates previous WSGI daemon definition: 'a'/);
    assert.deepEqual(
      settings.get(definitionSettings.daemonProcesses, []).map(({ name, threads }) => [name, threads]),
      [
        ['a', 3],
        ['b', 15],
      ],
    );
  });

  it('has variables of Define in its values', () => {
    const { settings } = resolveText(`Define N 7\nWSGIDaemonProcess a threads=\${N}`, daemonDirectives);
    assert.equal(settings.get(definitionSettings.daemonProcesses, [])[0]?.threads, 7);
  });

  it('is refused inside a section', () => {
    const { messages } = resolveText('<Directory /a>\nWSGIDaemonProcess a\n</Directory>', daemonDirectives);
    assert.match(messages[0] ?? '', /^error/);
  });
});

describe('the directives of sockets', () => {
  it('are kept', () => {
    const { settings, messages } = resolveText(
      'WSGISocketPrefix run/wsgi\nWSGISocketRotation off\nWSGIAcceptMutex Flock',
      daemonDirectives,
    );
    assert.deepEqual(messages, []);
    assert.equal(settings.find(pythonSettings.socketPrefix), '/etc/httpd/run/wsgi');
    assert.equal(settings.find(pythonSettings.socketRotation), false);
    assert.equal(settings.find(pythonSettings.acceptMutex), 'flock');
  });

  it('are checked', () => {
    const { messages } = resolveText(
      'WSGISocketRotation maybe\nWSGIAcceptMutex futex\n<VirtualHost *>\nWSGISocketPrefix /a\n</VirtualHost>',
      daemonDirectives,
    );
    assert.match(messages[0] ?? '', /WSGISocketRotation must be On or Off/);
    assert.match(messages[1] ?? '', /'futex' is invalid/);
    assert.match(messages[2] ?? '', /error.*WSGISocketPrefix|error/);
  });
});
