/**
 * Output filters as far as there are any, which is DEFLATE: mod_filter's AddOutputFilterByType, the core's
 * SetOutputFilter, and how mod_deflate compresses.
 */

import { constants } from 'node:zlib';
import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  firstWord,
  parseInteger,
  valueDirective,
} from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import { allContexts, getWord, parseChoice, serverContexts } from './directive-arguments.js';

const etagChoices = ['AddSuffix', 'NoChange', 'Remove'] as const;

/** What a note tells of a compressed response. */
const noteSubjects = ['Input', 'Output', 'Ratio'] as const;
type NoteSubject = (typeof noteSubjects)[number];

export const filterSettings = Object.freeze({
  /** Without a merge function, as an inner scope's types take the place of the outer one's in Apache. */
  byType: { id: 'mod_filter.deflate-types' } as Setting<ReadonlySet<string>>,
  always: { id: 'core.output-filter' } as Setting<boolean>,
  level: { id: 'mod_deflate.compression-level' } as Setting<number>,
  windowBits: { id: 'mod_deflate.window-size' } as Setting<number>,
  memoryLevel: { id: 'mod_deflate.mem-level' } as Setting<number>,
  etag: { id: 'mod_deflate.alter-etag' } as Setting<(typeof etagChoices)[number]>,
  notes: {
    id: 'mod_deflate.notes',
    merge: (outer, inner) => new Map([...outer, ...inner]),
  } as Setting<ReadonlyMap<NoteSubject, string>>,
});

export interface DeflateRules {
  /** SetOutputFilter: whatever the type and the status. */
  readonly always: boolean;
  /** In lower case. */
  readonly types: ReadonlySet<string>;
  readonly etag: (typeof etagChoices)[number];
  /** For zlib. */
  readonly level: number;
  readonly windowBits: number;
  readonly memoryLevel: number;
  /** Names of notes. */
  readonly notes: ReadonlyMap<NoteSubject, string>;
}

const noTypes: ReadonlySet<string> = new Set();
/** zlib's raw deflate has no window smaller than this (it takes 9 bits for 8). */
const smallestWindowBits = 9;

/** Undefined where nothing is compressed. */
export function findDeflateRules(settings: Settings): DeflateRules | undefined {
  const always = settings.get(filterSettings.always, false);
  const types = settings.get(filterSettings.byType, noTypes);
  if (!always && types.size === 0) return undefined;
  return {
    always,
    types,
    etag: settings.get(filterSettings.etag, 'AddSuffix'),
    level: settings.get(filterSettings.level, constants.Z_DEFAULT_COMPRESSION),
    windowBits: Math.max(settings.get(filterSettings.windowBits, constants.Z_MAX_WINDOWBITS), smallestWindowBits),
    memoryLevel: settings.get(filterSettings.memoryLevel, 9),
    notes: settings.get(filterSettings.notes, new Map()),
  };
}

function checkFilters(word: Word): void {
  for (const name of word.text.split(';')) {
    if (name.toUpperCase() !== 'DEFLATE') {
      throw new DirectiveError(`output filter '${name}' is not supported: there is DEFLATE and no other`, word);
    }
  }
}

function numberDirective(
  setting: Setting<number>,
  name: string,
  max: number,
  fallback: string,
  summary: string,
): DirectiveDefinition {
  return valueDirective(
    setting,
    { name, module: 'mod_deflate', contexts: serverContexts, syntax: `1-${max}`, default: fallback, summary },
    (word) => parseInteger(word, name, 1, max),
  );
}

function applyByType(line: DirectiveLine, scope: Parameters<DirectiveDefinition['apply']>[1]): void {
  checkFilters(firstWord(line));
  const types = line.args.slice(1).map((word) => {
    if (/^!?\$/.test(word.text)) throw new DirectiveError(`'${word.text}' is no media type`, word);
    return word.text.toLowerCase();
  });
  scope.update(filterSettings.byType, (previous) => new Set([...(previous ?? []), ...types]), line.position);
}

export const filterDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'AddOutputFilterByType',
    module: 'mod_filter',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'DEFLATE media-type [media-type] ...',
    args: { min: 2, max: Number.POSITIVE_INFINITY },
    summary:
      "Compresses responses of status 200 and one of these media types for clients that take gzip. Lines of one scope add up; an inner scope's take the place of the outer one's.",
    difference: 'DEFLATE is the only filter.',
    apply: applyByType,
  },
  {
    name: 'SetOutputFilter',
    module: 'core',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'DEFLATE',
    args: { min: 1, max: 1 },
    summary: 'Compresses all responses of the scope, whatever their type, for clients that take gzip.',
    difference: 'DEFLATE is the only filter.',
    apply(line, scope) {
      checkFilters(firstWord(line));
      scope.set(filterSettings.always, true, line.position);
    },
  },
  numberDirective(
    filterSettings.level,
    'DeflateCompressionLevel',
    9,
    "zlib's own",
    'How hard DEFLATE tries: 1 is fast, 9 small.',
  ),
  numberDirective(
    filterSettings.windowBits,
    'DeflateWindowSize',
    15,
    '15',
    'The window of DEFLATE, as a power of two.',
  ),
  numberDirective(filterSettings.memoryLevel, 'DeflateMemLevel', 9, '9', 'How much memory DEFLATE takes.'),
  {
    name: 'DeflateBufferSize',
    module: 'mod_deflate',
    contexts: serverContexts,
    syntax: 'bytes',
    args: { min: 1, max: 1 },
    summary: 'The pieces in which Apache passes compressed bytes on.',
    difference: 'It has no effect: each block of a response is passed on when it is compressed.',
    apply(line) {
      parseInteger(firstWord(line), 'DeflateBufferSize', 1);
    },
  },
  valueDirective(
    filterSettings.etag,
    {
      name: 'DeflateAlterETag',
      module: 'mod_deflate',
      contexts: serverContexts,
      syntax: etagChoices.join('|'),
      default: 'AddSuffix',
      summary:
        'What becomes of the ETag of a compressed response: -gzip is added to it, it is left as it is, or it is left out.',
      difference: 'If-None-Match with the -gzip tag of a file is answered with 304; Apache sends the file again.',
    },
    (word) => parseChoice(word, 'DeflateAlterETag', etagChoices),
  ),
  {
    name: 'DeflateFilterNote',
    module: 'mod_deflate',
    contexts: serverContexts,
    syntax: '[Input|Output|Ratio] note',
    args: { min: 1, max: 2 },
    summary:
      'Leaves a note for the access log (%{note}n): how many bytes went into the compression, came out of it, or what per cent the one is of the other, which is also meant where no word is given.',
    apply(line, scope) {
      const subject =
        line.args.length === 1 ? 'Ratio' : parseChoice(getWord(line, 0), 'DeflateFilterNote', noteSubjects);
      const note = getWord(line, line.args.length - 1).text;
      scope.update(filterSettings.notes, (previous) => new Map([...(previous ?? []), [subject, note]]), line.position);
    },
  },
];
