/** Where PCRE and JavaScript differ, the translation must follow PCRE or refuse. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApacheRegexError, compileApacheRegex } from './apache-regex.js';
const MATCHES = [
    ['^/a(\\d+)$', '/a12', true],
    ['(?i)^/abc', '/ABC', true],
    ['(?-i)^/abc', '/ABC', false],
    ['^a.c$', 'a\u2028c', true],
    ['^a.c$', 'a\nc', false],
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
]) {
    test(`${pattern} is refused`, () => {
        assert.throws(() => compileApacheRegex(pattern), ApacheRegexError);
    });
}
//# sourceMappingURL=apache-regex.test.js.map