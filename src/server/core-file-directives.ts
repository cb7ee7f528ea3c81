/** How files of a folder may be served. Directives of httpd's core. */

import { type DirectiveDefinition, DirectiveError, type DirectiveLine, flagDirective } from '../conf/directive.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import {
  applyOptionsLine,
  type DirectoryOptions,
  mergeOptions,
  OPTION_WORDS,
  optionsOf,
} from '../http/directory-options.js';
import {
  absoluteSet,
  elementsOf,
  mergeRelativeSets,
  type RelativeSet,
  unchanged,
  withAdded,
  withRemoved,
} from '../http/relative-set.js';
import { allContexts, suggestion } from './directive-arguments.js';

/** What an ETag is made of. */
export type ETagComponent = 'Digest' | 'INode' | 'MTime' | 'Size';

export const fileSettings = Object.freeze({
  options: { id: 'core.options', merge: mergeOptions } as Setting<DirectoryOptions>,
  fileETag: { id: 'core.file-etag', merge: mergeRelativeSets } as Setting<RelativeSet<ETagComponent>>,
  enableSendfile: { id: 'core.enable-sendfile' } as Setting<boolean>,
  enableMmap: { id: 'core.enable-mmap' } as Setting<boolean>,
});

const defaultETag: ReadonlySet<ETagComponent> = new Set(['MTime', 'Size']);

/** The components in force; empty for no ETag. */
export function effectiveFileETag(set: RelativeSet<ETagComponent> | undefined): ReadonlySet<ETagComponent> {
  return elementsOf(set, defaultETag);
}

function applyOptions(line: DirectiveLine, scope: SettingsBuilder): void {
  const words = line.args.map((word) => word.text);
  const { permittedOptions } = line;
  if (permittedOptions !== undefined) {
    const refused = line.args.find(({ text }) => !optionsOf(text).every((option) => permittedOptions.has(option)));
    if (refused !== undefined) {
      throw new DirectiveError(
        `option '${refused.text}' is not allowed here: AllowOverride Options= lacks it`,
        refused,
      );
    }
  }
  const outcome = applyOptionsLine(scope.find(fileSettings.options), words);
  if ('message' in outcome) {
    const word = line.args[outcome.index];
    const hint = suggestion(word?.text.replace(/^[+-]/, '') ?? '', OPTION_WORDS);
    throw new DirectiveError(outcome.message + (outcome.message.includes('is not an option') ? hint : ''), word);
  }
  for (const word of line.args) {
    if (/^\+?(?:includes|includesnoexec|multiviews)$/i.test(word.text)) {
      const reason = /multiviews/i.test(word.text)
        ? 'there is no content negotiation, a file answers to its whole name only'
        : 'there are no server-side includes, files are sent as they are';
      line.report('warning', `Options ${word.text.replace('+', '')} has no effect: ${reason}`, word.position);
    }
  }
  scope.update(fileSettings.options, () => outcome, line.position);
}

const etagWords: ReadonlyMap<string, readonly ETagComponent[]> = new Map<string, readonly ETagComponent[]>([
  ['all', ['INode', 'MTime', 'Size']],
  ['digest', ['Digest']],
  ['inode', ['INode']],
  ['lastmodified', ['MTime']],
  ['lmtime', ['MTime']],
  ['mtime', ['MTime']],
  ['none', []],
  ['size', ['Size']],
]);

function applyFileETag(line: DirectiveLine, scope: SettingsBuilder): void {
  let set: RelativeSet<ETagComponent> = scope.find(fileSettings.fileETag) ?? unchanged;
  let hasAbsolute = false;
  for (const word of line.args) {
    const sign = /^[+-]/.exec(word.text)?.[0];
    const name = word.text.slice(sign === undefined ? 0 : 1).toLowerCase();
    const components = etagWords.get(name);
    if (components === undefined) {
      throw new DirectiveError(
        `unknown keyword '${word.text}' for FileETag${suggestion(name, etagWords.keys())}`,
        word,
      );
    }
    if (sign !== undefined && (name === 'all' || name === 'none')) {
      throw new DirectiveError(`FileETag keyword '${name}' cannot be used with ${sign}`, word);
    }
    // The first word without a sign forgets what was there; the others join it.
    if (sign === undefined && !hasAbsolute) set = absoluteSet([]);
    if (sign === undefined) hasAbsolute = true;
    set = sign === '-' ? withRemoved(set, components) : withAdded(set, components);
  }
  const outcome = set;
  scope.update(fileSettings.fileETag, () => outcome, line.position);
}

export const coreFileDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'Options',
    module: 'core',
    contexts: allContexts,
    override: 'Options',
    syntax: '[+|-]option [[+|-]option] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    default: 'FollowSymLinks',
    summary:
      'What may be done in a folder: run WSGI scripts that no alias names (ExecCGI), follow symbolic links (FollowSymLinks, SymLinksIfOwnerMatch), list files (Indexes). Words without a sign replace what outer scopes say; words with + or - change it.',
    difference: 'Includes, IncludesNOEXEC and MultiViews are reported, and have no effect.',
    apply: applyOptions,
  },
  {
    name: 'FileETag',
    module: 'core',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'component ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    default: 'MTime Size',
    summary:
      'What the ETag of a file is made of: Size, MTime, INode or Digest, All for the first three, None for no ETag. With + or - a component is added to or taken from what outer scopes say.',
    apply: applyFileETag,
  },
  flagDirective(fileSettings.enableSendfile, {
    name: 'EnableSendfile',
    module: 'core',
    contexts: allContexts,
    override: 'FileInfo',
    default: 'Off',
    summary: 'Whether the kernel may copy files to connections by itself.',
    difference: 'Accepted without effect: Node.js has no such call.',
  }),
  flagDirective(fileSettings.enableMmap, {
    name: 'EnableMMAP',
    module: 'core',
    contexts: allContexts,
    override: 'FileInfo',
    default: 'On',
    summary: 'Whether files may be read by mapping them into memory.',
    difference: 'Accepted without effect: files are read.',
  }),
];
