import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromByteString, toByteString } from './byte-string.js';
describe('byte strings', () => {
    it('have one character for each byte of the UTF-8 form', () => {
        assert.equal(toByteString('plain'), 'plain');
        assert.equal(toByteString('ü€😀'), '\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80');
        assert.equal(fromByteString('\xc3\xbc\xe2\x82\xac'), 'ü€');
        assert.equal(toByteString(''), '');
    });
    it('show bytes that are no UTF-8 as U+FFFD', () => {
        assert.equal(fromByteString('a\xffb'), 'a\ufffdb');
        assert.equal(fromByteString('\xed\xa0\x80').includes('\ud800'), false);
    });
    it('come back as the text they were made of, and never hold a character above U+00FF', () => {
        fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
            const bytes = toByteString(text);
            assert.match(bytes, /^[\0-\xff]*$/);
            assert.equal(fromByteString(bytes), text);
        }));
    });
});
//# sourceMappingURL=byte-string.test.js.map