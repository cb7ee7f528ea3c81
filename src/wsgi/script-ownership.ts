/**
 * script-user and script-group of WSGIDaemonProcess: a process group runs only scripts that belong, with their folder,
 * to one user or group, and that nobody else can change. Asked by the http child for each request of such a group;
 * what it finds is remembered for a moment.
 */

import { type Stats, statSync } from 'node:fs';

/** Who must own the scripts of a process group. */
export interface ScriptOwner {
  readonly kind: 'user' | 'group';
  /** As the configuration names it. */
  readonly name: string;
  /** uid or gid; undefined where the system does not know the name, and then no script is anybody's. */
  readonly id: number | undefined;
}

type Ownership = Pick<Stats, 'uid' | 'gid' | 'mode'>;

const rememberMs = 1000;
const rememberedLimit = 4096;
const groupWrite = 0o020;
const worldWrite = 0o002;

export class ScriptOwnership {
  readonly #remembered = new Map<string, { readonly found: Ownership; readonly untilMs: number }>();
  readonly #nowMs: () => number;
  readonly #stat: (path: string) => Ownership;

  constructor(nowMs: () => number, stat: (path: string) => Ownership = statSync) {
    this.#nowMs = nowMs;
    this.#stat = stat;
  }

  /** Why the script may not run, in mod_wsgi's words with what was found; undefined: it may. */
  findObjection(script: string, owner: ScriptOwner): string | undefined {
    return (
      this.#check(script, owner, 'WSGI script file') ??
      this.#check(folderOf(script), owner, 'Parent directory of WSGI script file')
    );
  }

  #check(path: string, owner: ScriptOwner, subject: string): string | undefined {
    let found: Ownership;
    try {
      found = this.#find(path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      const what = owner.kind === 'user' ? 'User' : 'Group';
      return `${what} information not available for ${inSentence(subject)}: ${path} (${code})`;
    }
    const id = owner.kind === 'user' ? found.uid : found.gid;
    if (id !== owner.id) {
      const what = owner.kind === 'user' ? 'Owner' : 'Group';
      const actual = owner.kind === 'user' ? `uid=${id}` : `gid=${id}`;
      return `${what} of ${inSentence(subject)} does not match required ${owner.kind} for daemon process, ${owner.kind}=${owner.name}: ${path} has ${actual}`;
    }
    if (owner.kind === 'user' && (found.mode & groupWrite) !== 0) return `${subject} is writable to group: ${path}`;
    if ((found.mode & worldWrite) !== 0) return `${subject} is writable to world: ${path}`;
    return undefined;
  }

  #find(path: string): Ownership {
    const nowMs = this.#nowMs();
    const known = this.#remembered.get(path);
    if (known !== undefined && known.untilMs > nowMs) return known.found;
    const { gid, mode, uid } = this.#stat(path);
    const found = { gid, mode, uid };
    if (this.#remembered.size >= rememberedLimit) this.#remembered.clear();
    this.#remembered.set(path, { found, untilMs: nowMs + rememberMs });
    return found;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function inSentence(subject: string): string {
  return subject.replace(/^Parent/, 'parent');
}
