/** Verdicts and names are Apache 2.4.71's under HttpProtocolOptions Strict, its default. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestError } from '../base/errors.js';
import { hostFieldsOf, parseHostHeader } from './host-header.js';
const status = (value) => {
    try {
        const host = parseHostHeader([value], true);
        return `${host?.name}${host?.port === undefined ? '' : ` ${host.port}`}`;
    }
    catch (error) {
        assert.ok(error instanceof RequestError);
        return String(error.status);
    }
};
const good = {
    x: 'x',
    'X.Example': 'x.example',
    'x.': 'x',
    'x.example.:80': 'x.example 80',
    'x:80': 'x 80',
    'x:65535': 'x 65535',
    'x:080': 'x 80',
    'x:00080': 'x 80',
    'x:80 ': 'x 80',
    '\tx': 'x',
    'x\t': 'x',
    '[::1]': '::1',
    '[::1]:80': '::1 80',
    '[FE80::1]': 'fe80::1',
    '[::ffff:1.2.3.4]': '::ffff:1.2.3.4',
    '[::]': '::',
    a_b: 'a_b',
    '-a': '-a',
    'x-': 'x-',
    _x: '_x',
    '.x': '.x',
    '.a.': '.a',
    '1a': '1a',
    '1.2.3.x': '1.2.3.x',
    '1.2.3.4': '1.2.3.4',
    '1.2.3.4.': '1.2.3.4',
    '0.0.0.0': '0.0.0.0',
    '999.1.1.1': '999.1.1.1',
};
const bad = 'x..|x:|x:0|x:65536|x:99999|x:abc|x:-1|x:+80|x: 80||  |[::1|::1|[::g]|[::1]x|[::1].|[::1]:|[]|[1.2.3.4]|' +
    '[fe80::1%25eth0]|[fe80::1%eth0]|[v1.x]|[1::2::3]|a b|a,b|a/b|a\\b|a@b|a?b|a#b|a%41|a*b|1.2.3|1.2.3.|123|' +
    '01.2.3.4|00.0.0.0|1.2.3.04|1.2.3.4.5|1..2|.1.2.3|a.1|0x1.2.3.4|.|..|a..b|\xfc|a"b|<x>|a!b|a~b|a$b|a&b|' +
    "a'b|a(b)|a;b|a=b|a+b|x:80:80|x :80|:80";
describe('Host header', () => {
    for (const [value, expected] of Object.entries(good)) {
        it(`takes '${value}'`, () => assert.equal(status(value), expected));
    }
    for (const value of bad.split('|'))
        it(`refuses '${value}'`, () => assert.equal(status(value), '400'));
    it('may be missing in HTTP/1.0 only', () => {
        assert.equal(parseHostHeader([], false), undefined);
        assert.equal(parseHostHeader([''], false), undefined);
        assert.throws(() => parseHostHeader([], true), RequestError);
        assert.throws(() => parseHostHeader(['a b'], false), RequestError);
    });
    it('may not be repeated, not even with the same value', () => {
        assert.throws(() => parseHostHeader(['a', 'a'], true), RequestError);
        assert.throws(() => parseHostHeader(['a', 'b'], false), RequestError);
        assert.deepEqual(hostFieldsOf(['Host', 'a', 'X-Host', 'b', 'hOST', 'c']), ['a', 'c']);
    });
});
//# sourceMappingURL=host-header.test.js.map