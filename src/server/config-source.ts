/**
 * Reads a configuration from the file system and keeps what it read, so that an http child resolves exactly the
 * configuration that the parent checked, whatever happened to the files since, and without the right to read them.
 */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../conf/config.js';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import type { Problem } from '../conf/source.js';
import type { ConfigTree } from '../conf/tree.js';
import { vocabulary } from './directive-tables.js';

/** All that a configuration is made of. Plain data: it goes to the http children. */
export interface ConfigSnapshot {
  readonly file: string;
  readonly serverRoot: string;
  readonly defines: readonly (readonly [string, string])[];
  /** Environment variables that ${NAME} looked up, with what it found. */
  readonly environment: Record<string, string>;
  readonly files: Record<string, string>;
  /** Names in the folders that Include looked into. */
  readonly folders: Record<string, readonly string[]>;
  /** Paths that <IfFile> asked for and that were there. */
  readonly existing: readonly string[];
}

export interface LoadedConfig {
  readonly config: Config;
  readonly tree: ConfigTree;
  readonly problems: readonly Problem[];
  readonly snapshot: ConfigSnapshot;
}

export interface ConfigRequest {
  readonly file: string;
  /** In force until a ServerRoot line. */
  readonly serverRoot: string;
  readonly defines?: readonly (readonly [string, string])[];
  /** Used in the file's place: a configuration that stands in no file. */
  readonly text?: string;
}

/** Reads, parses and resolves. Never throws for what the files say: see `problems`. */
export function loadConfig(request: ConfigRequest): LoadedConfig {
  const environment: Record<string, string> = {};
  const files: Record<string, string> = {};
  const folders: Record<string, readonly string[]> = {};
  const existing: string[] = [];
  const top = resolve(request.file);
  const { tree, config, problems } = read(request.file, request.serverRoot, request.defines ?? [], {
    readFile(path) {
      const isTop = resolve(path) === top;
      if (!isTop) assertReadable(path);
      const text = request.text !== undefined && isTop ? request.text : decodeFile(readFileSync(path));
      files[path] = text;
      return text;
    },
    listDirectory(path) {
      const names = readdirSync(path);
      folders[path] = names;
      return names;
    },
    isDirectory(path) {
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
      if (isFolder) folders[path] ??= [];
      return isFolder;
    },
    fileExists(path) {
      if (!existsSync(path)) return false;
      existing.push(path);
      return true;
    },
    environment(name) {
      // Not what every object has: toString, constructor.
      const value = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
      if (value !== undefined) environment[name] = value;
      return value;
    },
  });
  const { file, serverRoot } = request;
  const snapshot = { file, serverRoot, defines: request.defines ?? [], environment, files, folders, existing };
  return { config, tree, problems, snapshot };
}

/** Resolves a snapshot anew: the same values, in another process. */
export function replayConfig(snapshot: ConfigSnapshot): Config {
  return read(snapshot.file, snapshot.serverRoot, snapshot.defines, {
    readFile(path) {
      const text = snapshot.files[path];
      if (text === undefined) throw Object.assign(new Error(`not in the snapshot: ${path}`), { code: 'ENOENT' });
      return text;
    },
    listDirectory: (path) => snapshot.folders[path] ?? [],
    isDirectory: (path) => snapshot.folders[path] !== undefined,
    fileExists: (path) => snapshot.existing.includes(path),
    environment: (name) => (Object.hasOwn(snapshot.environment, name) ? snapshot.environment[name] : undefined),
  }).config;
}

/**
 * A pipe that nobody writes to, or a device, would keep the reading for ever: included are files, as in Apache. The
 * first one may be a pipe, as shells make for `-f <(...)`.
 */
function assertReadable(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  const isPipeOrDevice = found !== undefined && !found.isFile() && !found.isDirectory();
  if (isPipeOrDevice && path !== '/dev/null') throw new Error('it is not a file');
}

/** Configuration is UTF-8; a file that is not is taken byte by byte. */
function decodeFile(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

interface Surroundings {
  readonly readFile: (path: string) => string;
  readonly listDirectory: (path: string) => readonly string[];
  readonly isDirectory: (path: string) => boolean;
  readonly fileExists: (path: string) => boolean;
  readonly environment: (name: string) => string | undefined;
}

function read(
  file: string,
  serverRoot: string,
  defines: readonly (readonly [string, string])[],
  surroundings: Surroundings,
): { tree: ConfigTree; config: Config; problems: readonly Problem[] } {
  const parsed = parseConfig({ file, serverRoot, vocabulary, defines: new Map(defines), ...surroundings });
  const resolved = resolveConfig(parsed.tree, vocabulary, { serverRoot });
  return { tree: parsed.tree, config: resolved.config, problems: [...parsed.problems, ...resolved.problems] };
}
