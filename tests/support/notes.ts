/** What fixture applications write down about their requests (NOTES_FOLDER). */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './processes.js';
import type { TestServer } from './server.js';

/** Query strings of the requests that sleep.py has begun, in that order. */
export function startedRequests(server: TestServer): readonly string[] {
  return readLines(server, 'starts');
}

/** `in PID` and `out PID` of count-concurrency.py. */
export function concurrencyNotes(server: TestServer): readonly string[] {
  return readLines(server, 'concurrency');
}

/** Resolves when sleep.py has begun the request with this query string. */
export async function waitForRequestStart(server: TestServer, query: string): Promise<void> {
  await waitFor(`the start of ?${query}`, () => startedRequests(server).includes(query));
}

function readLines(server: TestServer, name: string): readonly string[] {
  const path = join(server.paths.writable, name);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
