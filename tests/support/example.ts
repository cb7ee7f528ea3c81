/** The sites of examples/, made ready by scripts/setup.mjs, each test with a copy of what the site writes. */

import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './command.js';
import { application, TestServer } from './server.js';

export type ExampleName = 'django' | 'flask' | 'plain';

const scripts: Readonly<Record<ExampleName, string>> = {
  django: 'bookshelf.wsgi',
  flask: 'notes.wsgi',
  plain: 'probe.wsgi',
};

export interface RunningExample extends AsyncDisposable {
  readonly server: TestServer;
  /** The folder that the site writes to. */
  readonly var: string;
}

/**
 * Starts an example with its own httpd.conf.
 * @param validated its application is wrapped in wsgiref.validate: a breach of PEP 3333 is an error in the log
 */
export async function startExample(name: ExampleName, validated: boolean): Promise<RunningExample> {
  const setup = execFileSync(process.execPath, [join(checkout, 'scripts/setup.mjs'), name], { encoding: 'utf8' });
  const prepared = JSON.parse(setup) as { name: string; config: string };
  if (prepared.name !== name) throw new Error(`examples/${name} can't be had here: ${setup}`);
  const defined = readDefines(readFileSync(prepared.config, 'utf8'));
  let folder = '';
  const server = await TestServer.start({
    listen: '', // the example has a Listen line
    config: (paths) => {
      folder = paths.folder;
      return writeSite(name, validated, folder, defined);
    },
  });
  return { server, var: join(folder, 'var'), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Copies the site into the folder; returns the configuration that serves the copy. */
function writeSite(name: ExampleName, validated: boolean, folder: string, defined: Map<string, string>): string {
  const copy = (from: string, to: string): void => {
    // With owner and mode: the folder var belongs to the site's user.
    execFileSync('cp', ['-a', from, join(folder, to)]);
  };
  copy(defined.get('SITE_ROOT') ?? '', 'site');
  copy(defined.get('SITE_VAR') ?? '', 'var');
  // Port 0 can be listened on, but no virtual host can have it.
  const configFile = join(folder, 'site/httpd.conf');
  const config = readFileSync(configFile, 'utf8');
  const anyPort = config.replace(/^<VirtualHost \*:\$\{PORT\}>$/m, '<VirtualHost *:*>');
  if (anyPort === config) throw new Error(`no virtual host in examples/${name}/httpd.conf`);
  writeFileSync(configFile, anyPort);
  if (validated) {
    const scriptFolder = join(folder, 'site/wsgi-scripts');
    renameSync(join(scriptFolder, scripts[name]), join(scriptFolder, 'original.py'));
    writeFileSync(join(scriptFolder, scripts[name]), application('validated'));
  }
  const values = new Map([
    ...defined,
    ['HOST', '127.0.0.1'],
    ['PORT', '0'],
    ['SITE_ROOT', join(folder, 'site')],
    ['SITE_VAR', join(folder, 'var')],
    ['SITE_LOGS', folder],
  ]);
  const lines = [...values].map(([key, value]) => `Define ${key} "${value}"`);
  return [...lines, `Include "${configFile}"`].join('\n');
}

function readDefines(text: string): Map<string, string> {
  const defines = text.matchAll(/^Define (\w+) "(.*)"$/gm);
  return new Map([...defines].map(([, key = '', value = '']) => [key, value]));
}
