/** The status of every case was taken from Apache 2.4.71 for a request from 127.0.0.1 with SEEN set. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectiveError } from '../conf/directive.js';
import { Settings } from '../conf/settings.js';
import { decideAccess, evaluateRequire, isOpenToAll } from '../http/access-rules.js';
import { accessCompatDirectives, accessRulesOf, requireDirectives, requireSections } from './access-directives.js';
import { settingsOf } from './directive-line.test.fixture.js';

function statusOf(texts: readonly string[], reports: string[] = []): number {
  let settings = Settings.empty;
  for (const text of texts) {
    // Slashes stand for line ends where no path or mask is meant.
    const lines = text.replaceAll(' / ', '\n');
    settings = settings.overlaid(
      settingsOf(lines, [...requireDirectives, ...accessCompatDirectives], requireSections, reports),
    );
  }
  const decision = decideAccess(accessRulesOf(settings), {
    remoteAddress: '127.0.0.1',
    localAddress: '127.0.0.1',
    method: 'GET',
    environment: (name) => (name === 'SEEN' ? 'yes' : undefined),
    hostOf: () => 'localhost',
  });
  if (isOpenToAll(accessRulesOf(settings))) {
    assert.ok(decision.allowed, `is said to be open to all: ${texts.join(' / ')}`);
    assert.ok(onlyGrants.test(texts.join(' / ')), `may depend on the request: ${texts.join(' / ')}`);
  }
  return decision.allowed ? 200 : 403;
}

const onlyGrants = /^(?:Require all (?:granted|denied)|AuthMerging \w+|<\/?Require(?:All|Any)>| |\/|\n)*$/i;

it('knows what is open to all', () => {
  const isOpen = (text: string): boolean =>
    isOpenToAll(
      accessRulesOf(settingsOf(text, [...requireDirectives, ...accessCompatDirectives], requireSections, [])),
    );
  assert.deepEqual(['', 'Require all granted', 'Require all denied', 'Require ip 127', 'Deny from none'].map(isOpen), [
    true,
    true,
    false,
    false,
    false,
  ]);
});

const single: readonly (readonly [string, number])[] = [
  ['', 200],
  ['Require all granted', 200],
  ['Require all denied', 403],
  ['Require ip 127.0.0.1', 200],
  ['Require ip 10.0.0.1', 403],
  ['Require ip 127', 200],
  ['Require ip 127.', 200],
  ['Require ip 127.0', 200],
  ['Require ip 12', 403],
  ['Require ip 127.0.0.10', 403],
  ['Require ip 127.0.0.0/8', 200],
  ['Require ip 127.9.9.9/8', 200],
  ['Require ip 127.0.0.0/255.0.0.0', 200],
  ['Require ip 127.0.0.0/255.0.255.0', 200],
  ['Require ip 127.000.0.01', 200],
  ['Require ip ::1', 403],
  ['Require ip 10.0.0.1 127.0.0.1', 200],
  ['Require local', 200],
  ['Require method GET', 200],
  ['Require method HEAD', 200],
  ['Require method POST', 403],
  ['Require env SEEN', 200],
  ['Require env NOPE', 403],
  ['Require env NOPE SEEN', 200],
  ['Require host localhost', 200],
  ['Require host example.org', 403],
  ['<RequireAll> / Require all granted / Require not ip 127.0.0.1 / </RequireAll>', 403],
  ['<RequireAll> / Require all granted / Require not ip 10.0.0.1 / </RequireAll>', 200],
  ['<RequireAll> / <RequireNone> / Require ip 10.0.0.1 / </RequireNone> / Require all granted / </RequireAll>', 200],
  [
    '<RequireAll> / <RequireNone> / Require ip 10 / Require ip 127.0.0.1 / </RequireNone> / Require all granted / </RequireAll>',
    403,
  ],
  ['Require ip 10.0.0.1 / Require local', 200],
  ['<RequireAll> / Require all denied / </RequireAll> / Require local', 200],
  [
    '<RequireAll> / <RequireAny> / Require ip 10 / Require local / </RequireAny> / Require method GET / </RequireAll>',
    200,
  ],
  ['AuthMerging Or', 200],
  ['Order allow,deny', 403],
  ['Order ALLOW,DENY', 403],
  ['Order deny,allow', 200],
  ['Order mutual-failure', 403],
  ['Order allow,deny / Allow from all', 200],
  ['Order deny,allow / Deny from all', 403],
  ['Order allow,deny / Allow from all / Deny from 127.0.0.1', 403],
  ['Order deny,allow / Deny from all / Allow from 127', 200],
  ['Order mutual-failure / Allow from 127', 200],
  ['Order mutual-failure / Allow from 127 / Deny from all', 403],
  ['Deny from all', 403],
  ['Deny from all / Allow from all', 200],
  ['Order allow,deny / Allow from env=SEEN', 200],
  ['Order allow,deny / Allow from env=NOPE', 403],
  ['Order allow,deny / Allow from env=!NOPE', 200],
  ['Order allow,deny / Allow from env=!SEEN', 403],
  ['Order allow,deny / Allow from localhost', 200],
  ['Order allow,deny / Allow from .localdomain local', 403],
  ['Order allow,deny / Allow from none', 403],
  ['Order deny,allow / Deny from none', 200],
  ['Order allow,deny / Allow from 10.0.0.1 127.0.0.0/255.0.0.0', 200],
  ['Require all granted / Order allow,deny / Deny from all', 403],
  ['Require all denied / Order allow,deny / Allow from all', 403],
  ['Require all denied / Order allow,deny / Allow from all / Satisfy Any', 200],
  ['Require all granted / Order allow,deny / Deny from all / Satisfy Any', 200],
  ['Require all denied / Order allow,deny / Deny from all / Satisfy Any', 403],
  ['Require all denied / Satisfy Any', 200],
  ['Satisfy Any', 200],
  ['Order allow,deny / Deny from all / Satisfy Any', 200],
  ['Satisfy All / Require all denied', 403],
  ['Require all granted / Order allow,deny / Allow from all', 200],
];

const outerRequire = {
  '': '',
  G: 'Require all granted',
  D: 'Require all denied',
  'And D': 'AuthMerging And / Require all denied',
  'Or G': 'AuthMerging Or / Require all granted',
  Or: 'AuthMerging Or',
} as const;
const innerRequire = [
  'Require all granted',
  'Require all denied',
  'AuthMerging Or / Require all granted',
  'AuthMerging Or / Require all denied',
  'AuthMerging And / Require all granted',
  'AuthMerging And / Require all denied',
  'AuthMerging Off',
  'AuthMerging Or',
  'AuthMerging And',
];
/** One letter for each of `innerRequire`: y for 200, n for 403. */
const mergedRequire: Readonly<Record<keyof typeof outerRequire, string>> = {
  '': 'ynynynyyy',
  G: 'ynyyynyyy',
  D: 'ynynnnynn',
  'And D': 'ynynnnynn',
  'Or G': 'ynyyynyyy',
  Or: 'ynynynyyy',
};

const innerCompat = [
  'Allow from all',
  'Order allow,deny',
  'Satisfy All',
  'Satisfy Any',
  'Require all denied',
  'Require all granted',
];
/** One letter for each of `innerCompat`. */
const mergedCompat: Readonly<Record<string, string>> = {
  'Order allow,deny': 'ynyynn',
  'Deny from all': 'ynyynn',
  'Order allow,deny / Allow from all': 'ynyyny',
  'Require all denied / Satisfy Any': 'nnnyyy',
  'Require all denied / Order allow,deny / Satisfy Any / Deny from all': 'nnnyny',
};

describe('access rules in one section', () => {
  for (const [text, status] of single) it(`${text} -> ${status}`, () => assert.equal(statusOf([text]), status));
});

describe('access rules of a section over those of another', () => {
  for (const [name, outer] of Object.entries(outerRequire)) {
    it(`merges Require into '${name}'`, () => {
      const letters = innerRequire.map((inner) => (statusOf([outer, inner]) === 200 ? 'y' : 'n')).join('');
      assert.equal(letters, Object.entries(mergedRequire).find(([key]) => key === name)?.[1]);
    });
  }
  for (const [outer, expected] of Object.entries(mergedCompat)) {
    it(`replaces '${outer}' as a whole`, () => {
      assert.equal(innerCompat.map((inner) => (statusOf([outer, inner]) === 200 ? 'y' : 'n')).join(''), expected);
    });
  }
});

describe('access directives that Apache refuses, and those not supported', () => {
  for (const text of [
    'Require ip 127.0/16',
    'Require ip 127/8',
    'Require ip 127.0.0.0/33',
    'Require ip 127.0.0.1/0',
    'Require ip 127.0.0.1/x',
    'Require ip 256.0.0.1',
    'Require ip 1.2.3.4.5',
    'Require ip 127..1',
    'Require ip',
    'Require ip ::/0',
    'Require ip ::1/ffff::',
    'Require ip ::ffff:127.0.0.1',
    'Require ip localhost',
    'Require method get',
    'Require method FOO',
    'Require all maybe',
    'Require ALL Granted',
    'Require frob',
    'Require',
    'Require not ip 10.0.0.1',
    '<RequireAll> / Require not ip 10.0.0.1 / </RequireAll>',
    '<RequireAll> / </RequireAll>',
    '<RequireAny> / </RequireAny>',
    '<RequireNone> / </RequireNone>',
    '<RequireNone> / Require ip 10.0.0.1 / </RequireNone>',
    '<RequireAny> / <RequireNone> / Require ip 10 / </RequireNone> / Require all granted / </RequireAny>',
    '<RequireAll> / Require all granted / <RequireNone> / Require not ip 127.0.0.1 / </RequireNone> / </RequireAll>',
    '<RequireAll x> / Require local / </RequireAll>',
    '<RequireAll> / Require local / Options None / </RequireAll>',
    'Order "allow, deny"',
    'Order allow,deny,',
    'Allow all x',
    'Allow from 127.0.0.1/40',
    'Satisfy some',
    'AuthMerging Maybe',
    'Require expr',
    'Require expr true &&',
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => statusOf([text]), DirectiveError));
  }

  it('warns that host names are not looked up', () => {
    const reports: string[] = [];
    statusOf(['Require host example.org / Allow from a.example 10.1 none'], reports);
    assert.equal(reports.length, 2);
    assert.ok(reports.every((report) => report.startsWith('warning: the names of clients are not looked up')));
  });
});

describe('Require with a user', () => {
  const groups = { file: new Set(['staff']), script: new Set(['editors']) };

  function outcomesOf(text: string): readonly string[] {
    const rule = accessRulesOf(settingsOf(text.replaceAll(' / ', '\n'), requireDirectives, requireSections)).require
      ?.rule;
    assert.ok(rule !== undefined);
    const facts = { remoteAddress: '127.0.0.1', method: 'GET', environment: () => undefined };
    return [facts, { ...facts, user: 'ann' }, { ...facts, user: 'ann', groups }].map((one) =>
      evaluateRequire(rule, one),
    );
  }

  /** Without a user, with one, and with the user's groups. */
  const cases: readonly (readonly [text: string, outcomes: string])[] = [
    ['Require valid-user', 'denied-no-user granted granted'],
    ['Require user bob ann', 'denied-no-user granted granted'],
    ['Require user Ann', 'denied-no-user denied denied'],
    ['Require group STAFF', 'denied-no-user needs-file granted'],
    ['Require group editors', 'denied-no-user needs-file denied'],
    ['Require wsgi-group x Editors', 'denied-no-user needs-script granted'],
    ['Require local / Require group staff', 'granted granted granted'],
    ['Require user ann / Require group x', 'denied-no-user granted granted'],
    ['Require group x / Require user ann', 'denied-no-user needs-file granted'],
    ['<RequireAll> / Require valid-user / Require ip 10 / </RequireAll>', 'denied denied denied'],
    [
      '<RequireAll> / Require local / Require valid-user / Require local / </RequireAll>',
      'denied-no-user granted granted',
    ],
    ['Require valid-user / Require ip 10', 'denied-no-user granted granted'],
    ['<RequireAll> / Require valid-user / Require not group staff / </RequireAll>', 'denied-no-user needs-file denied'],
    ['<RequireAll> / Require local / Require not user ann / </RequireAll>', 'granted denied denied'],
    [
      '<RequireAll> / Require valid-user / <RequireNone> / Require user x / Require wsgi-group x / </RequireNone> / </RequireAll>',
      'denied-no-user needs-script granted',
    ],
  ];
  for (const [text, outcomes] of cases) it(text, () => assert.equal(outcomesOf(text).join(' '), outcomes));
});
