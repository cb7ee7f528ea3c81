/** Server variables and the escapes of templates. Compared with Apache 2.4.71, but for the values of the fixture. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inDirectory, onServer, type Situation, variable } from './rewrite.test.fixture.js';

const facts = {
  AUTH_TYPE: 'Basic',
  CONN_REMOTE_ADDR: '192.0.2.1',
  CONTEXT_PREFIX: '/pre',
  CONTEXT_DOCUMENT_ROOT: '/ctx',
  IPV6: 'off',
  REMOTE_ADDR: '192.0.2.2',
  REMOTE_HOST: 'client.test',
  REMOTE_IDENT: 'ident',
  REMOTE_PORT: '4711',
  REMOTE_USER: 'graham',
  SCRIPT_GROUP: 'staff',
  SCRIPT_USER: 'me',
  SERVER_ADDR: '192.0.2.3',
  SERVER_ADMIN: 'admin@site.test',
  SERVER_PROTOCOL: 'HTTP/1.1',
  SERVER_SOFTWARE: 'Stillhouse',
};

const headers = {
  Accept: 'a/b',
  Cookie: 'c=1',
  Forwarded: 'for=x',
  'Proxy-Connection': 'close',
  Referer: 'http://from/',
  'User-Agent': 'test',
  'X-Own': 'own',
};

const values: Readonly<Record<string, string>> = {
  ...facts,
  HTTP_ACCEPT: 'a/b',
  HTTP_COOKIE: 'c=1',
  HTTP_FORWARDED: 'for=x',
  HTTP_HOST: 'site.test',
  HTTP_PROXY_CONNECTION: 'close',
  HTTP_REFERER: 'http://from/',
  HTTP_USER_AGENT: 'test',
  HTTP_X_OWN: '',
  'HTTP:X-Own': 'own',
  'http:x-own': 'own',
  'ENV:SET': 'set',
  'env:SET': 'set',
  'SSL:SSL_PROTOCOL': 'TLSv1.3',
  'SSL:NONE': '',
  DOCUMENT_ROOT: '/srv/www',
  QUERY_STRING: 'q=1',
  REQUEST_METHOD: 'GET',
  REQUEST_URI: '/app/a b',
  REQUEST_FILENAME: '/app/a b',
  SCRIPT_FILENAME: '/app/a b',
  PATH_INFO: '',
  THE_REQUEST: 'GET /app/a%20b?q=1 HTTP/1.1',
  REQUEST_SCHEME: 'http',
  HTTPS: 'off',
  IS_SUBREQ: 'false',
  SERVER_NAME: 'site.test',
  SERVER_PORT: '80',
  API_VERSION: '20120211:142',
  TIME: '20261120190509',
  TIME_YEAR: '2026',
  TIME_MON: '11',
  TIME_DAY: '20',
  TIME_HOUR: '19',
  TIME_MIN: '05',
  TIME_SEC: '09',
  TIME_WDAY: '5',
  request_method: 'GET',
  NOSUCH: '',
};

const situation: Situation = { url: '/app/a%20b?q=1', facts, headers, environment: { SET: 'set' } };

for (const [name, expected] of Object.entries(values)) {
  test(`%{${name}} is '${expected}'`, () => {
    assert.equal(variable(onServer(`RewriteRule ^ - [E=X:%{${name}}]`, situation), 'X'), expected);
  });
}

test('the path variables of a directory', () => {
  const lines = 'RewriteRule ^ - [E=X:%{SCRIPT_FILENAME}|%{PATH_INFO}|%{REQUEST_URI}]';
  const outcome = inDirectory(lines, { url: '/app/x.txt/more' });
  assert.equal(variable(outcome, 'X'), '/srv/www/app/x.txt|/more|/app/x.txt/more');
});

test('https, and a subrequest', () => {
  const lines = 'RewriteRule ^ - [E=X:%{HTTPS}|%{REQUEST_SCHEME}|%{SERVER_PORT}|%{IS_SUBREQ}]';
  const outcome = onServer(lines, { scheme: 'https', isSubrequest: true });
  assert.equal(variable(outcome, 'X'), 'on|https|443|true');
});

const templates: readonly (readonly [template: string, expected: string])[] = [
  ['\\$1 \\%{HTTP_HOST} \\\\', '$1 %{HTTP_HOST} \\'],
  ['$ % %a $a %{UNCLOSED', '$ % %a $a %{UNCLOSED'],
  // A backslash does not keep a brace from closing.
  ['%{ENV:FO\\}x}', 'x}'],
  ['$0-$1-$9-%0-%1', '/app-app---'],
];

for (const [template, expected] of templates) {
  test(`${template} becomes ${expected}`, () => {
    const outcome = onServer(`RewriteRule ^/(.*) - "[E=X:${template}]"`, { url: '/app' });
    assert.equal(variable(outcome, 'X'), expected);
  });
}

test('a pattern with ! has no groups', () => {
  assert.equal(variable(onServer('RewriteRule !^/(z) - [E=X:1-$0-$1]'), 'X'), '1--');
});

test('text beyond ASCII in the configuration is matched and written as UTF-8 bytes', () => {
  const outcome = onServer('RewriteRule ^/\u00e9(.) - [E=X:\u00e9$1]', { url: '/%c3%a9x' });
  assert.equal(variable(outcome, 'X'), '\u00c3\u00a9x');
});
