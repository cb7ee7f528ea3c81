/**
 * The table is what Apache 2.4.71 answered to `GET target HTTP/1.1` with `Host: x`: the status it refused the target
 * with, or else the path that it logged (%U), under AllowEncodedSlashes Off, under On, and under NoDecode with
 * MergeSlashes Off; one entry stands for all three.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RequestError } from '../base/errors.js';
import { escapeLogField } from './log-escape.js';
import { defaultTargetRules, parseRequestTarget } from './request-target.js';
const rules = [
    defaultTargetRules,
    { ...defaultTargetRules, encodedSlashes: 'on' },
    { ...defaultTargetRules, encodedSlashes: 'nodecode', mergeSlashes: false },
];
const fromApache = [
    ['/', '/'],
    ['/a.txt', '/a.txt'],
    ['/%61.txt', '/a.txt'],
    ['/a.txt?x=%zz', '/a.txt'],
    ['/%', '400'],
    ['/%4', '400'],
    ['/%zz', '400'],
    ['/a%00b', '404'],
    ['/%00', '404'],
    ['/a%2Fb', '404', '/a/b', '/a%2Fb'],
    ['/sub%2Findex.html', '404', '/sub/index.html', '/sub%2Findex.html'],
    ['/sub%2findex.html', '404', '/sub/index.html', '/sub%2findex.html'],
    ['/%2e%2e/a.txt', '400'],
    ['/../a.txt', '400'],
    ['/sub/../a.txt', '/a.txt'],
    ['/sub/../../a.txt', '400'],
    ['/sub/..', '/'],
    ['/sub/.', '/sub/'],
    ['/./a.txt', '/a.txt'],
    ['/sub/%2e%2e/a.txt', '/a.txt'],
    ['/sub//index.html', '/sub/index.html', '/sub/index.html', '/sub//index.html'],
    ['//a.txt', '/a.txt'],
    ['/sub/..//../a.txt', '400', '400', '/a.txt'],
    ['/.../x', '/.../x'],
    ['/..a', '/..a'],
    ['/sub/../..', '400'],
    ['/a%5Cb', '/a\\\\b'],
    ['/a\\b', '/a\\\\b'],
    ['*', '400'],
    ['/a b.txt', '400'],
    ['/a%20b.txt', '/a b.txt'],
    ['http://other.example/a.txt', '/a.txt'],
    ['http://other.example', '/'],
    ['HTTP://other.example:80/a.txt', '/a.txt'],
    ['http:///a.txt', '/a.txt'],
    ['http://user@other/a.txt', '400'],
    ['http://other.example?x', '/'],
    ['https://other/a.txt', '/a.txt'],
    ['ftp://other/a.txt', '400'],
    ['foo:bar', '400'],
    ['a.txt', '400'],
    ['a/b', '400'],
    ['', '400'],
    ['?x', '/'],
    ['/a.txt#frag', '400'],
    ['/#', '400'],
    ['/a.txt;v=1', '/a.txt;v=1'],
    ['/%252e', '/%2e'],
    ['/%c3%bc', '/\\xc3\\xbc'],
    ['/\xc3\xbc', '/\\xc3\\xbc'],
    ['/sub/%2e', '/sub/'],
    ['/sub/%2E%2E', '/'],
    ['/sub/.%2e/a.txt', '/a.txt'],
    ['/%2e%2e%2fa.txt', '404', '/a.txt', '/..%2fa.txt'],
    ['/sub/..%2fa.txt', '404', '/a.txt', '/sub/..%2fa.txt'],
    ['/a%2F..%2Fa.txt', '404', '/a.txt', '/a%2F..%2Fa.txt'],
    ['/sub%2f..%2f..%2fa.txt', '404', '/a.txt', '/sub%2f..%2f..%2fa.txt'],
    ['/a\x01b', '400'],
    ['/a"b', '/a\\"b'],
    ['/<x>', '/<x>'],
    ['/{x}', '/{x}'],
    ['/|', '/|'],
    ['/^', '/^'],
    ['/`', '/`'],
    ['/a%0ab', '/a\\nb'],
    ['/a%7fb', '/a\\x7fb'],
    ['/a\x7fb', '400'],
    ['/sub/../', '/'],
    ['/..', '400'],
    ['/%2F', '404', '/', '/%2F'],
    ['/%2Fa.txt', '404', '/a.txt', '/%2Fa.txt'],
    ['//', '/'],
    ['///', '/'],
    ['/sub/.//a', '/sub/a', '/sub/a', '/sub//a'],
    ['/sub/..;/a.txt', '/sub/..;/a.txt'],
    ['http://other.example:abc/a.txt', '400'],
    ['http://[::1]/a.txt', '/a.txt'],
    ['http://other.example:99999/a.txt', '/a.txt'],
    ['http://a b/', '400'],
    ['/\x09', '400'],
    ['/sub%2Fx%2F..', '404', '/sub/', '/sub%2Fx%2F..'],
    ['/a%2f%zz', '400'],
    ['/%zz%2f', '400'],
    ['/%00%2f', '404'],
    ['/%2f%00', '404'],
    ['/../%zz', '400'],
    ['/%2e%2e/%2f', '400'],
    ['/..%2f', '404', '/', '/..%2f'],
    ['/%u0041', '400'],
    ['http://other.example/../a.txt', '400'],
    ['http://other.example/%2f', '404', '/', '/%2f'],
    ['/a%2f%2e%2e%2f%2e%2e%2fb', '404', '/b', '/a%2f..%2f..%2fb'],
    ['/a/%2f..%2fb', '404', '/b', '/a/%2f..%2fb'],
    ['/a//%2fb', '404', '/a/b', '/a//%2fb'],
    ['/%2f%2fa', '404', '/a', '/%2f%2fa'],
    ['/a%2f/b', '404', '/a/b', '/a%2f/b'],
    ['/a%2F%2e', '404', '/a/', '/a%2F.'],
    ['/a%2f..', '404', '/', '/a%2f..'],
    ['/x/..%2f..%2fy', '404', '/y', '/x/..%2f..%2fy'],
    ['/a+b', '/a+b'],
    ['/a%2bb', '/a+b'],
    ['/%41%7e%5f', '/A~_'],
    ['/a%3fb?c?d', '/a?b'],
    ['/a?', '/a'],
    ['/?', '/'],
    ['/a?b#c', '400'],
    ['/a%23', '/a#'],
    ['/%25', '/%'],
    ['/%252f', '/%2f'],
    ['/a/./', '/a/'],
    ['/a/.', '/a/'],
    ['/a/../b/', '/b/'],
    ['/a/b/../../c', '/c'],
    ['/a//../b', '/b', '/b', '/a/b'],
    ['//../b', '400'],
    ['/.//../b', '400', '400', '/b'],
    ['/a/%2e%2E/b', '/b'],
    ['/...', '/...'],
    ['/a/..b', '/a/..b'],
    ['/a/.b', '/a/.b'],
    ['/.', '/'],
    ['/%2e', '/'],
    ['http://o/%2e%2e/a', '400'],
    ['http://o?', '/'],
    ['http://o:80', '/'],
    ['http://o:/x', '/x'],
    ['http://o:0/x', '/x'],
    ['http://O.Example./x', '/x'],
    ['http://a,b/x', '400'],
    ['http://[::1]:80/x', '/x'],
    ['http://[x]/x', '/x'],
    ['http://1.2.3/x', '400'],
    ['http://:80/x', '/x'],
    ['httpx://o/x', '400'],
    ['https://o:444/x', '/x'],
    ['http:/x', '/x'],
    ['http:x', '400'],
    ['//o/x', '/o/x'],
    ['/\xff', '/\\xff'],
    ['http://o/a?b', '/a'],
    ['HTTPS://o', '/'],
    ['http://@o/', '400'],
    ['http://o\\x/y', '400'],
];
/** Where we differ on purpose: a URL must name a host, an address in brackets must be one, a port must exist. */
const stricter = new Set([
    'http:///a.txt',
    'http://:80/x',
    'http:/x',
    'http://[x]/x',
    'http://other.example:99999/a.txt',
]);
function answer(target, rule, method = 'GET') {
    try {
        return escapeLogField(parseRequestTarget(method, target, rule).path);
    }
    catch (error) {
        assert.ok(error instanceof RequestError);
        return String(error.status);
    }
}
describe('request target', () => {
    for (const [target, ...expected] of fromApache) {
        it(`treats ${JSON.stringify(target)} as Apache does`, () => {
            for (const [index, rule] of rules.entries()) {
                const wanted = stricter.has(target) ? '400' : (expected[index] ?? expected[0]);
                assert.equal(answer(target, rule), wanted, rule.encodedSlashes);
            }
        });
    }
    it('knows the four forms', () => {
        const parse = (method, target) => {
            const { form, rawPath, query, host } = parseRequestTarget(method, target, defaultTargetRules);
            return { form, rawPath, query, host };
        };
        assert.deepEqual(parse('GET', '/a%20?b=%zz?'), {
            form: 'origin',
            rawPath: '/a%20',
            query: 'b=%zz?',
            host: undefined,
        });
        assert.deepEqual(parse('GET', '/a?'), { form: 'origin', rawPath: '/a', query: '', host: undefined });
        assert.deepEqual(parse('GET', 'HTTP://O.Example.:80?x'), {
            form: 'absolute',
            rawPath: '/',
            query: 'x',
            host: { name: 'o.example', port: 80 },
        });
        assert.equal(parse('GET', 'https://o/x').host, undefined);
        assert.equal(parse('GET', 'http://[::1]/x').host?.name, '::1');
        assert.deepEqual(parse('OPTIONS', '*'), { form: 'asterisk', rawPath: '*', query: undefined, host: undefined });
        assert.deepEqual(parse('CONNECT', 'a:80'), {
            form: 'authority',
            rawPath: '',
            query: undefined,
            host: { name: 'a', port: 80 },
        });
        for (const target of ['/', 'http://a/', 'a'])
            assert.equal(answer(target, defaultTargetRules, 'CONNECT'), '400');
        assert.equal(answer('*', defaultTargetRules, 'HEAD'), '400');
    });
    it('never lets a path out of the root', () => {
        const piece = fc.constantFrom('/', '.', '..', '%2e', '%2E.', '%2f', '%2F', 'a', '%25', '//', '%5c', ';', '%2%66');
        fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(...rules), (pieces, rule) => {
            const path = answer(`/${pieces.join('')}`, rule);
            if (path === '400' || path === '404')
                return;
            assert.ok(path.startsWith('/'));
            assert.ok(!path.split('/').includes('..') && !path.split('/').includes('.'), path);
        }), { numRuns: 2000 });
    });
});
//# sourceMappingURL=request-target.test.js.map