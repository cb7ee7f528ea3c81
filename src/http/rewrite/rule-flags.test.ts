/**
 * Every flag of RewriteRule, by what it does. The table of outcomes, the cookies, E, N, F, H, T and DPI were compared
 * with Apache 2.4.71; subrequests, the limit on growing paths and the values that we refuse and Apache takes were not.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inDirectory, onServer, type Situation, variable, where } from './rewrite.test.fixture.js';
import { parseRule } from './rule.js';
import { parseRuleFlags } from './rule-flags.js';
import { RewriteSyntaxError } from './syntax-error.js';

const outcomes: readonly (readonly [lines: string, url: string, expected: string])[] = [
  // The query string.
  ['RewriteRule ^/p/(.*)$ /q?q=$1', '/p/a?z=1', 'file /srv/www/q?q=a'],
  ['RewriteRule ^/p/(.*)$ /q?q=$1 [QSA]', '/p/a?z=1', 'file /srv/www/q?q=a&z=1'],
  ['RewriteRule ^/p/(.*)$ /q?q=$1 [QSA]', '/p/a', 'file /srv/www/q?q=a'],
  ['RewriteRule ^/p/(.*)$ /q? [QSA]', '/p/a?z=1', 'file /srv/www/q?z=1'],
  ['RewriteRule ^/p/(.*)$ /q?', '/p/a?z=1', 'file /srv/www/q'],
  ['RewriteRule ^/p/(.*)$ /x?y?q=$1 [QSL]', '/p/a?z=1', 'file /srv/www/x?y?q=a'],
  ['RewriteRule ^/p/(.*)$ /q [QSD]', '/p/a?z=1', 'file /srv/www/q'],
  ['RewriteRule ^/p/(.*)$ /q', '/p/a?z=1', 'file /srv/www/q?z=1'],
  ['RewriteRule ^/p /q?a&', '/p?x', 'file /srv/www/q?a'],
  ['RewriteRule ^/p /q?a& [QSA]', '/p?x', 'file /srv/www/q?a&&x'],
  ['RewriteRule ^/p /q?a [QSA,QSD]', '/p?x', 'file /srv/www/q?a'],
  // R and redirects by substitution.
  [
    'RewriteRule ^/p/(.*)$ /q/$1 [R]',
    '/p/a%20b%25c%3cd"\'[]|^`~$?z=%20"1',
    '302 http://site.test/q/a%20b%25c%3cd%22\'%5b%5d%7c%5e%60~$?z=%20"1',
  ],
  ['RewriteRule ^/p/(.*)$ /q?a=$1&b=% [R=301,QSA]', '/p/a%20b?z=%201', '301 http://site.test/q?a=a%20b&b=%25&z=%25201'],
  ['RewriteRule ^/p/(.*)$ /q#$1 [R=permanent,NE]', '/p/a?z=%201', '301 http://site.test/q#a?z=%201'],
  ['RewriteRule ^/p q [R=seeother]', '/p', '303 http://site.test/q'],
  ['RewriteRule ^/p q [R=temp]', '/p', '302 http://site.test/q'],
  ['RewriteRule ^/p/(.*)$ http://other.test/$1', '/p/a%20c', '302 http://other.test/a%20c'],
  ['RewriteRule ^/p/(.*)$ HTTP://other.test/$1', '/p/x', '302 HTTP://other.test/x'],
  ['RewriteRule ^/p http://site.test/app/x.txt', '/p', 'file /srv/www/app/x.txt'],
  ['RewriteRule ^/p mailto:a@b?c=d [R]', '/p?z', '302 mailto:a@b?c=d'],
  ['RewriteRule ^/p ldap://h.test/a?b?c', '/p?x', '302 ldap://h.test/a?b?c'],
  ['RewriteRule ^/p ftp://h.test/a?b', '/p?x', '302 ftp://h.test/a%3fb'],
  ['RewriteRule ^/p http://SITE.test', '/p', 'file /srv/www/'],
  // Apache answers 400 here, since it passes the whole URL on as a path.
  ['RewriteRule ^/p http://other.test/ [PT]', '/p', '302 http://other.test/'],
  ['RewriteRule ^/p/(.*)$ /q/$1 [R]\nRewriteRule ^(.*)q(.*)$ $1w$2', '/p/x?z', 'file /srv/www/w/x?z'],
  ['RewriteRule ^/x /y [R=301]\nRewriteRule y - [F]', '/x', '403'],
  ['RewriteRule ^/x http://o.test/y\nRewriteRule (.*) $1/z', '/x?q', '302 http://o.test/y/z?q'],
  ['RewriteRule ^/x - [R=301]', '/x', 'declined'],
  ['RewriteRule ^/p /z [R=404]', '/p', '404'],
  ['RewriteRule ^/p - [F]', '/p', '403'],
  ['RewriteRule ^/p - [G]', '/p', '410'],
  // B, BNP, BCTLS, BNE.
  [
    'RewriteRule ^/p/(.*)$ /q/$1 [B,R,NE]',
    '/p/a%20b%25c%3cd%22%27%5b^`~-_.!*(),;:@&=+$/%c3%a9%0a',
    '302 http://site.test/q/a+b%25c%3cd%22%27%5b%5e%60%7e%2d_%2e%21%2a%28%29%2c%3b%3a%40%26%3d%2b%24%2f%c3%a9%0a',
  ],
  ['RewriteRule ^/p/(.*)$ /q/$1 [B,BNP,R,NE]', '/p/a%20b', '302 http://site.test/q/a%20b'],
  ['RewriteRule ^/p/(.*)$ /q/$1 "[B= &;,R,NE]"', '/p/a%20b&c;d/', '302 http://site.test/q/a+b%26c%3bd/'],
  ['RewriteRule ^/p/(.*)$ /q/$1 [BCTLS,R,NE]', '/p/a%20b%0ac&%7f', '302 http://site.test/q/a+b%0ac&%7f'],
  ['RewriteRule ^/p/(.*)$ /q/$1 [B,BNE=/&,R,NE]', '/p/a%20b/&c;', '302 http://site.test/q/a+b/&c%3b'],
  ['RewriteCond %{REQUEST_URI} (.)/$\nRewriteRule ^ /x/%1 [B,R]', '/q%26/', '302 http://site.test/x/%2526'],
  // A raw blank in a query string would let a request smuggle a header in.
  ['RewriteRule ^/p/(.*)$ /q?q=$1', '/p/a%20b', '403'],
  ['RewriteRule ^/p/(.*)$ /q?q=$1 [PT]', '/p/a%20b', '403'],
  ['RewriteRule ^/p/(.*)$ /q?q=$1 [NE,R]', '/p/a%20b', '403'],
  ['RewriteRule ^/p/(.*)$ /q?q=$1 [B]', '/p/a%20b', 'file /srv/www/q?q=a+b'],
  // UnsafeAllow3F.
  ['RewriteRule ^/p/(.*)$ /app/$1', '/p/x.txt%3fb', '403'],
  ['RewriteRule ^/p/(.*)$ /app/$1 [R]', '/p/x.txt%3fb', '403'],
  ['RewriteRule ^/p/(.*)$ /app/$1 [UnsafeAllow3F]', '/p/x.txt%3fb', 'file /srv/www/app/x.txt?b'],
  ['RewriteRule ^/p/(.*)$ /app/x.txt?q=$1', '/p/a%3fb', 'file /srv/www/app/x.txt?q=a?b'],
  // UnsafePrefixStat and what is a file path.
  ['RewriteRule ^/h$ /etc/hostname', '/h', 'file /etc/hostname'],
  ['RewriteRule ^/p/(.*)$ /etc/$1', '/p/hostname', 'file /etc/hostname'],
  ['RewriteRule ^(.*)$ $1', '/etc/hostname', 'file /srv/www/etc/hostname'],
  ['RewriteRule ^(.*)$ $1 [UnsafePrefixStat]', '/etc/hostname', 'file /etc/hostname'],
  ['RewriteRule ^/p/(.*)$ /et$1/hostname', '/p/c', 'file /srv/www/etc/hostname'],
  ['RewriteRule ^/(.*)$ %{DOCUMENT_ROOT}/app/$1', '/x.txt', 'file /srv/www/app/x.txt'],
  ['RewriteRule ^/p app/x.txt', '/p', 'file /srv/www/app/x.txt'],
  // PT.
  ['RewriteRule ^/p/(.*)$ /zz/$1 [PT]\nRewriteRule . - [F]', '/p/y?z', 'passthrough /zz/y?z'],
  ['RewriteRule ^/x - [PT]\nRewriteRule ^ - [F]', '/x/y', 'passthrough /x/y'],
  // L, END, S, C, N, NC.
  ['RewriteRule ^/a /b [L]\nRewriteRule ^/b /c', '/a', 'file /srv/www/b'],
  ['RewriteRule ^/x - [L]\nRewriteRule ^/x - [F]', '/x', 'declined'],
  ['RewriteRule ^/a /b [END]\nRewriteRule ^/b /c', '/a', 'file /srv/www/b'],
  ['RewriteRule ^ - [S=2]\nRewriteRule ^ - [F]\nRewriteRule ^ - [F]\nRewriteRule ^ /d', '/', 'file /srv/www/d'],
  [
    'RewriteRule ^/a /b [C]\nRewriteRule ^/zz /c [C]\nRewriteRule ^/b /d\nRewriteRule (.*) $1g',
    '/a',
    'file /srv/www/bg',
  ],
  [
    'RewriteRule ^/zz /b [C]\nRewriteRule ^/a /c [C]\nRewriteRule ^/a /d\nRewriteRule (.*) $1g',
    '/a',
    'file /srv/www/ag',
  ],
  ['RewriteRule ^(.*)a(.*)$ $1b$2 [N]', '/aaa', 'file /srv/www/bbb'],
  ['RewriteRule ^(.*)$ $1x [N=3]', '/aaa', '500'],
  ['RewriteRule ^/a /b [N]\nRewriteRule ^/b /a [N]', '/a', '500'],
  ['RewriteRule ^/a - [N]', '/a', '500'],
  ['RewriteRule ^/X - [F,NC]', '/x', '403'],
  ['RewriteRule ^/X - [F]', '/x', 'declined'],
  ['RewriteRule !^/app/ /app/x.txt', '/q', 'file /srv/www/app/x.txt'],
  ['RewriteRule !^/app/ /app/x.txt', '/app/a', 'declined'],
  ['RewriteRule ^ - [F]', '*', 'declined'],
];

for (const [lines, url, expected] of outcomes) {
  test(`${lines.replaceAll('\n', ' | ')} on ${url}`, () => assert.equal(where(onServer(lines, { url })), expected));
}

test('E sets, sets to nothing and unsets, with everything filled in', () => {
  const lines = 'RewriteRule ^/(.) - [E=X,E=!Y,E=Z:$1:%{REQUEST_METHOD}]';
  const outcome = onServer(lines, { url: '/q' });
  assert.deepEqual(outcome.environment, [
    { name: 'X', value: '' },
    { name: 'Y', value: undefined },
    { name: 'Z', value: 'q:GET' },
  ]);
  assert.equal(where(outcome), 'declined');
});

test('%{ENV:x} sees what earlier rules set, then the request, then nothing', () => {
  const lines =
    'RewriteRule ^ - [E=A:1]\nRewriteRule ^ - [E=X:%{ENV:A}%{env:B}%{ENV:C},E=!B]\nRewriteRule ^ - [E=Y:%{ENV:B}]';
  const outcome = onServer(lines, { environment: { A: '0', B: '2' } });
  assert.deepEqual([variable(outcome, 'X'), variable(outcome, 'Y')], ['12', '']);
});

test('N repeats the rules until one no longer applies', () => {
  const lines = 'RewriteCond %{ENV:X} !=aaa\nRewriteRule ^ - [E=X:%{ENV:X}a,N]';
  assert.equal(variable(onServer(lines), 'X'), 'aaa');
});

test('F keeps the variables that its rule sets', () => {
  const outcome = onServer('RewriteRule ^ - [F,E=X:1]');
  assert.deepEqual([where(outcome), variable(outcome, 'X')], ['403', '1']);
});

test('H and T are filled in and lower case, on rules that change the path too', () => {
  const kept = onServer('RewriteRule ^/(.*) - [H=My-$1,T=Text/CSS]', { url: '/Handler' });
  assert.deepEqual([kept.kind, kept.handler, kept.mimeType], ['declined', 'my-handler', 'text/css']);
  const changed = onServer('RewriteRule ^/x$ /app/x.txt [T=a/B,H=Foo]', { url: '/x' });
  assert.deepEqual([changed.kind, changed.handler, changed.mimeType], ['file', 'foo', 'a/b']);
});

test('an empty handler does not replace an earlier one', () => {
  assert.equal(onServer('RewriteRule ^ - [H=abc]\nRewriteRule ^ - [H=%{NOSUCH}]').handler, 'abc');
});

test('END is told to the caller', () => {
  assert.equal(onServer('RewriteRule ^ - [END]').end, true);
  assert.equal(onServer('RewriteRule ^ - [L]').end, false);
});

test('NS and R do not apply to subrequests', () => {
  const at = (flags: string, isSubrequest: boolean) => where(onServer(`RewriteRule ^ /x [${flags}]`, { isSubrequest }));
  assert.equal(at('NS', true), 'declined');
  assert.equal(at('NS', false), 'file /srv/www/x');
  assert.equal(at('R', true), 'declined');
  assert.equal(at('R=404', true), 'declined');
});

test('DPI drops PATH_INFO, which the next rule would otherwise see again', () => {
  const lines = (flags: string) => `RewriteRule ^x aA.txt ${flags}\nRewriteRule ^(.*) $1z`;
  const situation: Situation = { url: '/app/x.txt/more' };
  assert.equal(where(inDirectory(lines(''), situation)), 'again /app/aA.txt/morez');
  assert.equal(where(inDirectory(lines('[DPI]'), situation)), 'again /app/aA.txtz');
});

const cookies: readonly (readonly [flag: string, expected: readonly string[]])[] = [
  ['CO=a:b:d', ['a=b; path=/; domain=d']],
  ['CO=a:b', []],
  ['CO=a:b::5', ['a=b; path=/; domain=5']],
  ['CO=a:b:d:0:/:1:1:1', ['a=b; path=/; domain=d; secure; HttpOnly; SameSite=1']],
  ['CO=a:b:d:0:/:secure:httponly:false', ['a=b; path=/; domain=d; secure; HttpOnly']],
  // Apache leaves HttpOnly out here, against its manual.
  ['CO=;a;b:c;-;0;/;0;1;none', ['a=b:c; path=/; domain=-; HttpOnly; SameSite=none']],
  ['CO=a:b:d,CO=a:c:d,CO=z:%{REQUEST_METHOD}:d', ['a=b; path=/; domain=d', 'z=GET; path=/; domain=d']],
];

for (const [flag, expected] of cookies) {
  test(`the cookies of [${flag}]`, () => {
    const outcome = onServer(`RewriteRule ^ - [${flag}]`);
    assert.deepEqual(
      outcome.cookies.map((cookie) => cookie.header),
      expected,
    );
  });
}

test('the lifetime of a cookie is in minutes', () => {
  const now = () => Date.UTC(2026, 10, 20, 19, 24, 16);
  const outcome = onServer('RewriteRule ^ - [CO=a:b:.ex.test:10:/x:secure:HttpOnly:Lax]', { services: { now } });
  const expected =
    'a=b; path=/x; domain=.ex.test; expires=Fri, 20-Nov-2026 19:34:16 GMT; secure; HttpOnly; SameSite=Lax';
  assert.equal(outcome.cookies[0]?.header, expected);
});

test('a path that feeds on itself ends with 500 before it fills the memory', () => {
  const outcome = onServer('RewriteRule ^(.*)$ $1$1 [N]', { url: '/abc' });
  assert.equal(where(outcome), '500');
});

test('long names and capital letters do not matter', () => {
  const long =
    '[last,nocase,qsappend,qsdiscard,qslast,noescape,nosubreq,passthrough,chain,cookie=a:b:c,env=x:y,forbidden,gone,handler=q,next,redirect,skip=1,type=a/b,discardpath,end,UNC,unsafeprefixstat]';
  const flags = parseRuleFlags(long);
  assert.deepEqual(
    [flags.last, flags.chain, flags.end, flags.skip, flags.status, flags.maxRounds],
    [true, true, true, 1, 410, 32_000],
  );
});

test('blanks around flags of a quoted list are ignored', () => {
  const outcome = onServer('RewriteRule . - "[ E=X:1 , E=Y:a b ]"');
  assert.deepEqual([variable(outcome, 'X'), variable(outcome, 'Y')], ['1', 'a b']);
});

const refused: readonly (readonly [args: readonly string[], argument: number, reason: RegExp])[] = [
  [['a(', 'b'], 0, /regular expression 'a\('/],
  [['a++', 'b'], 0, /possessive/],
  [['a', '%{LA-U:X}'], 1, /LA-U/],
  [['a', 'b', '[XX]'], 2, /'XX' is not a flag of RewriteRule/],
  [['a', 'b', '[]'], 2, /'' is not a flag/],
  [['a', 'b', 'NC'], 2, /brackets/],
  [['a', 'b', '[L'], 2, /brackets/],
  [['a', 'b', '[P]'], 2, /no proxy/],
  [['a', 'b', '[R=700]'], 2, /'700' is not an HTTP status/],
  [['a', 'b', '[R=310]'], 2, /'310'/],
  [['a', 'b', '[R=99]'], 2, /'99'/],
  // Apache takes these, and then does something else than they say.
  [['a', 'b', '[R=abc]'], 2, /'abc'/],
  [['a', 'b', '[N=abc]'], 2, /N takes/],
  [['a', 'b', '[S=abc]'], 2, /S takes/],
  [['a', 'b', '[E]'], 2, /E=name:value/],
  [['a', 'b', '[T]'], 2, /T=media-type/],
];

for (const [args, argument, reason] of refused) {
  test(`RewriteRule ${args.join(' ')} is refused`, () => {
    assert.throws(
      () => parseRule(args, [], ''),
      (error) => error instanceof RewriteSyntaxError && error.argument === argument && reason.test(error.message),
    );
  });
}
