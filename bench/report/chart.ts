/** A bar chart as SVG: a bar for each server's median, a line from its lowest to its highest run. Pure. */

import type { Summary } from '../statistics.js';
import { formatNumber } from './format.js';

export interface Bar {
  readonly label: string;
  readonly value: Summary;
  readonly isOurs: boolean;
  /** Runs had errors. */
  readonly isMarked: boolean;
}

const width = 760;
const labelWidth = 230;
const valueWidth = 110;
const barHeight = 18;
const rowHeight = 28;
const top = 46;

/** Colours for light and for dark pages. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 15px }
  .bar { fill: #9aa7b4 } .ours { fill: #2f6fd0 } .range { stroke: #24292f; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #d6dde4 } .bar { fill: #66727e } .ours { fill: #5b97ee } .range { stroke: #d6dde4 }
  }`;

export function makeChart(title: string, unit: string, bars: readonly Bar[]): string {
  const height = top + bars.length * rowHeight + 10;
  const limit = Math.max(...bars.map(({ value }) => value.max), Number.MIN_VALUE);
  const scale = (value: number): number => (value / limit) * (width - labelWidth - valueWidth);
  const rows = bars.map(({ label, value, isOurs, isMarked }, index) => {
    const y = top + index * rowHeight;
    const middle = y + barHeight / 2;
    const at = (number: number): string => (labelWidth + scale(number)).toFixed(1);
    const range =
      value.count < 2
        ? ''
        : `\n  <line class="range" x1="${at(value.min)}" y1="${middle}" x2="${at(value.max)}" y2="${middle}"/>`;
    const text = `${formatNumber(value.median)}${isMarked ? ' (errors)' : ''}`;
    return `  <text x="${labelWidth - 10}" y="${middle + 5}" text-anchor="end">${escapeText(label)}</text>
  <rect class="bar${isOurs ? ' ours' : ''}" x="${labelWidth}" y="${y}" width="${scale(value.median).toFixed(1)}" height="${barHeight}" rx="2"/>${range}
  <text x="${(labelWidth + scale(value.max) + 8).toFixed(1)}" y="${middle + 5}">${text}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(`${title}, ${unit}`)}">
  <style>${style}
  </style>
  <text class="title" x="10" y="24">${escapeText(title)}: ${escapeText(unit)}</text>
${rows.join('\n')}
</svg>
`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
