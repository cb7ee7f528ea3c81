/** Where results go: the terminal, a folder of their own below .bench/results, and, asked for, docs/. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BenchResults } from '../results.js';
import { makeDocument } from './document.js';
import { formatTable, makeTable } from './table.js';

export function show(results: BenchResults): void {
  for (const { id } of results.workloads) console.log(`\n${formatTable(makeTable(results, id))}`);
  for (const { peer, reason } of results.missing) console.log(`\nmissing: ${peer}: ${reason.split('\n')[0]}`);
  console.log(`\n${results.durationSeconds} s; ± is half of the range over ${results.rounds} rounds`);
}

export function save(results: BenchResults, parent: string): void {
  const folder = join(parent, results.startedAt.replace(/[:.]/g, '-'));
  writeDocument(results, join(folder, 'benchmarks.md'), join(folder, 'charts'), 'charts');
  const file = join(folder, 'results.json');
  writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`);
  console.log(`results: ${file}`);
}

export function publish(results: BenchResults, checkout: string): void {
  const file = join(checkout, 'docs/benchmarks.md');
  const folder = join(checkout, 'docs/benchmarks');
  rmSync(folder, { recursive: true, force: true });
  writeDocument(results, file, folder, 'benchmarks');
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, undefined, 1)}\n`);
  console.log(`published: ${file}`);
}

function writeDocument(results: BenchResults, file: string, chartsFolder: string, chartsPath: string): void {
  const { markdown, charts } = makeDocument(results, chartsPath);
  mkdirSync(dirname(file), { recursive: true });
  mkdirSync(chartsFolder, { recursive: true });
  writeFileSync(file, markdown);
  for (const [name, svg] of Object.entries(charts)) writeFileSync(join(chartsFolder, name), svg);
}
