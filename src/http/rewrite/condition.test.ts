/**
 * Conditions: every kind of pattern and flag. The expectations of the first table and those on back-references
 * and Vary were compared with Apache 2.4.71; only -U on a forbidden URL was not.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCondition } from './condition.js';
import { inDirectory, onServer, type Situation, variable, where } from './rewrite.test.fixture.js';
import { RewriteSyntaxError } from './syntax-error.js';

const cases: readonly (readonly [condition: string, expected: string | undefined, situation?: Situation])[] = [
  ['%{REQUEST_URI} >/app/x.txs', 'yes'],
  // Lengths are compared first.
  ['%{REQUEST_URI} >/zzz', 'yes'],
  ['%{REQUEST_URI} </zzz', undefined],
  ['%{REQUEST_URI} >=/app/x.txt', 'yes'],
  ['%{REQUEST_URI} <=/app/x.txt', 'yes'],
  ['%{REQUEST_URI} =/app/x.txt', 'yes'],
  ['%{REQUEST_URI} =/APP/x.txt', undefined],
  ['%{REQUEST_URI} =/APP/x.txt [NC]', 'yes'],
  ['%{QUERY_STRING} =""', 'yes'],
  // Alone, '=' is a regular expression.
  ['%{QUERY_STRING} "="', undefined],
  ['a=b "="', 'yes='],
  ['%{QUERY_STRING} !=x', 'yes'],
  ['5 -eq5', 'yes'],
  ['abc -eq0', 'yes'],
  ['10 -gt9', 'yes'],
  ['9 -gt9', undefined],
  ['-1 -lt0', 'yes'],
  ['5 !-ne5', 'yes'],
  ['5x -ge5', 'yes'],
  ['5 -le4', undefined],
  ['/srv/www/app/x.txt -f', 'yes'],
  ['/srv/www/app -f', undefined],
  ['/srv/www/app -d', 'yes'],
  ['/srv/www/app/x.txt -d', undefined],
  ['/srv/www/app/empty.txt -s', undefined],
  ['/srv/www/app/x.txt -s', 'yes'],
  ['/srv/www/app -s', undefined],
  ['/srv/www/app/link.txt -l', 'yes'],
  ['/srv/www/app/link.txt -h', 'yes'],
  ['/srv/www/app/x.txt -L', undefined],
  ['/srv/www/app/link.txt -f', 'yes'],
  ['/srv/www/app/run.sh -x', 'yes'],
  ['/srv/www/app/x.txt -x', undefined],
  ['/srv/www/app -x', 'yes'],
  ['/nope !-f', 'yes'],
  ['/nope !-f [NC]', 'yes'],
  ['/app/nope -U', 'yes'],
  ['/forbidden -U', undefined],
  ['/srv/www/app/x.txt -F', 'yes'],
  ['/nope -F', undefined],
  ['%{REQUEST_URI} ^/(a)(p)', 'yes/apap'],
  ['%{REQUEST_URI} !^/(a)(p)', undefined],
  ['%{REQUEST_URI} !^/(b)', 'yes'],
  ['%{HTTP_USER_AGENT} ^moz(.) [NC]', 'yesMOZii', { headers: { 'User-Agent': 'MOZilla' } }],
  // No file tests, so regular expressions.
  ['a-z -z', 'yes-z'],
  ['a-b -', 'yes-'],
  [`expr "%{REQUEST_URI} =~ m#^/(\\w+)/(.*)$#"`, 'yes/app/x.txtappx.txt'],
  [`expr "%{REQUEST_URI} == '/app/x.txt'"`, 'yes'],
  [`expr "! %{REQUEST_URI} == '/app/x.txt'"`, undefined],
  [`EXPR "!%{REQUEST_URI} =~ m#^/(nope)#"`, 'yes'],
  [`expr "reqenv('X') == ''"`, 'yes'],
];

for (const [condition, expected, situation] of cases) {
  test(`RewriteCond ${condition}`, () => {
    const lines = `RewriteCond ${condition}\nRewriteRule . - [E=X:yes%0%1%2]`;
    assert.equal(variable(onServer(lines, { url: '/app/x.txt', ...situation }), 'X'), expected);
  });
}

test('OR joins a condition with the next; the rest must hold too', () => {
  const lines = `RewriteCond %{HTTP:A} x [OR]
    RewriteCond %{HTTP:B} (y) [OR]
    RewriteCond %{HTTP:C} z
    RewriteCond %{HTTP:D} !q
    RewriteRule ^ - [E=X:1-%1]`;
  assert.equal(variable(onServer(lines, { headers: { B: 'y' } }), 'X'), '1-y');
  assert.equal(variable(onServer(lines, { headers: { C: 'z' } }), 'X'), '1-');
  assert.equal(variable(onServer(lines, { headers: { B: 'y', D: 'q' } }), 'X'), undefined);
  assert.equal(variable(onServer(lines, { headers: { D: 'r' } }), 'X'), undefined);
});

test('back-references come from the last condition that matched, and reach the conditions after it', () => {
  const lines = `RewriteCond a:b ^(.):(.)$
    RewriteCond %1-%2-$1 ^(a-b-(.*))$
    RewriteCond x !y
    RewriteRule ^/(..) - [E=X:1-%1]`;
  assert.equal(variable(onServer(lines, { url: '/app/' }), 'X'), '1-a-b-ap');
});

test('a rule without conditions has no condition groups, whatever an earlier rule had', () => {
  const lines = `RewriteCond %{REQUEST_URI} ^/(a)
    RewriteRule ^ - [E=X:1-%1]
    RewriteRule ^ - [E=Y:2-%1]`;
  const outcome = onServer(lines, { url: '/app/' });
  assert.deepEqual([variable(outcome, 'X'), variable(outcome, 'Y')], ['1-a', '2-']);
});

test('Vary names the headers that conditions of an applied rule looked at', () => {
  const vary = (condition: string) =>
    onServer(`RewriteCond ${condition}\nRewriteRule . - [E=X]`, { headers: { 'X-Foo': 'a' } }).vary;
  assert.deepEqual(vary('%{HTTP:X-Foo} a'), ['X-Foo']);
  assert.deepEqual(vary('%{HTTP:X-Foo} a [NV]'), []);
  assert.deepEqual(vary('%{HTTP:X-Foo} b'), []);
  assert.deepEqual(vary('%{HTTP_HOST} site'), []);
  assert.deepEqual(vary('%{HTTP:X-Absent} !a'), []);
});

test('REQUEST_FILENAME is the file so far, without PATH_INFO', () => {
  const lines = 'RewriteRule ^x - [E=X:%{REQUEST_FILENAME}-%{PATH_INFO}-%{REQUEST_URI}]';
  const outcome = inDirectory(lines, { url: '/app/x.txt/more' });
  assert.equal(variable(outcome, 'X'), '/srv/www/app/x.txt-/more-/app/x.txt/more');
  assert.equal(where(outcome), 'declined');
});

const refused: readonly (readonly [args: readonly string[], argument: number, reason: RegExp])[] = [
  [['expr', 'true &&'], 1, /expression: the expression ends/],
  [['%{LA-U:REMOTE_USER}', '.'], 0, /LA-U:REMOTE_USER.*<Directory>/],
  [['%{LA-F:REMOTE_USER}', '.'], 0, /LA-F/],
  [['a', '('], 1, /can't use the regular expression '\('/],
  [['a', '-left'], 1, /whole number, not 'ft'/],
  [['a', 'b', '[XX]'], 2, /'XX' is not a flag of RewriteCond/],
  [['a', 'b', 'NC'], 2, /brackets/],
];

for (const [args, argument, reason] of refused) {
  test(`RewriteCond ${args.join(' ')} is refused`, () => {
    assert.throws(
      () => parseCondition(args, ''),
      (error) => error instanceof RewriteSyntaxError && error.argument === argument && reason.test(error.message),
    );
  });
}
