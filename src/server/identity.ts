/** Whom the server's processes run as. Only where it was started as root; otherwise everything stays who we are. */

import { statSync } from 'node:fs';
import { ProcessError } from '../base/errors.js';
import type { Settings } from '../conf/settings.js';
import { type AccountReference, formatAccount } from '../wsgi/account-reference.js';
import type { DaemonSettings } from '../wsgi/daemon-handle.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { type Account, findGroupId, findUnprivilegedUser, findUser } from './accounts.js';
import { processSettings } from './core-process-directives.js';

/** The http children's user. Undefined: as started. @throws ProcessError where it does not exist or is root */
export function findHttpAccount(settings: Settings, mayStayRoot: boolean): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = settings.find(processSettings.user);
  const group = settings.find(processSettings.group);
  if (user === undefined && mayStayRoot) return undefined;
  const account = user === undefined ? findUnprivilegedUser() : getUser(user, 'User');
  if (account === undefined) throw new ProcessError('no user to run as: name one with User');
  if (account.uid === 0) throw new ProcessError(`User '${account.name}' is root: name another one`);
  return group === undefined ? account : { ...account, gid: getGroupId(group, 'Group') };
}

/** For good. @throws ProcessError where root is not left behind */
export function becomeUser(user: Pick<Account, 'name' | 'uid' | 'gid'>): void {
  (process as NodeJS.Process & { initgroups?(user: string, group: number): void }).initgroups?.(user.name, user.gid);
  process.setgid?.(user.gid);
  process.setuid?.(user.uid);
  const isRoot = process.getuid?.() === 0 || process.geteuid?.() === 0 || process.getgroups?.().includes(0);
  if (isRoot || process.getuid?.() !== user.uid) throw new ProcessError(`could not become user '${user.name}'`);
}

/** Whom the processes of a group become. `http` is undefined where nobody changes identity. @throws ProcessError */
export function findDaemonUser(group: DaemonProcessGroup, http: Account | undefined): DaemonSettings['user'] {
  checkChroot(group, http !== undefined);
  if (http === undefined) return null;
  const what = `user of daemon process group '${group.name}'`;
  const account = group.user === undefined ? http : getUser(group.user, what);
  if (account.uid === 0) throw new ProcessError(`${what}: WSGI process blocked from running as root`);
  // As in mod_wsgi: Group's, also for another user than User.
  const gid = group.group === undefined ? http.gid : getOwnGroupId(group.group, `group of '${group.name}'`);
  const groups = group.supplementaryGroups?.map((one) => getOwnGroupId(one, `supplementary group of '${group.name}'`));
  return { uid: account.uid, gid, name: account.name, home: account.home, groups: groups ?? null };
}

/** Owner of the sockets of a group's processes; undefined: the http children's user. @throws ProcessError */
export function findSocketUid(group: DaemonProcessGroup, http: Account | undefined): number | undefined {
  if (http === undefined || group.socketUser === undefined) return undefined;
  const { uid } = getUser(group.socketUser, `socket user of daemon process group '${group.name}'`);
  return uid === http.uid ? undefined : uid;
}

/** @throws ProcessError */
function checkChroot({ name, chroot }: DaemonProcessGroup, changesIdentity: boolean): void {
  if (chroot === undefined) return;
  if (!changesIdentity) {
    const cure = 'start the server as root, with a User that is not root, or take chroot= away';
    throw new ProcessError(`daemon process group '${name}': Cannot chroot WSGI daemon process when not root: ${cure}`);
  }
  if (!statSync(chroot, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ProcessError(`daemon process group '${name}': chroot=${chroot}: there is no such folder`);
  }
}

function getUser(reference: AccountReference, what: string): Account {
  const key = reference.kind === 'id' ? String(reference.id) : reference.name;
  const account = findUser(key);
  if (account === undefined)
    throw new ProcessError(`${what}: there is no user '${formatAccount(reference)}' on this system`);
  return account;
}

/** A group for a daemon process, which must not keep root's. */
function getOwnGroupId(reference: AccountReference, what: string): number {
  const gid = getGroupId(reference, what);
  if (gid === 0) throw new ProcessError(`${what}: WSGI process blocked from running in root's group`);
  return gid;
}

function getGroupId(reference: AccountReference, what: string): number {
  if (reference.kind === 'id') return reference.id;
  const gid = findGroupId(reference.name);
  if (gid === undefined) throw new ProcessError(`${what}: there is no group '${reference.name}' on this system`);
  return gid;
}
