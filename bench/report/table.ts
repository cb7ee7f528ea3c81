/** The figures of a workload as rows of text: for the terminal and for Markdown. */

import { type BenchResults, makeRows, type Row } from '../results.js';
import { formatMiB, formatNumber, formatSummary } from './format.js';

export const columns = [
  'server',
  'requests/s',
  'of Stillhouse',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'CPU s / 1,000',
  'peak MiB',
  'PSS MiB',
  'start ms',
  'errors',
] as const;

export interface Table {
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
  /** What has to be said about single rows. */
  readonly notes: readonly string[];
}

const ourselves = 'stillhouse';

export function makeTable(results: BenchResults, workload: string): Table {
  const facts = results.workloads.find(({ id }) => id === workload);
  const rows = makeRows(results, workload);
  const ours = rows.find(({ peer }) => peer === ourselves)?.values?.requestsPerSecond.median;
  const titleOf = (peer: string): string => results.peers.find(({ id }) => id === peer)?.title ?? peer;
  const connections = facts?.connections === 1 ? '1 connection' : `${facts?.connections} connections`;
  return {
    heading: `${facts?.title} (${workload}; ${facts?.shape} processes x threads, ${connections})`,
    rows: rows.map((row) => makeCells(row, titleOf(row.peer), ours)),
    notes: rows.flatMap((row) => [
      ...row.problems.map((problem) => `${titleOf(row.peer)}: ${firstLines(problem)}`),
      ...extraText(row, titleOf(row.peer)),
    ]),
  };
}

function makeCells(
  { values, allRuns, runsWithErrors, problems }: Row,
  title: string,
  ours: number | undefined,
): string[] {
  if (values === undefined) return [title, 'not measured', ...Array.from({ length: 8 }, () => ''), '!'];
  const { requestsPerSecond } = values;
  return [
    title,
    formatSummary(requestsPerSecond),
    ours === undefined ? '' : formatNumber(requestsPerSecond.median / ours),
    formatNumber(values.p50Ms.median),
    formatNumber(values.p99Ms.median),
    formatNumber(values.p999Ms.median),
    formatNumber(values.cpuSecondsPer1000.median),
    formatMiB(values.peakResidentBytes.median),
    formatMiB(values.proportionalBytes.median),
    formatNumber(values.startMs.median),
    runsWithErrors > 0 ? `! ${runsWithErrors} of ${allRuns}` : problems.length > 0 ? '!' : '',
  ];
}

const extraNames: Readonly<Record<string, string>> = {
  clientLateP50Ms: 'the client itself was late by (p50, ms)',
  clientLateP99Ms: 'the client itself was late by (p99, ms)',
  slowRequests: 'slow requests',
  requestsPerSecondAlone: 'requests/s without idle connections',
  shareOfAlone: 'share of that beside them',
  residentBytesPerIdleConnection: 'resident bytes per idle connection',
};

function extraText({ extra }: Row, title: string): string[] {
  const parts = Object.entries(extra).map(([name, value]) => `${extraNames[name] ?? name} ${formatSummary(value)}`);
  return parts.length === 0 ? [] : [`${title}: ${parts.join('; ')}`];
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, 4).join(' | ').slice(0, 400);
}

/** For the terminal. */
export function formatTable({ heading, rows, notes }: Table): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)));
  const lines = all.map((row) =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [heading, ...lines, ...notes.map((note) => `  ${note}`)].join('\n');
}

export function formatMarkdownTable({ rows, notes }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `|${columns.map((_, index) => (index === 0 ? '---' : '---:')).join('|')}|`;
  const list = notes.map((note) => `- ${note.replaceAll('<', '&lt;')}`);
  return [line(columns), rule, ...rows.map(line), ...(list.length > 0 ? ['', ...list] : [])].join('\n');
}
