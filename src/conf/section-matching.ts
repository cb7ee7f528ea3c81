/**
 * Which sections apply to a request, in Apache's order, and their settings laid over each other. Pure; the http child
 * calls it once per request after it knows the file.
 */

import type { AppliedSection, Section, SectionPattern, ServerScope } from './config.js';
import { SectionIndex, sectionIndexedFrom } from './section-index.js';
import { componentCount, orderDirectories } from './section-pattern.js';
import type { Settings } from './settings.js';

/** What a request means to the sections. */
export interface MatchTarget {
  /** The decoded URL path. */
  readonly urlPath: string;
  /** The deepest existing folder on the way to the file; undefined where the request has no file. */
  readonly directory?: string | undefined;
  /** The whole path that the URL maps to, without what is path info; a folder ends in a slash if the URL did. */
  readonly filename?: string | undefined;
  readonly accessFile?: FindAccessFile | undefined;
}

/**
 * The resolved .htaccess of a folder (with slash at the end), if it has one and AllowOverride lets it count, which the
 * sections tell that apply up to there.
 */
export type FindAccessFile = (directory: string, before: readonly Section[]) => Section | undefined;

/** Every section that applies, in order of application: folders with .htaccess, expressions, files, locations. */
export function matchSections(server: ServerScope, target: MatchTarget): readonly Section[] {
  const { directory, filename, urlPath, accessFile } = target;
  const isRemembered = accessFile === undefined && directory !== undefined && filename !== undefined;
  const placed = isRemembered
    ? placeSectionsOf(server).find(directory, filename)
    : matchPlace(server, directory, filename, accessFile);
  const locations = matchLocations(server, urlPath);
  return locations.length === 0 ? placed : [...placed, ...locations];
}

/** The sections for a file and its folders. */
function matchPlace(
  server: ServerScope,
  directory: string | undefined,
  filename: string | undefined,
  accessFile?: FindAccessFile,
): readonly Section[] {
  const folders = directory === undefined ? [] : matchDirectories(server, directory, filename ?? directory, accessFile);
  const files = filename === undefined ? [] : matchFiles(server, folders, filename);
  return files.length === 0 ? folders : [...folders, ...files];
}

/** Files whose sections are remembered for a server; then it starts anew. */
const rememberedPlacesLimit = 1000;

/** Where no access file counts, the sections for a file depend on its path alone: so they are looked for once. */
class PlaceSections {
  readonly #server: ServerScope;
  readonly #byFilename = new Map<string, { readonly directory: string; readonly sections: readonly Section[] }>();

  constructor(server: ServerScope) {
    this.#server = server;
  }

  find(directory: string, filename: string): readonly Section[] {
    const known = this.#byFilename.get(filename);
    // The same path may have another deepest folder when folders come or go.
    if (known !== undefined && known.directory === directory) return known.sections;
    const sections = matchPlace(this.#server, directory, filename);
    if (this.#byFilename.size >= rememberedPlacesLimit) this.#byFilename.clear();
    this.#byFilename.set(filename, { directory, sections });
    return sections;
  }
}

const placeSections = new WeakMap<ServerScope, PlaceSections>();

function placeSectionsOf(server: ServerScope): PlaceSections {
  let sections = placeSections.get(server);
  if (sections === undefined) {
    sections = new PlaceSections(server);
    placeSections.set(server, sections);
  }
  return sections;
}

/**
 * The folder walk: for each folder from the root down first the Directory sections (plain and wildcard), then its
 * .htaccess; last the expressions, which see the whole `filename` and not the folders.
 */
export function matchDirectories(
  server: ServerScope,
  directory: string,
  filename: string,
  accessFile?: FindAccessFile,
): readonly Section[] {
  const matched: Section[] = [];
  const { directories } = indexesOf(server);
  const ordered = orderedCandidates(directories, directory.endsWith('/') ? directory : `${directory}/`);
  let next = 0;
  folderPrefixes(directory).forEach((folder, index) => {
    for (let section = ordered[next]; section !== undefined; section = ordered[next]) {
      if (section.pattern.kind === 'regex' || slashes(section) > index + 1) break;
      next += 1;
      if (matchesFolder(section.pattern, folder)) matched.push(section);
    }
    const access = accessFile?.(folder, matched);
    if (access !== undefined) matched.push(access);
  });
  for (const section of orderedCandidates(directories, filename)) {
    if (section.pattern.kind === 'regex' && section.pattern.regex.test(filename)) matched.push(section);
  }
  return matched;
}

/** Files sections by the last component of `filename`: the server's first, then those inside the matched `folders`. */
export function matchFiles(server: ServerScope, folders: readonly Section[], filename: string): readonly Section[] {
  const name = filename.slice(filename.lastIndexOf('/') + 1);
  const inFolders = folders.flatMap((section) => section.nested);
  const candidates = [...indexesOf(server).files.flatMap((index) => index.candidates(name)), ...inFolders];
  return candidates.filter(({ pattern }) =>
    pattern.kind === 'prefix' ? pattern.path === name : pattern.regex.test(name),
  );
}

/** Location sections in file order. Slashes that follow each other count as one (MergeSlashes On, Apache's default). */
export function matchLocations(server: ServerScope, urlPath: string): readonly Section[] {
  const path = urlPath.includes('//') ? urlPath.replace(/\/{2,}/g, '/') : urlPath;
  const { locations } = indexesOf(server);
  if (locations.length === 0) return noSections;
  const matched: Section[] = [];
  for (const index of locations) {
    for (const section of index.candidates(path)) {
      const { pattern } = section;
      if (pattern.kind === 'prefix' ? isBelow(path, pattern.path) : pattern.regex.test(path)) matched.push(section);
    }
  }
  return matched;
}

/** Of each list the main server's first, which all virtual hosts share. */
interface ServerIndexes {
  readonly directories: readonly SectionIndex[];
  readonly files: readonly SectionIndex[];
  readonly locations: readonly SectionIndex[];
}

const serverIndexes = new WeakMap<ServerScope, ServerIndexes>();

/** Made with the first request for the server. */
function indexesOf(server: ServerScope): ServerIndexes {
  let indexes = serverIndexes.get(server);
  if (indexes === undefined) {
    const inherited = server.main === undefined ? noIndexes : indexesOf(server.main);
    const { files, locations } = server.own;
    indexes = {
      directories: directoryIndexes(server, inherited.directories),
      files: withOwn(inherited.files, files),
      locations: withOwn(inherited.locations, locations),
    };
    serverIndexes.set(server, indexes);
  }
  return indexes;
}

const noSections: readonly Section[] = [];

const noIndexes: ServerIndexes = { directories: [], files: [], locations: [] };

function withOwn(inherited: readonly SectionIndex[], own: readonly Section[]): readonly SectionIndex[] {
  return own.length === 0 ? inherited : [...inherited, new SectionIndex(own)];
}

/** One of all where they are few: then nothing is to be put in order for a request. */
function directoryIndexes(server: ServerScope, inherited: readonly SectionIndex[]): readonly SectionIndex[] {
  const { directories } = server.own;
  const isFew = directories.length + (server.main?.directories.length ?? 0) < sectionIndexedFrom;
  return isFew ? [new SectionIndex(server.directories)] : withOwn(inherited, directories);
}

/** Sections for folders that could match `text`, in order of application. */
function orderedCandidates(indexes: readonly SectionIndex[], text: string): readonly Section[] {
  const [first, second] = indexes;
  if (first === undefined) return [];
  if (second === undefined) return first.candidates(text);
  return orderDirectories([...first.candidates(text), ...second.candidates(text)]);
}

/** `/private` holds /private and /private/x, not /privateX; `/private/` does not hold /private. */
function isBelow(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

function matchesFolder(pattern: SectionPattern, folder: string): boolean {
  return pattern.kind === 'prefix' ? pattern.path === folder : pattern.regex.test(folder);
}

/** '/', '/srv/', '/srv/app/': the folders on the way, each with its slash. */
function folderPrefixes(directory: string): readonly string[] {
  const path = directory.endsWith('/') ? directory : `${directory}/`;
  const prefixes: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) prefixes.push(path.slice(0, at + 1));
  return prefixes;
}

const slashCounts = new WeakMap<Section, number>();

function slashes(section: Section): number {
  let count = slashCounts.get(section);
  if (count === undefined) {
    count = componentCount(section);
    slashCounts.set(section, count);
  }
  return count;
}

/** Merged settings that a SettingsMerger keeps; then it starts anew. */
export const MAX_MERGED_SETTINGS = 1000;

interface Merged {
  readonly settings: Settings;
  readonly inner: Map<AppliedSection, Merged>;
}

/** Lays sections over a server's settings and remembers the result by the list, so that a request costs little. */
export class SettingsMerger {
  readonly #server: ServerScope;
  #root: Merged;
  #kept = 0;

  constructor(server: ServerScope) {
    this.#server = server;
    this.#root = { settings: server.settings, inner: new Map() };
  }

  /** How many results are remembered. */
  get size(): number {
    return this.#kept;
  }

  /** The server's settings under those of `sections`, which stand in order of application. */
  merge(sections: readonly AppliedSection[]): Settings {
    if (this.#kept >= MAX_MERGED_SETTINGS) {
      this.#root = { settings: this.#server.settings, inner: new Map() };
      this.#kept = 0;
    }
    let merged = this.#root;
    for (const section of sections) {
      let inner = merged.inner.get(section);
      if (inner === undefined) {
        inner = { settings: merged.settings.overlaid(section.settings), inner: new Map() };
        merged.inner.set(section, inner);
        this.#kept += 1;
      }
      merged = inner;
    }
    return merged.settings;
  }
}
