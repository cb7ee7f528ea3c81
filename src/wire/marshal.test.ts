import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asciiOf, reprsOfMarshal } from '../base/python.test.fixture.js';
import { type MarshalValue, MarshalWriter } from './marshal.js';

function encodeValue(value: MarshalValue): Buffer {
  const writer = new MarshalWriter();
  writer.value(value);
  return Buffer.from(writer.bytes());
}

function encodeDict(entries: readonly (readonly [string, string])[]): Buffer {
  const writer = new MarshalWriter();
  writer.beginDict();
  for (const [key, value] of entries) writer.entry(key, value);
  writer.endDict();
  return Buffer.from(writer.bytes());
}

function reprOfDict(entries: readonly (readonly [string, string])[]): string {
  return `{${[...new Map(entries)].map(([key, value]) => `${asciiOf(key)}: ${asciiOf(value)}`).join(', ')}}`;
}

function assertReprs(cases: readonly (readonly [Buffer, string])[]): void {
  const reprs = reprsOfMarshal(cases.map(([bytes]) => bytes));
  assert.equal(reprs.length, cases.length);
  cases.forEach(([bytes, wanted], index) => {
    assert.equal(reprs[index], wanted, `case ${index}: ${bytes.toString('hex').slice(0, 200)}`);
  });
}

describe('MarshalWriter', () => {
  it('writes strings that CPython reads as they are', () => {
    const texts = [
      '',
      'a',
      'é',
      '\xff\x80\x7f\0',
      '€',
      '😀 is outside the first plane',
      `it's "quoted" \\ and\nbroken`,
      // Around the length of the short form, and of the first buffer.
      ...[254, 255, 256, 257, 1364, 1365, 4090, 4096, 70_000].flatMap((length) => [
        'x'.repeat(length),
        `${'x'.repeat(length - 1)}ü`,
      ]),
      '\u{10ffff}'.repeat(300),
    ];
    assertReprs(texts.map((text) => [encodeValue(text), asciiOf(text)]));
  });

  it('writes half a surrogate pair as the replacement character', () => {
    assertReprs([[encodeValue('a\ud800b'), asciiOf('a\ufffdb')]]);
  });

  it('writes numbers, truth values and None', () => {
    assertReprs([
      [encodeValue(0), '0'],
      [encodeValue(-1), '-1'],
      [encodeValue(255), '255'],
      [encodeValue(0x7fffffff), '2147483647'],
      [encodeValue(-0x80000000), '-2147483648'],
      // Beyond 32 bits a number travels as a float.
      [encodeValue(0x80000000), '2147483648.0'],
      [encodeValue(-0x80000001), '-2147483649.0'],
      [encodeValue(1.5), '1.5'],
      [encodeValue(1_763_666_000.123456), '1763666000.123456'],
      [encodeValue(Number.NaN), 'nan'],
      [encodeValue(Number.POSITIVE_INFINITY), 'inf'],
      [encodeValue(true), 'True'],
      [encodeValue(false), 'False'],
      [encodeValue(null), 'None'],
    ]);
  });

  it('writes dicts of any size, a later key winning, inside tuples', () => {
    const many = Array.from({ length: 300 }, (_, index) => [`KEY_${index}`, `välue ${index}`] as const);
    const twice = [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const;
    const writer = new MarshalWriter();
    writer.beginTuple(2);
    writer.beginDict();
    for (const [key, value] of many) writer.entry(key, value);
    writer.endDict();
    writer.beginTuple(0);
    assertReprs([
      [encodeDict([]), '{}'],
      [encodeDict(many), reprOfDict(many)],
      [encodeDict(twice), "{'a': '3', 'b': '2'}"],
      [Buffer.from(writer.bytes()), `(${reprOfDict(many)}, ())`],
    ]);
  });

  it('leaves room at the front, and starts anew without what was written before', () => {
    const writer = new MarshalWriter();
    writer.reset(12);
    writer.string('x'.repeat(10_000));
    assert.equal(writer.bytes().length, 12 + 5 + 10_000);
    writer.reset(3);
    writer.string('ab');
    assert.equal(writer.bytes().subarray(3).toString('latin1'), 'z\x02ab');
    writer.reset();
    assert.equal(writer.bytes().length, 0);
  });

  it('agrees with CPython on random dicts', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    const dicts = fc.sample(fc.array(fc.tuple(text, text), { maxLength: 20 }), 200);
    assertReprs(dicts.map((entries) => [encodeDict(entries), reprOfDict(entries)]));
  });
});
