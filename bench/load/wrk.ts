/** wrk: the closed-loop load. bench/load/report.lua makes it print its figures as JSON. */

import { ErrorCount, type LoadFigures } from './load-figures.js';

export interface WrkOptions {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
  readonly script: string;
}

/** One thread: it shares the processors with the server. */
export function wrkArguments({ port, path, connections, seconds, script }: WrkOptions): string[] {
  const load = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
  return [...load, '--timeout', '5s', '--script', script, `http://127.0.0.1:${port}${path}`];
}

const counts = [
  ...['requests', 'microseconds', 'p50', 'p99', 'p999', 'max'],
  ...['connect', 'read', 'write', 'status', 'timeout'],
] as const;
type Count = (typeof counts)[number];

/** @throws Error where the line of report.lua is not there, or not whole */
export function parseWrkOutput(output: string): LoadFigures {
  const line = /^figures (\{.*\})$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk printed no figures: ${output.trim().slice(-300) || 'nothing at all'}`);
  const value = JSON.parse(line) as Partial<Record<Count, unknown>>;
  const get = (name: Count): number => {
    const number = value[name];
    if (typeof number !== 'number' || !Number.isFinite(number)) throw new Error(`wrk printed no '${name}': ${line}`);
    return number;
  };
  const errors = new ErrorCount();
  for (const [name, text] of [
    ['connect', 'connection refused'],
    ['read', 'connection lost while reading'],
    ['write', 'connection lost while writing'],
    ['status', 'status of 400 or above'],
    ['timeout', 'no answer for 5 s'],
  ] as const) {
    for (let left = get(name); left > 0; left -= 1) errors.add(text);
  }
  if (get('requests') === 0) errors.add('no request was answered');
  return {
    requests: get('requests'),
    seconds: get('microseconds') / 1e6,
    p50Ms: get('p50') / 1000,
    p99Ms: get('p99') / 1000,
    p999Ms: get('p999') / 1000,
    maxMs: get('max') / 1000,
    errors: errors.total,
    errorText: errors.text,
  };
}
