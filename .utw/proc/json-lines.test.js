import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../base/errors.js';
import { encodeJsonLine, JsonLineDecoder } from './json-lines.js';
function decode(chunks) {
    const values = [];
    const decoder = new JsonLineDecoder((value) => values.push(value));
    for (const chunk of chunks)
        decoder.push(chunk);
    return values;
}
describe('JSON lines', () => {
    const values = [{ event: 'ready', pid: 12 }, {}, { text: 'ünïcödé 😀\nline', list: [1, null, { a: true }] }];
    const bytes = Buffer.from(values.map(encodeJsonLine).join(''));
    it('come through wherever they are cut, inside a character too', () => {
        for (let cut = 0; cut <= bytes.length; cut++) {
            assert.deepEqual(decode([bytes.subarray(0, cut), bytes.subarray(cut)]), values);
        }
        assert.deepEqual(decode([...bytes].map((byte) => Buffer.from([byte]))), values);
    });
    it('wait for their line feed', () => {
        assert.deepEqual(decode([bytes.subarray(0, -1)]), values.slice(0, -1));
    });
    const wrong = [
        ['nonsense\n', /control line is not JSON: nonsense/],
        ['\n', /not JSON/],
        ['[1]\n', /not an object/],
        ['null\n', /not an object/],
        ['"text"\n', /not an object/],
        ['12\n', /not an object/],
    ];
    for (const [text, message] of wrong) {
        it(`are objects, which ${JSON.stringify(text)} is not`, () => {
            assert.throws(() => decode([Buffer.from(text)]), { name: 'ProtocolError', message });
        });
    }
    it('have a limit, so that a peer can not fill the memory', () => {
        const decoder = new JsonLineDecoder(() => { });
        const chunk = Buffer.alloc(65_536, 0x61);
        assert.throws(() => {
            for (let sent = 0; sent < 32; sent++)
                decoder.push(chunk);
        }, /control line is too long/);
    });
    it('made of random bytes give objects or a ProtocolError', () => {
        fc.assert(fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.string().map((text) => Buffer.from(`${text}\n`)))), (chunks) => {
            try {
                for (const value of decode(chunks.map((chunk) => Buffer.from(chunk))))
                    assert.equal(typeof value, 'object');
            }
            catch (error) {
                assert.ok(error instanceof ProtocolError);
            }
        }));
    });
});
//# sourceMappingURL=json-lines.test.js.map