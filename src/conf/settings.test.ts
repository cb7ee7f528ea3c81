import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Setting, SettingsBuilder } from './settings.js';
import type { Position } from './source.js';

const plain: Setting<string> = { id: 'test.plain' };
const list: Setting<readonly string[]> = {
  id: 'test.list',
  // A list that begins with 'only' forgets the outer one.
  merge: (outer, inner) => (inner[0] === 'only' ? inner : [...outer, ...inner]),
};
const at = (line: number): Position => ({ file: 'a.conf', line, column: 1 });
const lines = (positions: readonly Position[] | undefined) => positions?.map(({ line }) => line);

test('an inner value takes the place of the outer lines, and of those before it in its own scope', () => {
  const outer = new SettingsBuilder();
  outer.set(plain, 'a', at(1));
  const inner = new SettingsBuilder();
  inner.set(plain, 'b', at(5));
  inner.set(plain, 'c', at(6));
  const facts = outer.build().overlaid(inner.build()).findById(plain.id);
  assert.deepEqual([facts?.value, lines(facts?.origins), lines(facts?.overridden)], ['c', [6], [1, 5]]);
});

test('lines that are merged all count, until one stands alone', () => {
  const scope = (line: number, ...values: string[]) => {
    const builder = new SettingsBuilder();
    builder.update(list, (previous) => [...(previous ?? []), ...values], at(line));
    return builder.build();
  };
  const both = scope(1, 'a').overlaid(scope(2, 'b'));
  assert.deepEqual(lines(both.findById(list.id)?.origins), [1, 2]);
  assert.deepEqual(lines(both.findById(list.id)?.overridden), []);
  const alone = both.overlaid(scope(3, 'only', 'c'));
  assert.deepEqual(lines(alone.origins(list)), [3]);
  assert.deepEqual(lines(alone.findById(list.id)?.overridden), [1, 2]);
});
