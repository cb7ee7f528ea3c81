/** What report-process.py tells about the daemon process that runs it. */

import assert from 'node:assert/strict';
import { application, type TestPaths, type TestServer } from './server.js';

export interface ProcessReport {
  readonly pid: number;
  /** When the script was loaded. */
  readonly cwd: string;
  /** sys.path then. */
  readonly path: readonly string[];
  readonly argv: readonly string[];
  readonly environ: Readonly<Record<string, string>>;
  /** All categories, as setlocale names them. */
  readonly locale: string;
  /** The encoding of file names. */
  readonly fileNames: string;
  /** sys.prefix. */
  readonly prefix: string;
  readonly switchInterval: number;
  /** Of the request thread. */
  readonly stackBytes: number;
  readonly priority: number;
  /** Soft and hard; -1 for none. */
  readonly cpuLimit: readonly [number, number];
  readonly dataLimit: readonly [number, number];
  readonly addressLimit: readonly [number, number];
  /** Send and receive buffer of each connection from an http child; the kernel doubles what was asked for. */
  readonly connections: readonly (readonly [number, number])[];
  readonly multiprocess: boolean;
  readonly multithread: boolean;
  readonly runOnce: boolean;
}

export const reportFiles = { 'report.wsgi': application('report-process') };

/** One daemon process group for each entry, by name, with report.wsgi under the URL path /NAME. */
export function reportGroups({ folder }: TestPaths, groups: Readonly<Record<string, string>>): string {
  return [
    'WSGIApplicationGroup %{GLOBAL}',
    ...Object.entries(groups).flatMap(([name, options]) => [
      `WSGIDaemonProcess ${name} ${options}`,
      `WSGIScriptAlias /${name} ${folder}/report.wsgi process-group=${name}`,
    ]),
  ].join('\n');
}

export async function reportOf(server: TestServer, url: string): Promise<ProcessReport> {
  const response = await server.request(url);
  assert.equal(response.status, 200, `${url}\n${server.errorLog()}`);
  return JSON.parse(response.text) as ProcessReport;
}
