/** The folder of one run: what all servers of it are given to serve. */

import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.js';
import type { Tools } from './peers/peer.js';

const prepareMsLimit = 60_000;

/** Applications, documents and database where the servers' user can reach them. */
export async function prepareFolder(
  folder: string,
  tools: Tools,
): Promise<{ folder: string; apps: string; documents: string }> {
  chmodSync(folder, 0o755);
  const apps = join(folder, 'apps');
  const documents = join(folder, 'documents');
  cpSync(join(tools.checkout, 'bench/apps'), apps, { recursive: true });
  mkdirSync(documents);
  writeFileSync(join(documents, '1k.bin'), Buffer.alloc(1 << 10, 'x'));
  writeFileSync(join(documents, '1m.bin'), Buffer.alloc(1 << 20, 'x'));
  for (const name of [documents, apps, ...readdirSync(apps).map((file) => join(apps, file))]) {
    const { uid, gid } = tools.identity;
    if (uid !== undefined && gid !== undefined) chownSync(name, uid, gid);
    chmodSync(name, name === apps || name === documents ? 0o755 : 0o644);
  }
  await runChild([join(tools.venv, 'bin/python'), join(apps, 'django_view.py')], {
    identity: tools.identity,
    setpriv: tools.setpriv,
    timeoutMs: prepareMsLimit,
  });
  return { folder, apps, documents };
}

/** What is compiled while the bench runs must not change what it measures. */
export function copyProgram(folder: string, from: string): string {
  const program = join(folder, 'program');
  for (const name of ['package.json', 'bin', 'dist', 'python']) {
    cpSync(join(from, name), join(program, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(from, 'node_modules'), join(program, 'node_modules'));
  return program;
}
