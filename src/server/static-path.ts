/**
 * Whether a file may be served at all: no way out of its root, no dotfiles, symbolic links as Options says. Called by
 * static-handler.ts before anything is sent; all refusals are RequestErrors. Opens the file, too, so that what is checked, sent
 * and told about is the same file.
 */

import { type BigIntStats, close, closeSync, constants, fstat, lstatSync, open, statSync } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RequestError } from '../base/errors.js';
import { type FileCall, fileStep } from './file-calls.js';
import { KeptFiles, type KeptOrOpened } from './kept-files.js';

// Descriptors in both forms: FileHandle would be another kind of thing.
const openLater = promisify<string, number, number>(open);
const closeLater = promisify(close);
const fstatLater = promisify<number, { bigint: true }, BigIntStats>(fstat);
const bigint = { bigint: true } as const;

/** Options FollowSymLinks, Options SymLinksIfOwnerMatch, neither. */
export type SymlinkPolicy = 'follow' | 'owner-match' | 'refuse';

/** Errors that tell that the file is not there, rather than that it may not be had. */
const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
const refused: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'ELOOP']);

/** The RequestError for a failed system call: 404, 403 or 500. */
export function requestErrorOf(error: unknown, path: string): RequestError {
  const code = errorCode(error);
  const options = { cause: error };
  if (absent.has(code)) return new RequestError(404, `file does not exist: ${path}`, options);
  if (refused.has(code))
    return new RequestError(403, `file permissions deny server access: ${path} (${code})`, options);
  return new RequestError(500, `file can't be read: ${path} (${code === '' ? String(error) : code})`, options);
}

/** Why a file can't be opened that may yet be something else than a file. */
const unopened: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'ENXIO', 'ENODEV']);

/** RFC 8615: meant to be public, certificates are renewed through it. */
const wellKnownFolder = '.well-known';

/**
 * Checks the path by its text alone.
 * @throws RequestError 404 for what is not below `root` and for dotfiles; 403 for .ht*, as Apache's configuration has it
 */
export function checkStaticPath(path: string, root: string): void {
  const folder = root.endsWith('/') ? root : `${root}/`;
  const inside = path === root || path === folder || path.startsWith(folder);
  const below = path.slice(folder.length).split('/');
  if (!path.startsWith('/') || path.includes('\0') || !inside || path.split('/').includes('..')) {
    throw new RequestError(404, `not a path below ${root}: ${path}`);
  }
  for (const name of below) {
    if (!name.startsWith('.') || name === '.' || name === wellKnownFolder) continue;
    if (name.startsWith('.ht')) throw new RequestError(403, `client denied by server configuration: ${path}`);
    throw new RequestError(404, `dotfiles are not served: ${path}`);
  }
}

/** A file that is open for reading, or a folder, which is not. */
export type OpenedFile =
  | KeptOrOpened
  /** A folder. */
  | { readonly fd: undefined; readonly stats: BigIntStats };

/** Longer files are read by libuv's threads while they are sent, and opened anew each time. */
export const shortBytesLimit = 64 * 1024;

const keptFiles = new KeptFiles({ bytesLimit: shortBytesLimit });
/** Without waiting for whoever writes to a pipe that has the file's name; for files it says nothing. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Opens a file after its links were checked under the policy; the root itself may be a link. Who has a `fd` gives it to
 * closeStatic.
 * @throws RequestError
 */
export function* openStatic(path: string, root: string, policy: SymlinkPolicy): FileCall<OpenedFile> {
  try {
    if (policy !== 'follow') yield* checkLinks(path, root, policy);
    return yield* openAny(path);
  } catch (error) {
    throw yield* explainFailure(error, path);
  }
}

function* openAny(path: string): FileCall<OpenedFile> {
  let opened: KeptOrOpened;
  try {
    opened = yield* fileStep(
      () => keptFiles.open(path, openFlags),
      () => openAndLook(path),
    );
  } catch (error) {
    // A folder may be passed through without being readable; sockets can't be opened at all.
    if (!unopened.has(errorCode(error))) throw error;
    const stats = yield* statAt(path);
    if (stats.isDirectory()) return { fd: undefined, stats };
    if (!stats.isFile()) throw typeError(path);
    throw error;
  }
  const { stats } = opened;
  if (stats.isFile()) return opened;
  yield* closeStatic(opened);
  if (!stats.isDirectory()) throw typeError(path);
  return { fd: undefined, stats };
}

async function openAndLook(path: string): Promise<KeptOrOpened> {
  const fd = await openLater(path, openFlags);
  try {
    return { fd, stats: await fstatLater(fd, bigint), isKept: false };
  } catch (error) {
    await closeLater(fd);
    throw error;
  }
}

/** When what openStatic gave is not needed any more. */
export function* closeStatic({ fd, isKept }: Pick<KeptOrOpened, 'fd' | 'isKept'>): FileCall<void> {
  if (!isKept) yield { now: () => closeSync(fd), later: () => closeLater(fd), isCleanup: true };
}

/**
 * The file's status after its links were checked under the policy; the root itself may be a link.
 * @throws RequestError
 */
export function* statStatic(path: string, root: string, policy: SymlinkPolicy): FileCall<BigIntStats> {
  try {
    if (policy !== 'follow') yield* checkLinks(path, root, policy);
    return yield* statAt(path);
  } catch (error) {
    throw yield* explainFailure(error, path);
  }
}

/** Whether the path names a file, links followed. */
export function* isFileAt(path: string): FileCall<boolean> {
  try {
    return (yield* statAt(path)).isFile();
  } catch {
    return false;
  }
}

function* explainFailure(error: unknown, path: string): FileCall<RequestError> {
  if (error instanceof RequestError) return error;
  // A link to nowhere is there, but can't be had.
  if (absent.has(errorCode(error)) && (yield* isLink(path))) return linkError(path);
  return requestErrorOf(error, path);
}

function* checkLinks(path: string, root: string, policy: 'owner-match' | 'refuse'): FileCall<void> {
  let at = root;
  for (const name of path.slice(root.length).split('/')) {
    if (name === '') continue;
    at = join(at, name);
    const link = yield* lstatAt(at);
    if (!link.isSymbolicLink()) continue;
    if (policy === 'refuse' || (yield* statAt(at)).uid !== link.uid) throw linkError(at);
  }
}

function* isLink(path: string): FileCall<boolean> {
  try {
    return (yield* lstatAt(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

function statAt(path: string): FileCall<BigIntStats> {
  return fileStep(
    () => statSync(path, bigint),
    () => stat(path, bigint),
  );
}

function lstatAt(path: string): FileCall<BigIntStats> {
  return fileStep(
    () => lstatSync(path, bigint),
    () => lstat(path, bigint),
  );
}

export function typeError(path: string): RequestError {
  return new RequestError(403, `file type not supported: ${path}`);
}

function linkError(path: string): RequestError {
  return new RequestError(403, `symbolic link not allowed or link target not accessible: ${path}`);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
