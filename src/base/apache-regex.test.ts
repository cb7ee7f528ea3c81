/** Where PCRE and JavaScript differ, the translation must follow PCRE or refuse. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApacheRegexError, compileApacheRegex } from './apache-regex.js';

const MATCHES: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['^/a(\\d+)$', '/a12', true],
  ['(?i)^/abc', '/ABC', true],
  ['(?-i)^/abc', '/ABC', false],
  ['^a.c$', 'a\u2028c', true],
  ['^a.c$', 'a\nc', true],
  ['a$', 'a\n', false],
  ['(?s)^a.c$', 'a\nc', true],
  ['^[[:alpha:]_]+$', 'ab_C', true],
  ['^[[:alpha:]]+$', 'a1', false],
  ['^[]a]+$', ']a', true],
  ['^[^]a]+$', 'b', true],
  ['^[^]a]+$', ']', false],
  ['^[\\s]$', '\u00a0', false],
  ['\\A/x\\z', '/x', true],
  ['(?m)\\Ax', 'y\nx', false],
  ['^\\Qa.b\\E$', 'a.b', true],
  ['^\\Qa.b\\E$', 'aXb', false],
  ['(?P<n>a)(?P=n)', 'aa', true],
  ['^(a)\\1$', 'aa', true],
  ['^\\x2fa\\x{2F}$', '/a/', true],
  ['^a(?#note)b$', 'ab', true],
  ['^a{,2}$', 'a{,2}', true],
  ['^a}$', 'a}', true],
  ['\\.py$', 'x.py', true],
  ['^\\@\\-\\_$', '@-_', true],
  ['^(?!/static)', '/static/x', false],
];

for (const [pattern, text, matches] of MATCHES) {
  test(`${pattern} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
    assert.equal(compileApacheRegex(pattern).test(text), matches);
  });
}

const matching: readonly (readonly [pattern: string, input: string, expected: readonly string[] | undefined])[] = [
  ['(?i)^/ABC', '/abc', ['/abc']],
  ['(?is)a.b', 'A\nB', ['A\nB']],
  ['a.b', 'a\nb', ['a\nb']],
  ['a$', 'a\n', undefined],
  ['(?m)^b$', 'a\nb\nc', ['b']],
  ['\\Aab\\z', 'ab', ['ab']],
  ['(?m)\\Ab', 'a\nb', undefined],
  ['ab\\Z', 'ab\n', ['ab']],
  ['[]a]+', ']a', [']a']],
  ['[^]a]+', ']b', ['b']],
  ['[[:alpha:]_]+', 'ab_1', ['ab_']],
  ['[[:digit:][:space:]]+', 'a1 2', ['1 2']],
  ['a\\sb', 'a\u00a0b', undefined],
  ['a[\\S]b', 'a\u00a0b', ['a\u00a0b']],
  ['a[\\S]b', 'a b', undefined],
  ['a\\hb', 'a\tb', ['a\tb']],
  ['\\Qa.b\\E+', 'a.bb', ['a.bb']],
  ['\\x{41}\\x42\\e', 'AB\x1b', ['AB\x1b']],
  ['(?P<name>a)(?P=name)', 'aa', ['aa', 'a']],
  ["(?'name'a)\\k{name}", 'aa', ['aa', 'a']],
  ['(a)\\g1', 'aa', ['aa', 'a']],
  ['(a)(?#note)(b)', 'ab', ['ab', 'a', 'b']],
  ['^(?!www\\.)(.*?)x+?', 'abxx', ['abx', 'ab']],
  ['a{2,3}b{1}', 'aaab', ['aaab']],
  ['a\\++', 'a++', ['a++']],
  ['\\N\\R', 'a\r\n', ['a\r\n']],
  ['^[^/]+\\.(?:gif|jpe?g)$', 'a.jpeg', ['a.jpeg']],
  ['(?<=a)b', 'ab', ['b']],
];

for (const [pattern, input, expected] of matching) {
  test(`${JSON.stringify(pattern)} on ${JSON.stringify(input)}`, () => {
    const match = compileApacheRegex(pattern).exec(input);
    assert.deepEqual(match === null ? undefined : [...match], expected);
  });
}

test('ignoring case is a flag of the whole pattern', () => {
  assert.equal(compileApacheRegex('^/X', { ignoreCase: true }).test('/x'), true);
  assert.equal(compileApacheRegex('^/X').test('/x'), false);
});

for (const pattern of [
  'a++',
  '(?>a)',
  '(?x)a b',
  'a(?i)b',
  '(?R)',
  '(*FAIL)',
  'a\\K',
  '\\pL',
  '[[:nope:]]',
  '(',
  '[a',
  'a\\',
  '\\2(a)',
  '*a',
  'a{2}+b',
  '(?i:a)',
  '(?|a|b)',
  '(*UTF8)a',
  '(?U)a',
  '\\x{100}',
]) {
  test(`${pattern} is refused`, () => {
    assert.throws(() => compileApacheRegex(pattern), ApacheRegexError);
  });
}
