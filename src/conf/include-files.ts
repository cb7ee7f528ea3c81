/** Which files an Include or IncludeOptional line means: wildcards and folders carried out in httpd's order. */

import { globToRegex, isGlob } from '../base/glob.js';
import { absolutePath } from './file-paths.js';
import { MAX_FOLDER_DEPTH } from './limits.js';

/** What Include needs of the file system. */
export interface IncludeFileSystem {
  /** Names in a folder, in any order; throws an errno-like error. */
  readonly listDirectory: (path: string) => readonly string[];
  readonly isDirectory: (path: string) => boolean;
}

export interface IncludeResult {
  /** In the order in which they are read. */
  readonly files: readonly string[];
  /** Why there are none, or not all. */
  readonly fault?: string;
}

/** Names compare by their UTF-16 code units, which for ASCII is httpd's strcmp. */
function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

/**
 * The files that `path` (absolute) means. A wildcard may stand in any component; `*` spares names with a leading dot,
 * a folder does not. Nothing found is a fault unless `optional`.
 */
export function findIncludeFiles(path: string, optional: boolean, fileSystem: IncludeFileSystem): IncludeResult {
  const files: string[] = [];
  const faults: string[] = [];
  if (isGlob(path)) {
    const components = path.split('/').filter((component) => component !== '');
    expandComponents('/', components, { optional, fileSystem, files, faults });
  } else {
    expandPath(path, 0, { optional, fileSystem, files, faults });
  }
  const fault = faults[0];
  return fault === undefined ? { files } : { files, fault };
}

interface Expansion {
  readonly optional: boolean;
  readonly fileSystem: IncludeFileSystem;
  readonly files: string[];
  readonly faults: string[];
}

/** Depth of recursion is the number of components of one path. */
function expandComponents(base: string, components: readonly string[], expansion: Expansion): void {
  const [component, ...rest] = components;
  if (component === undefined) {
    expandPath(base, 0, expansion);
    return;
  }
  if (!isGlob(component)) {
    expandComponents(absolutePath(base, component), rest, expansion);
    return;
  }
  let names: readonly string[];
  try {
    names = expansion.fileSystem.listDirectory(base);
  } catch (error) {
    if (!expansion.optional) expansion.faults.push(`cannot open folder '${base}': ${describeSystemError(error)}`);
    return;
  }
  const regex = globToRegex(component, { pathname: true, leadingDot: true });
  const found = sorted(names.filter((name) => name !== '.' && name !== '..' && regex.test(name)))
    .map((name) => absolutePath(base, name))
    .filter((path) => rest.length === 0 || expansion.fileSystem.isDirectory(path));
  if (found.length === 0 && !expansion.optional) {
    expansion.faults.push(`nothing matches '${component}' in '${base}' (IncludeOptional allows that)`);
  }
  for (const path of found) expandComponents(path, rest, expansion);
}

/** A file stands for itself, a folder for every file below it; depth is limited. */
function expandPath(path: string, depth: number, expansion: Expansion): void {
  if (!expansion.fileSystem.isDirectory(path)) {
    expansion.files.push(path);
    return;
  }
  if (depth >= MAX_FOLDER_DEPTH) {
    expansion.faults.push(`folder '${path}' lies more than ${MAX_FOLDER_DEPTH} folders deep`);
    return;
  }
  let names: readonly string[] = [];
  try {
    names = expansion.fileSystem.listDirectory(path);
  } catch (error) {
    expansion.faults.push(`cannot open folder '${path}': ${describeSystemError(error)}`);
  }
  for (const name of sorted(names)) {
    if (name !== '.' && name !== '..') expandPath(absolutePath(path, name), depth + 1, expansion);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'a component of the path is not a directory',
};

/** The `code` of an errno-like error. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** An errno-like error in words. */
export function describeSystemError(error: unknown): string {
  const code = systemErrorCode(error);
  if (code !== undefined) return REASONS[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}
