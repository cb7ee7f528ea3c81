/** Patterns that PCRE and JavaScript spell differently, and those that are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translateRegex } from './regex-translation.js';
const matching = [
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
        const match = translateRegex(pattern, false).exec(input);
        assert.deepEqual(match === null ? undefined : [...match], expected);
    });
}
test('ignoring case is a flag of the whole pattern', () => {
    assert.equal(translateRegex('^/X', true).test('/x'), true);
    assert.equal(translateRegex('^/X', false).test('/x'), false);
});
const refused = [
    ['a++b', /possessive quantifier 'a?\+\+'/],
    ['a{2}+b', /possessive/],
    ['(?>a)', /atomic/],
    ['a(?i)b', /only at the start/],
    ['(?i:a)', /only at the start/],
    ['(?R)', /group '\(\?R/],
    ['(?|a|b)', /group/],
    ['(*UTF8)a', /verbs/],
    ['(?U)a', /\(\?U\)/],
    ['[a', /never closed/],
    ['[[:nosuch:]]', /\[:nosuch:\]/],
    ['a\\', /lone backslash/],
    ['\\pL', /escape '\\p'/],
    ['\\x{100}', /not a byte/],
    ['a(', /Unterminated group/],
];
for (const [pattern, reason] of refused) {
    test(`${JSON.stringify(pattern)} is refused`, () => {
        assert.throws(() => translateRegex(pattern, false), reason);
    });
}
//# sourceMappingURL=regex-translation.test.js.map