/** docs/benchmarks.md and its charts, made from the results of one run. Pure. */

import { type BenchResults, type Metric, makeRows } from '../results.js';
import { type Bar, makeChart } from './chart.js';
import { formatMiB } from './format.js';
import { formatMarkdownTable, makeTable } from './table.js';

export interface Document {
  readonly markdown: string;
  /** SVG by file name. */
  readonly charts: Readonly<Record<string, string>>;
}

const mixedOrOpen = /^(?:mixed|.*-open)/;

/** @param folder where the charts are, as seen from the document */
export function makeDocument(results: BenchResults, folder: string): Document {
  const charts: Record<string, string> = {};
  const parts = results.workloads.map(({ id, title }) => {
    const table = makeTable(results, id);
    const [metric, unit]: [Metric, string] = mixedOrOpen.test(id)
      ? ['p99Ms', 'p99 in ms (less is better)']
      : ['requestsPerSecond', 'requests/s'];
    const bars = makeBars(results, id, metric);
    const name = `${id}.svg`;
    if (bars.length > 0) charts[name] = makeChart(title, unit, bars);
    const image = bars.length > 0 ? `![${title}: ${unit}](${folder}/${name})\n\n` : '';
    return `### ${title}\n\n${table.heading.replace(/^.*\((.*)\)$/, '$1')}\n\n${image}${formatMarkdownTable(table)}\n`;
  });
  return { markdown: `${introduction(results)}\n${parts.join('\n')}\n${settings(results)}`, charts };
}

function makeBars(results: BenchResults, workload: string, metric: Metric): Bar[] {
  return makeRows(results, workload).flatMap(({ peer, values, runsWithErrors }) => {
    if (values === undefined) return [];
    const label = results.peers.find(({ id }) => id === peer)?.title ?? peer;
    return [{ label, value: values[metric], isOurs: peer === 'stillhouse', isMarked: runsWithErrors > 0 }];
  });
}

function introduction(results: BenchResults): string {
  const { machine } = results;
  const versions = Object.entries(results.versions).map(([name, version]) => `| ${name} | ${version} |`);
  const missing = results.missing.map(({ peer, reason }) => `- ${peer}: ${reason.split('\n')[0]}`);
  return `# Benchmarks

Written by \`npm run bench -- --publish\`; not to be edited. All servers run on one machine, in one run, in turns.

## How to repeat

\`\`\`
npm run bench                              everything, in under 15 minutes
npm run bench -- --quick                   the most telling part, in 2
npm run bench -- --only hello,flask --peers stillhouse,granian --minutes 5
npm run bench -- --publish                 write this page
\`\`\`

The servers are installed by it: with pip into an environment of its own in \`.bench/\`, Debian's packages where it runs as
root. Nothing else should run on the machine.

## How it is measured

- ${results.rounds} x ${results.secondsPerLoad} s for each load, in rounds. Each round starts every server afresh, checks its answers, warms it up
  for a second and goes on to the next, each time in another order. A figure is the median of the rounds; ± is half of
  the range between the lowest and the highest. A run with errors is marked and is not in the median.
- Load is made on the same machine by wrk with one thread, which takes its share of the processors from every server
  alike. Where a server needs less of them than wrk does, wrk is the limit, and CPU tells such servers apart.
- "Whatever happens" is a client at a constant rate that counts a request's latency from the moment it was due: a server
  that stalls does not make it send less. How late the client was itself stands below the table. In mixed loads the
  latency is that of the fast requests.
- CPU is user and system time of all processes of the server for 1,000 requests. "peak" is the sum of the peak resident
  sizes of all its processes, "PSS" what they hold after the load with shared pages counted once.
- "start" is from the start of the server's first process to the end of its first right answer.
- All have the same processes x threads and keep-alive, where they can. Access logs are off.

Measured on ${results.startedAt.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores, ${formatMiB(machine.memoryBytes)} MiB, ${machine.system}, Linux ${machine.kernel},
load average before the run ${machine.loadBefore}. Command: \`${results.command}\`.

| | version |
|---|---|
${versions.join('\n')}
${results.peers.map(({ title, version, note }) => `| ${title} | ${version}${note === '' ? '' : `; ${note}`} |`).join('\n')}
${missing.length > 0 ? `\nNot to be had on this machine:\n\n${missing.join('\n')}\n` : ''}
## Figures
`;
}

function settings({ peers }: BenchResults): string {
  const parts = peers.flatMap(({ title, settings: byShape }) =>
    Object.entries(byShape).map(([shape, text]) => `### ${title}, ${shape}\n\n\`\`\`\n${text}\n\`\`\`\n`),
  );
  return `## Settings\n\nSITE is the server's own folder, APPS is \`bench/apps\`.\n\n${parts.join('\n')}`;
}
