/**
 * As whom the server's processes will read scripts, and what is in their way. As root the server becomes other users,
 * for whom path-rights.ts judges; otherwise it stays who it is, and can try. Asked before the start, never for a request.
 */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ProcessError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { systemErrorCode } from '../conf/include-files.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import type { Account } from './accounts.js';
import { findDaemonUser, findHttpAccount } from './identity.js';
import {
  findBarrier,
  type Identity,
  isOpenToAll,
  type PathStatus,
  type PathStep,
  type Walk,
  walkPath,
} from './path-rights.js';

/** What a process needs: to see that the script is there, or to read it. */
export type ReadPurpose = 'see' | 'read';

export interface Barrier {
  /** For messages: `user 'www-data'`. */
  readonly who: string;
  readonly step: PathStep;
}

/** The machine, as far as scripts are concerned. */
export interface ScriptReaders {
  walk(path: string): Walk;
  /** What keeps the http children from it; undefined: nothing, as far as can be seen. */
  findHttpBarrier(path: string, purpose: ReadPurpose): Barrier | undefined;
  findGroupBarrier(group: DaemonProcessGroup, path: string): Barrier | undefined;
  /** What lies in a folder, for suggestions. */
  namesIn(folder: string): readonly string[];
}

interface User extends Identity {
  readonly name: string;
  readonly gid: number;
}

const lookupMsLimit = 10_000;

export class SystemScriptReaders implements ScriptReaders {
  readonly #config: Config;
  readonly #walks = new Map<string, Walk>();
  readonly #statuses = new Map<string, PathStatus | 'closed' | undefined>();
  readonly #users = new Map<string, User | undefined>();
  readonly #isRoot = process.getuid?.() === 0;
  #http: { readonly account: Account | undefined } | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  walk(path: string): Walk {
    let walk = this.#walks.get(path);
    if (walk === undefined) {
      walk = walkPath(path, { lstat: (one) => this.#lstat(one), readlink: readlinkSync });
      this.#walks.set(path, walk);
    }
    return walk;
  }

  findHttpBarrier(path: string, purpose: ReadPurpose): Barrier | undefined {
    return this.#find(path, purpose, () => {
      const account = this.#findHttpAccount();
      return account === undefined ? undefined : this.#makeUser(account.name, account.uid, account.gid, null);
    });
  }

  findGroupBarrier(group: DaemonProcessGroup, path: string): Barrier | undefined {
    return this.#find(path, 'read', () => {
      const http = this.#findHttpAccount();
      if (http === undefined) return undefined;
      try {
        const user = findDaemonUser(group, http);
        return user === null ? undefined : this.#makeUser(user.name, user.uid, user.gid, user.groups);
      } catch (error) {
        if (error instanceof ProcessError) return undefined; // the start fails by it, and says so
        throw error;
      }
    });
  }

  namesIn(folder: string): readonly string[] {
    try {
      return readdirSync(folder);
    } catch {
      return []; // then there is no suggestion
    }
  }

  #find(path: string, purpose: ReadPurpose, findUser: () => User | undefined): Barrier | undefined {
    const walk = this.walk(path);
    if (walk.kind === 'missing') return undefined;
    if (!this.#isRoot) return findOwnBarrier(path, purpose, walk);
    const steps = purpose === 'read' ? walk.steps : walk.steps.filter(({ needs }) => needs === 'search');
    // Most scripts are: then nobody has to be looked up.
    if (isOpenToAll(steps)) return undefined;
    const user = findUser();
    const step = user === undefined ? undefined : findBarrier(steps, user);
    if (user === undefined || step === undefined || canReach(path, purpose, user)) return undefined;
    return { who: `user '${user.name}'`, step };
  }

  #lstat(path: string): PathStatus | 'closed' | undefined {
    if (this.#statuses.has(path)) return this.#statuses.get(path);
    const status = lstat(path);
    this.#statuses.set(path, status);
    return status;
  }

  #findHttpAccount(): Account | undefined {
    if (this.#http === undefined) {
      try {
        this.#http = { account: findHttpAccount(this.#config.main.settings, false) };
      } catch (error) {
        if (!(error instanceof ProcessError)) throw error;
        this.#http = { account: undefined }; // the start fails by it, and says so
      }
    }
    return this.#http.account;
  }

  /** Undefined where the system does not tell the groups. `groups` null: those of the user database. */
  #makeUser(name: string, uid: number, gid: number, groups: readonly number[] | null): User | undefined {
    const key = `${name}\0${uid}\0${gid}\0${groups?.join() ?? ''}`;
    if (!this.#users.has(key)) {
      const further = groups ?? findSupplementaryGroups(name);
      this.#users.set(key, further === undefined ? undefined : { name, uid, gid, gids: new Set([gid, ...further]) });
    }
    return this.#users.get(key);
  }
}

function lstat(path: string): PathStatus | 'closed' | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    return systemErrorCode(error) === 'EACCES' ? 'closed' : undefined;
  }
}

/** Whoever asks is who will read. */
function findOwnBarrier(path: string, purpose: ReadPurpose, { steps }: Walk): Barrier | undefined {
  const isClosed = (one: string, mode: number): boolean => {
    try {
      accessSync(one, mode);
      return false;
    } catch (error) {
      return systemErrorCode(error) === 'EACCES';
    }
  };
  if (!isClosed(path, purpose === 'read' ? constants.R_OK : constants.F_OK)) return undefined;
  const closed = steps.find(({ path: one, needs }) =>
    isClosed(one, needs === 'search' ? constants.X_OK : constants.R_OK),
  );
  const step = closed ?? steps.at(-1);
  return step === undefined ? undefined : { who: describeSelf(), step };
}

function describeSelf(): string {
  try {
    return `user '${userInfo().username}'`;
  } catch {
    return `uid ${process.getuid?.() ?? ''}`; // it has no entry in the user database
  }
}

/** What mode bits don't show may let a user through after all: access control lists. */
function canReach(path: string, purpose: ReadPurpose, { uid, gid }: User): boolean {
  const test = purpose === 'read' ? '-r' : '-e';
  return spawnSync('test', [test, path], { uid, gid, cwd: '/', timeout: lookupMsLimit }).status === 0;
}

/** What initgroups() gives a user beside the primary group; undefined where the system does not tell. */
function findSupplementaryGroups(name: string): readonly number[] | undefined {
  const result = spawnSync('getent', ['initgroups', name], { encoding: 'utf8', timeout: lookupMsLimit });
  if (result.error !== undefined || result.status !== 0) return undefined;
  return result.stdout.trim().split(/\s+/).slice(1).map(Number);
}
