/** Numbers as people read them. */

import { type Summary, spread } from '../statistics.js';

/** Three significant digits at least, thousands apart: 12,345; 123; 12.3; 0.0123. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3).replace(/^(-?\d+)\.0+$/, '$1');
}

export function formatMiB(bytes: number): string {
  return formatNumber(bytes / 1024 / 1024);
}

/** `12,345 ±3 %`, without the spread for a single run. */
export function formatSummary(summary: Summary, format: (value: number) => string = formatNumber): string {
  if (summary.count < 2) return format(summary.median);
  return `${format(summary.median)} ±${Math.round(spread(summary) * 100)} %`;
}
