/** Maps: the file format, the types, look-ups in substitutions. Compared with Apache 2.4.71 except where noted. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onServer, ruleSet, variable } from './rewrite.test.fixture.js';
import { CachingMapSource, parseMap } from './rewrite-map.js';
import { unknownMaps } from './rule.js';
import { RewriteSyntaxError } from './syntax-error.js';

function expanded(template: string, url = '/app/'): string | undefined {
  const lines = `RewriteMap m txt:/maps/m.txt
    RewriteMap gone txt:/maps/gone.txt
    RewriteMap up int:toupper
    RewriteMap lo int:tolower
    RewriteMap es int:escape
    RewriteMap un int:unescape
    RewriteRule ^/(.*) - "[E=X:${template}]"`;
  return variable(onServer(lines, { url }), 'X');
}

const lookups: readonly (readonly [template: string, expected: string])[] = [
  ['\u0024{m:a}', '1'],
  ['\u0024{m:b}', '2'],
  ['\u0024{m:spaced}', ''],
  ['\u0024{m:noval|D}', 'D'],
  ['\u0024{m:c}', ''],
  ['\u0024{m:dup}', 'x'],
  ['\u0024{m:tab}', 't'],
  ['\u0024{m:#}', ''],
  ['\u0024{m:empty}', '""'],
  ['\u0024{m:nokey}', ''],
  ['\u0024{m:nokey|}', ''],
  ['\u0024{m:\u0024{m:nokey|a}}', '1'],
  ['\u0024{m:nokey|\u0024{m:b}}', '2'],
  ['\u0024{m:x|a|b}', 'a|b'],
  ['\u0024{m:$1|%{REQUEST_METHOD}}', 'GET'],
  ['\u0024{m:dynamic}', 'grahamd-1|grahamd-2'],
  ['\u0024{gone:a|D}', 'D'],
  ['\u0024{nomap:a|d$1}', 'dapp/'],
  ['\u0024{nomap:a}', ''],
  ['\u0024{nocolon}', '\u0024{nocolon}'],
  ['\u0024{up:aBc$1}', 'ABCAPP/'],
  ['\u0024{lo:AbC}', 'abc'],
  ['\u0024{es:a b/%25?#}', 'a%20b/5%3f%23'],
  ['\u0024{es:\u00e9}', '%c3%a9'],
  ['\u0024{up:|d}', ''],
];

for (const [template, expected] of lookups) {
  test(`${template} is '${expected}'`, () => assert.equal(expanded(template), expected));
}

test('int:unescape undoes %XX, keeps what is malformed and ends at a NUL', () => {
  const unescaped = (query: string) =>
    variable(
      onServer('RewriteMap un int:unescape\nRewriteRule ^ - [E=X:$\u007bun:%{QUERY_STRING}}]', { url: `/?${query}` }),
      'X',
    );
  assert.deepEqual(['a%20b%2fc', '%zz', 'a%00b', '%2'].map(unescaped), ['a b/c', '%zz', 'a', '%2']);
});

test('rnd: chooses among the alternatives, every one of them', () => {
  const lines = `RewriteMap servers rnd:/maps/m.txt
    RewriteRule . - [E=X:$\u007bservers:dynamic|grahamd-1},E=Y:$\u007bservers:a}]`;
  const chosen = [0, 0.49, 0.5, 0.999].map((random) => variable(onServer(lines, { random }), 'X'));
  assert.deepEqual(chosen, ['grahamd-1', 'grahamd-1', 'grahamd-2', 'grahamd-2']);
  assert.equal(variable(onServer(lines, { random: 0.9 }), 'Y'), '1');
});

test('maps that nobody defined can be found beforehand', () => {
  const set = ruleSet(
    'RewriteMap m txt:/m\nRewriteCond $\u007ba:x} .\nRewriteRule . $\u007bm:$\u007bb:x}|$\u007bc:y}} [E=X:$\u007bd:x}]',
  );
  assert.deepEqual([...unknownMaps(set)].sort(), ['a', 'b', 'c', 'd']);
});

test('a map file is read again when its modification time changes, and only then', () => {
  let modifiedMs: number | undefined = 1;
  let reads = 0;
  const source = new CachingMapSource(
    () => modifiedMs,
    () => `key ${++reads}\n`,
  );
  assert.equal(source.table('/m')?.get('key'), '1');
  assert.equal(source.table('/m')?.get('key'), '1');
  modifiedMs = 2;
  assert.equal(source.table('/m')?.get('key'), '2');
  modifiedMs = undefined;
  assert.equal(source.table('/m'), undefined);
});

test('a source without a type is a text file, made absolute', () => {
  assert.deepEqual(
    parseMap('conf/m.txt', (path) => `/root/${path}`),
    { kind: 'txt', path: '/root/conf/m.txt' },
  );
  assert.deepEqual(
    parseMap('rnd:m.txt', (path) => `/root/${path}`),
    { kind: 'rnd', path: '/root/m.txt' },
  );
});

for (const source of [
  'prg:/bin/x',
  'dbm:/x',
  'dbm=sdbm:/x',
  'dbd:select',
  'fastdbd:select',
  'int:nope',
  'txt:',
  'int:ToUpper',
]) {
  test(`RewriteMap name ${source} is refused`, () => {
    assert.throws(
      () => parseMap(source, (path) => path),
      (error) => error instanceof RewriteSyntaxError && error.argument === 1,
    );
  });
}
