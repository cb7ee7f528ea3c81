/** Users that a test running as root can start a server as. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout, program } from './command.js';

export const isRoot = process.getuid?.() === 0;

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly node: string;
  readonly program: string;
}

/** `getent passwd` and `getent group`; undefined where there is no such entry. */
export function findUser(name: string): { readonly uid: number; readonly gid: number } | undefined {
  const [, , uid, gid] = lookUp('passwd', name);
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

export function findGroup(name: string): { readonly gid: number } | undefined {
  const [, , gid] = lookUp('group', name);
  return gid === undefined ? undefined : { gid: Number(gid) };
}

/** A user without rights, with a Node and a program that it can read: a checkout below /root is closed to it. */
export function unprivilegedUser(): RunAs | undefined {
  if (!isRoot) return undefined;
  const user = findUser('www-data') ?? findUser('nobody');
  if (user === undefined) throw new Error('neither www-data nor nobody is a user here');
  const own = { ...user, node: process.execPath, program };
  if (spawnSync(own.node, [own.program, '--version'], { ...user, cwd: '/' }).status === 0) return own;
  // Publishes a copy where the checkout is closed.
  const setup = spawnSync(process.execPath, [join(checkout, 'scripts/setup.mjs'), 'plain'], { encoding: 'utf8' });
  const published = JSON.parse(setup.stdout) as { node: string; program: string };
  return { ...user, node: published.node, program: join(published.program, 'bin/stillhouse') };
}

function lookUp(database: string, key: string): readonly (string | undefined)[] {
  const result = spawnSync('getent', [database, key], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trimEnd().split(':') : [];
}
