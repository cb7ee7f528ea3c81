import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExplainedPass, Explanation } from '../server/explanation.js';
import { formatExplanation } from './explain-text.js';

const line = (text: string, number: number) => ({ text, file: '/etc/site.conf', line: number });

const pass: ExplainedPass = {
  because: 'request',
  method: 'GET',
  path: '/app/x',
  query: 'q=1',
  rewriting: [],
  mapping: { line: line('WSGIScriptAlias /app /srv/site.wsgi', 7), text: '/srv/site.wsgi' },
  file: { path: '/srv/site.wsgi', kind: 'file', pathInfo: '/x' },
  sections: [{ kind: 'Directory', argument: '/srv', file: '/etc/site.conf', line: 20 }],
  conditions: [],
  settings: [
    {
      setting: 'mod_wsgi.process-group',
      value: 'site',
      lines: [line('WSGIProcessGroup site', 6)],
      overrode: [line('WSGIProcessGroup main', 2)],
    },
  ],
  access: { decision: 'granted', user: null, lines: [line('Require all granted', 21)] },
  handler: { name: 'wsgi-script', line: line('WSGIScriptAlias /app /srv/site.wsgi', 7) },
  failure: null,
};

const explanation: Explanation = {
  request: {
    method: 'GET',
    target: '/app/x?q=1',
    host: 'a.example',
    scheme: 'http',
    from: '10.0.0.1',
    to: '10.0.0.2:80',
  },
  status: null,
  decidedBy: 'application',
  reason: null,
  location: null,
  contentType: null,
  handler: 'wsgi-script',
  file: '/srv/site.wsgi',
  application: {
    script: '/srv/site.wsgi',
    callable: 'application',
    mountPoint: '/app',
    scriptName: '/app',
    pathInfo: '/x',
    processGroup: { name: 'site', processes: 3, threads: 1, file: '/etc/site.conf', line: 5 },
    applicationGroup: '%{GLOBAL}',
  },
  virtualHost: {
    name: 'a.example',
    addresses: ['*:80'],
    file: '/etc/site.conf',
    line: 4,
    why: "its ServerName is 'a.example'",
  },
  questions: [],
  passes: [pass],
  environment: {},
  log: [],
  notes: [],
};

test('an application: what comes of it first, then step by step', () => {
  assert.deepEqual(formatExplanation(explanation), [
    'GET http://a.example/app/x?q=1',
    'from 10.0.0.1 to 10.0.0.2:80',
    '',
    '  status             the application decides',
    '  handler            wsgi-script',
    "  script             /srv/site.wsgi  callable 'application'",
    '  mounted at         /app',
    "  SCRIPT_NAME        '/app'",
    "  PATH_INFO          '/x'",
    "  process group      'site': 3 processes x 1 thread  /etc/site.conf:5",
    '  application group  %{GLOBAL}',
    '',
    'Virtual host',
    '  a.example  *:80  /etc/site.conf:4',
    "    its ServerName is 'a.example'",
    '',
    'Mapped by',
    '  WSGIScriptAlias /app /srv/site.wsgi  /etc/site.conf:7',
    '  /srv/site.wsgi',
    "  file /srv/site.wsgi  PATH_INFO '/x'",
    '',
    'Sections, in the order in which they are merged',
    '  <Directory /srv>  /etc/site.conf:20',
    '',
    'Access: granted',
    '  Require all granted  /etc/site.conf:21',
    '',
    'Handler',
    '  wsgi-script  /etc/site.conf:7',
    '',
    'Settings in force',
    '  WSGIProcessGroup site              /etc/site.conf:6',
    '    overrides WSGIProcessGroup main  /etc/site.conf:2',
  ]);
});

test('an error, with its document, in two passes', () => {
  const failed: Explanation = {
    ...explanation,
    status: 403,
    decidedBy: 'server',
    reason: 'client denied by server configuration: /srv/x',
    application: null,
    passes: [
      {
        ...pass,
        access: { decision: 'refused', user: null, lines: [] },
        failure: { status: 403, message: 'client denied by server configuration: /srv/x' },
      },
      { ...pass, because: 'error document', path: '/403.html', query: '' },
    ],
  };
  const lines = formatExplanation(failed);
  assert.equal(lines[3], '  status   403');
  assert.equal(lines[4], '  reason   client denied by server configuration: /srv/x');
  assert(lines.includes('Access: refused'));
  assert(lines.includes('  no line says anything about it'));
  assert(lines.includes('  403  client denied by server configuration: /srv/x'));
  assert(lines.includes('Pass 1: GET /app/x?q=1'));
  assert(lines.includes('Pass 2: GET /403.html  (again, for the ErrorDocument)'));
});

test('rewriting and conditions, with places where there are some', () => {
  const rewriting = [
    {
      where: 'server',
      outcome: 'goes on with /b',
      steps: [
        { file: '/etc/site.conf', line: 9, text: "pattern '^/a' matches '/a'" },
        { file: null, line: null, text: "passed through as '/b'" },
      ],
    },
  ];
  const conditions = [{ kind: 'If', argument: 'true', file: '/etc/site.conf', line: 30, holds: true }];
  const lines = formatExplanation({ ...explanation, passes: [{ ...pass, rewriting, conditions }] });
  const at = lines.indexOf('Rewriting of the server: goes on with /b');
  assert.deepEqual(lines.slice(at + 1, at + 3), [
    "  pattern '^/a' matches '/a'  /etc/site.conf:9",
    "  passed through as '/b'",
  ]);
  assert(lines.includes('  holds  <If true>  /etc/site.conf:30'));
});

test('what a client sends can not drive the terminal', () => {
  const lines = formatExplanation({ ...explanation, reason: 'bad \u001b[31m name\nx' });
  assert(lines.every((one) => !one.includes('\u001b') && !one.includes('\n')));
  assert(lines.includes('  reason             bad \\x1b[31m name\\nx'));
});
