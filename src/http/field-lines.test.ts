import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatFields, keepFieldLines } from './field-lines.js';

describe('the lines of response fields', () => {
  it('are the fields in their order, and what they say of framing and connection', () => {
    const lines = formatFields(['X-A', 'caf\xe9', 'content-LENGTH', '3', 'Connection', 'close', 'Date', 'x']);
    assert.equal(lines.text, 'X-A: caf\xe9\r\ncontent-LENGTH: 3\r\nConnection: close\r\nDate: x\r\n');
    const { connection, coding, hasDate, hasKeepAlive, hasLength } = lines;
    assert.deepEqual([connection, coding, hasDate, hasKeepAlive, hasLength], ['close', undefined, true, false, true]);
    assert.equal(formatFields(['Transfer-Encoding', 'chunked']).coding, 'chunked');
    assert.equal(formatFields(['Keep-Alive', 'timeout=1']).hasKeepAlive, true);
  });

  it('are the same where they were kept', () => {
    const fields = ['X-A', '\xe4', 'Content-Length', '1'];
    const before = formatFields(fields);
    keepFieldLines(fields);
    assert.deepEqual(formatFields(fields), before);
    assert.equal(formatFields(fields), formatFields(fields));
    assert.notEqual(formatFields([...fields]), formatFields(fields));
  });

  it('are refused where HTTP cannot carry them, also after they were to be kept', () => {
    for (const fields of [
      ['X A', '1'],
      ['X', 'a\nb'],
      ['', '1'],
    ]) {
      keepFieldLines(fields);
      assert.throws(() => formatFields(fields), TypeError);
    }
  });
});
