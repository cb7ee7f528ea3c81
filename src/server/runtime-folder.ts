/**
 * The folder of a running server: the daemon processes' sockets and scoreboards. Private to the server; others may only
 * pass through it (mode 0711 when root starts us, so that the http children's user reaches its sockets). Removed at
 * stop; what a server left that was killed is removed by the next start.
 */

import { chmodSync, lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProcessError } from '../base/errors.js';

/** The socket in a runtime folder that ps and stop talk to. */
export const controlSocketName = 'control.sock';

/** Linux: sizeof(sun_path) less the closing zero. */
const socketPathBytesLimit = 107;
const attemptsLimit = 5;
const fileNameBytes = '/daemon-4294967295.sock'.length;

/** The folder in which servers put theirs, where the configuration does not say. */
export function defaultRuntimeBase(): string {
  if (process.getuid?.() === 0) return '/run/stillhouse';
  const own = process.env.XDG_RUNTIME_DIR;
  if (own !== undefined && own !== '') return join(own, 'stillhouse');
  return join(tmpdir(), `stillhouse-${process.getuid?.() ?? 'user'}`);
}

export class RuntimeFolder {
  readonly path: string;
  readonly #removesBase: boolean;

  private constructor(path: string, removesBase: boolean) {
    this.path = path;
    this.#removesBase = removesBase;
  }

  /**
   * A folder where commands do not look, for a server whose own can't be made: it runs, and can't be commanded.
   * @throws ProcessError
   */
  static createElsewhere(): RuntimeFolder {
    return RuntimeFolder.create(join(tmpdir(), `stillhouse-run-${process.pid}`));
  }

  /** Makes the folder `<base>/server-<pid>`. @throws ProcessError that says what to do */
  static create(base: string): RuntimeFolder {
    const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
    const path = join(base, `server-${process.pid}`);
    let removesBase = base === defaultRuntimeBase();
    if (Buffer.byteLength(path) + fileNameBytes > socketPathBytesLimit) {
      throw new ProcessError(
        `runtime folder '${path}' is too long for a UNIX socket: set WSGISocketPrefix to a shorter path`,
      );
    }
    try {
      const madeBase = makeFolder(base, path, mode);
      removesBase ||= madeBase;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ProcessError(
        `can't make the runtime folder '${path}': ${reason}; set WSGISocketPrefix to a path that can be written`,
        {},
        { cause },
      );
    }
    return new RuntimeFolder(path, removesBase);
  }

  /** Path of a file in it. */
  file(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    if (!this.#removesBase) return;
    try {
      rmdirSync(dirname(this.path));
    } catch {
      // Another server's folder is in it, or the base is not ours to remove: it stays.
    }
  }
}

/** The runtime folders of servers that run now. */
export function findRuntimeFolders(base: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(base);
  } catch {
    return []; // no server has run here
  }
  return names.filter((name) => isAlive(Number(serverPid(name)))).map((name) => join(base, name));
}

/** @returns whether the base was made, too */
function makeFolder(base: string, path: string, mode: number): boolean {
  for (let attempt = 1; ; attempt++) {
    try {
      const isNew = mkdirSync(base, { recursive: true, mode }) !== undefined;
      ensureOurs(base);
      // A folder that was there keeps its mode: the configuration may name a shared one.
      if (isNew) chmodSync(base, mode);
      removeLeftovers(base);
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { mode });
      // Whatever the umask was.
      chmodSync(path, mode);
      return isNew;
    } catch (error) {
      // Another server that stops may have removed the empty base in between.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === attemptsLimit) throw error;
    }
  }
}

/** In a folder that everybody can write to (/tmp), another user may have made ours first. */
function ensureOurs(base: string): void {
  const found = lstatSync(base);
  if (!found.isDirectory()) throw new Error(`'${base}' is not a folder`);
  if (found.uid !== process.getuid?.()) throw new Error(`'${base}' belongs to uid ${found.uid}`);
}

function removeLeftovers(base: string): void {
  for (const name of readdirSync(base)) {
    const pid = serverPid(name);
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(base, name), { recursive: true, force: true });
  }
}

function serverPid(folderName: string): string | undefined {
  return /^server-(\d+)$/.exec(folderName)?.[1];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
