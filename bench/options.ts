/** The command line of `npm run bench`. */

import { parseArgs } from 'node:util';
import { peers } from './peers/peers.js';
import { type Workload, workloads } from './workloads.js';

export const usage = `npm run bench -- [options]

  --quick              the most telling workloads and servers in 2 minutes
  --only a,b           these workloads
  --peers a,b          these servers
  --minutes N          time for everything (default: 14; with --quick: 1.9)
  --rounds N           rounds, instead of what fits the time
  --seconds N          length of each load, instead of what fits the time
  --publish            write docs/benchmarks.md, its charts and its JSON file as well
  --from FILE          measure nothing: show the results of an earlier run (its JSON file)
  --list               the workloads and the servers
`;

export interface Options {
  readonly workloads: readonly Workload[];
  readonly peers: readonly string[];
  readonly minutes: number;
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
  readonly publish: boolean;
  readonly from: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

/** What --quick compares with, unless --peers says otherwise. */
export const quickPeers = [
  ...['stillhouse', 'apache-daemon-6', 'gunicorn-gthread', 'uwsgi-http', 'nginx-gunicorn', 'granian'],
];

/** What was asked for cannot be done; the message is for the user. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseOptions(args: readonly string[]): Options {
  const values = parse(args);
  const isQuick = values.quick === true;
  return {
    workloads: values.only
      ? choose('workload', values.only, workloads)
      : workloads.filter((workload) => !isQuick || workload.isQuick === true),
    peers: choosePeers(values.peers, isQuick),
    minutes: parseNumber('--minutes', values.minutes) ?? (isQuick ? 1.9 : 14),
    rounds: parseWhole('--rounds', values.rounds),
    // wrk takes no fractions.
    seconds: parseWhole('--seconds', values.seconds),
    publish: values.publish === true,
    from: values.from,
    list: values.list === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean' },
        only: { type: 'string' },
        peers: { type: 'string' },
        minutes: { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        publish: { type: 'boolean' },
        from: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function choosePeers(text: string | undefined, isQuick: boolean): string[] {
  if (text !== undefined) return choose('server', text, peers).map(({ id }) => id);
  return peers.map(({ id }) => id).filter((id) => !isQuick || quickPeers.includes(id));
}

function choose<T extends { readonly id: string }>(what: string, text: string, known: readonly T[]): T[] {
  const ids = text.split(',').filter(Boolean);
  const unknown = ids.find((id) => !known.some((one) => one.id === id));
  if (unknown !== undefined || ids.length === 0) {
    throw new UsageError(`there is no ${what} '${unknown ?? ''}': ${known.map(({ id }) => id).join(', ')}`);
  }
  return known.filter(({ id }) => ids.includes(id));
}

function parseNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(number > 0) || !Number.isFinite(number)) throw new UsageError(`${name} '${text}' is no number above 0`);
  return number;
}

function parseWhole(name: string, text: string | undefined): number | undefined {
  const number = parseNumber(name, text);
  if (number !== undefined && !Number.isInteger(number)) throw new UsageError(`${name} '${text}' is no whole number`);
  return number;
}
