import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeChart } from './chart.js';

const value = (median: number, count = 3) => ({ median, min: median * 0.9, max: median, count });

test('the longest bar fills the space, the others are in proportion', () => {
  const svg = makeChart('a', 'requests/s', [
    { label: 'Stillhouse', value: value(1000), isOurs: true, isMarked: false },
    { label: 'other', value: value(250), isOurs: false, isMarked: false },
  ]);
  const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  assert.equal(widths.length, 2);
  assert.equal(widths[0], 420);
  assert.equal(widths[1], 105);
  assert.match(svg, /class="bar ours"/);
});

test('text is escaped, errors are marked, one run has no range', () => {
  const svg = makeChart('a & b', '<unit>', [{ label: '"x" <y>', value: value(5, 1), isOurs: false, isMarked: true }]);
  assert.match(svg, /a &amp; b: &lt;unit&gt;/);
  assert.match(svg, /&quot;x&quot; &lt;y&gt;/);
  assert.match(svg, />5 \(errors\)</);
  assert.doesNotMatch(svg, /<line/);
});

test('no bar and bars of nothing are still a picture', () => {
  for (const bars of [[], [{ label: 'x', value: value(0), isOurs: false, isMarked: false }]]) {
    const svg = makeChart('a', 'b', bars);
    assert.match(svg, /<\/svg>\n$/);
    assert.doesNotMatch(svg, /NaN|Infinity/);
  }
});
