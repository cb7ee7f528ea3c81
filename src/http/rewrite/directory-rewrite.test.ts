/** What only per-directory rules do, and the record of steps. All compared with Apache 2.4.71, but for the steps. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewriteForDirectory } from './directory-rewrite.js';
import { inDirectory, onServer, requestOf, ruleSet, servicesOf, variable, where } from './rewrite.test.fixture.js';

const outcomes: readonly (readonly [lines: string, url: string, expected: string, base?: string])[] = [
  ['RewriteRule ^p/(.*)$ $1', '/app/p/x.txt?z', 'again /app/x.txt?z'],
  ['RewriteRule ^p/(.*)$ x.txt', '/app/p/x.txt', 'again /other/x.txt', '/other'],
  ['RewriteRule ^p/(.*)$ /x.txt', '/app/p/x.txt', 'again /x.txt', '/other/'],
  ['RewriteRule ^p y', '/app/p', 'again /app/sub/y', '/app/sub'],
  // The result is the file that the request has anyway.
  ['RewriteRule ^x x.txt', '/app/x.txt/more?q=1', 'file /srv/www/app/x.txt?q=1'],
  ['RewriteRule ^x x.txt?n=1', '/app/x.txt?q=1', 'file /srv/www/app/x.txt?n=1'],
  ['RewriteRule ^p/(.*)$ $1 [R]', '/app/p/x.txt', '302 http://site.test/x.txt', '/'],
  ['RewriteRule ^p/(.*)$ /$1 [R=301]', '/app/p/x%20y?z', '301 http://site.test/x%20y?z'],
  ['RewriteRule ^p http://o.test/srv/www/app/x', '/app/p', '302 http://o.test/b/x', '/b'],
  ['RewriteRule ^p ../x.txt', '/app/p', 'again /app/../x.txt'],
  ['RewriteRule ^p /elsewhere/y.txt', '/app/p', 'again /elsewhere/y.txt'],
  ['RewriteRule ^p /srv/www/app/x.txt', '/app/p', 'again /app/x.txt'],
  ['RewriteRule ^p/(.*)$ $1', '/app/p/a%2541.txt', 'again /app/a%41.txt'],
  ['RewriteRule ^p/(.*) x.txt?q=$1', '/app/p/a%20b', '403'],
  ['RewriteRule ^p - [F]', '/app/p', '403'],
  ['RewriteRule ^p x.txt [PT]\nRewriteRule . - [F]', '/app/p', 'again /app/x.txt'],
  // The directory without its trailing slash is left to the redirect that adds it.
  ['RewriteRule ^ - [F]', '/app', 'declined'],
  ['RewriteRule ^$ - [F]', '/app/', '403'],
];

for (const [lines, url, expected, base] of outcomes) {
  test(`in a directory: ${lines.replaceAll('\n', ' | ')} on ${url}, base ${base ?? 'none'}`, () => {
    assert.equal(where(inDirectory(lines, { url }, base)), expected);
  });
}

test('AllowNoSlash lets rules see the directory without its slash, as a whole file path', () => {
  const request = requestOf({ url: '/app', filename: '/srv/www/app' });
  const options = { directory: '/srv/www/app/', base: undefined, allowNoSlash: true };
  const outcome = rewriteForDirectory(ruleSet('RewriteRule ^(.*) - [E=X:$0]'), request, servicesOf({}), options);
  assert.equal(variable(outcome, 'X'), '/srv/www/app');
});

test('a result below an alias becomes a URL below it, unless IgnoreContextInfo', () => {
  const facts = { CONTEXT_DOCUMENT_ROOT: '/out', CONTEXT_PREFIX: '/al' };
  const request = requestOf({ url: '/al/p', filename: '/out/p', facts });
  const at = (ignoreContextInfo: boolean) => {
    const options = { directory: '/out', base: undefined, ignoreContextInfo };
    return where(rewriteForDirectory(ruleSet('RewriteRule ^p y.txt'), request, servicesOf({}), options));
  };
  assert.equal(at(false), 'again /al/y.txt');
  assert.equal(at(true), 'again /out/y.txt');
});

test('in a Location, whose argument is no directory, rules see the whole file path', () => {
  const request = requestOf({ url: '/app/x.txt', filename: '/srv/www/app/x.txt' });
  const options = { directory: '/app', base: undefined };
  const outcome = rewriteForDirectory(ruleSet('RewriteRule (.*)x\\. x2 [E=X:$1]'), request, servicesOf({}), options);
  assert.deepEqual([where(outcome), variable(outcome, 'X')], ['again /app/x2', '/srv/www/app/']);
});

test('a rule set that matches nothing leaves nothing behind', () => {
  assert.deepEqual(onServer('RewriteRule ^/no /x'), {
    kind: 'declined',
    environment: [],
    cookies: [],
    vary: [],
    handler: undefined,
    mimeType: undefined,
    end: false,
    steps: [],
  });
});

test('steps tell, line by line, why a request went where it did', () => {
  const lines = 'RewriteCond %{HTTPS} off\nRewriteRule ^p x.txt?a=1 [E=X:1]';
  const { steps } = inDirectory(lines, { url: '/app/p', trace: true });
  const text = steps.map(({ label, text }) => (label === undefined ? text : `${label}: ${text}`));
  assert.deepEqual(text, [
    "line 2: pattern '^p' matches 'p'",
    "line 1: condition 'off' holds for 'off'",
    "line 2: rewritten to 'x.txt?a=1'",
    "line 2: sets X: '1'",
    "line 2: the query string is now 'a=1'",
    "starts over with '/app/x.txt'",
  ]);
  assert.deepEqual(
    steps.flatMap(({ test }) => test ?? []),
    [
      { pattern: '^p', subject: 'p', holds: true },
      { pattern: 'off', subject: 'off', holds: true },
    ],
  );
});
