/** Servers whose prefork children run called.py, and run it by a call once it has proved to be fast. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { application, type TestPaths, TestServer, type TestServerOptions } from './server.js';

export interface CalledOptions extends Partial<TestServerOptions> {
  /** 1: whatever comes meets the same child. */
  readonly children?: number;
  /** Further lines, before those that the script is reached by. */
  readonly lines?: string | ((paths: TestPaths) => string);
}

export function startCalled({ children = 1, lines = '', ...options }: CalledOptions = {}): Promise<TestServer> {
  return TestServer.start({
    config: (paths) => `
      LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
      StartServers 1
      MinSpareServers 1
      MaxSpareServers 1
      MaxRequestWorkers ${children}
      WSGIApplicationGroup %{GLOBAL}
      ${typeof lines === 'string' ? lines : lines(paths)}
      WSGIScriptAlias / ${paths.folder}/called.wsgi`,
    ...options,
    files: { 'called.wsgi': application('called'), ...options.files },
    allowErrors: [/server reached MaxRequestWorkers setting/, ...(options.allowErrors ?? [])],
  });
}

/** Sends fast requests until one is run by a call: so will the next of this method and path. */
export async function prove(server: TestServer, method = 'GET'): Promise<void> {
  for (let count = 0; count < 100; count++) {
    const { headers } = await server.request('/', { method });
    if (headers['x-thread'] === 'main') return;
  }
  throw new Error(`no ${method} request was run by a call; the log is:\n${server.errorLog()}`);
}

/** Lines that the application has written down. */
export function notesOf({ paths }: TestServer): readonly string[] {
  const path = join(paths.writable, 'notes');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
