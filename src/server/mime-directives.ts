/**
 * The directives that say what a file is: mod_mime's AddType and its kin, the core's ForceType and AddDefaultCharset.
 * They become the rules of http/media-type.ts.
 */

import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  firstWord,
  parseFlag,
  valueDirective,
} from '../conf/directive.js';
import type { Setting, Settings, SettingsBuilder } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import {
  commonMimeTypes,
  type ExtensionRule,
  type ExtensionRules,
  type MediaTypeRules,
  type MimeTypes,
  mergeExtensionRules,
} from '../http/media-type.js';
import { allContexts, parseChoice, serverContexts } from './directive-arguments.js';

export const mimeSettings = Object.freeze({
  extensions: { id: 'mod_mime.extensions', merge: mergeExtensionRules } as Setting<ExtensionRules>,
  /** The absolute path of the file of types. */
  typesConfig: { id: 'mod_mime.types-config' } as Setting<string>,
  defaultLanguage: { id: 'mod_mime.default-language' } as Setting<string>,
  /** undefined for None. */
  forceType: { id: 'core.force-type' } as Setting<string | undefined>,
  /** undefined for Off. */
  defaultCharset: { id: 'core.add-default-charset' } as Setting<string | undefined>,
});

const noRules: ExtensionRules = new Map();

/** The rules in force; `types` is what the file of TypesConfig says, where there is one. */
export function mediaTypeRulesOf(settings: Settings, types: MimeTypes = commonMimeTypes): MediaTypeRules {
  return {
    extensions: settings.get(mimeSettings.extensions, noRules),
    types,
    forced: settings.find(mimeSettings.forceType),
    defaultCharset: settings.find(mimeSettings.defaultCharset),
    defaultLanguage: settings.find(mimeSettings.defaultLanguage),
  };
}

function extensionOf(word: Word): string {
  const extension = word.text.replace(/^\./, '').toLowerCase();
  if (extension === '') throw new DirectiveError('an extension must not be empty', word);
  return extension;
}

/** Gives a rule to each extension of the line; a part that RemoveType or its kin took away in this scope stays away. */
function addRules(line: DirectiveLine, scope: SettingsBuilder, words: readonly Word[], rule: ExtensionRule): void {
  const extensions = words.map(extensionOf);
  scope.update(
    mimeSettings.extensions,
    (previous) => {
      const rules = new Map(previous);
      for (const extension of extensions) {
        const before = rules.get(extension);
        rules.set(extension, { ...before, ...rule, ...removedOf(before) });
      }
      return rules;
    },
    line.position,
  );
}

function removedOf(rule: ExtensionRule | undefined): ExtensionRule {
  return Object.fromEntries(Object.entries(rule ?? {}).filter(([, value]) => value === null));
}

/** RemoveCharset and its kin. */
function removeDirective(name: string, part: keyof ExtensionRule, summary: string): DirectiveDefinition {
  return {
    name,
    module: 'mod_mime',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'extension [extension] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary,
    apply(line, scope) {
      // Apache carries removals out where an inner scope is laid over an outer one, and here is no outer one.
      if (line.context === 'server config') {
        line.report('warning', `${name} has no effect outside of virtual hosts and sections, as in Apache`);
        return;
      }
      addRules(line, scope, line.args, { [part]: null });
    },
  };
}

function addDirective(
  name: string,
  subject: string,
  summary: string,
  ruleOf: (word: Word, line: DirectiveLine) => ExtensionRule,
): DirectiveDefinition {
  return {
    name,
    module: 'mod_mime',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: `${subject} extension [extension] ...`,
    args: { min: 2, max: Number.POSITIVE_INFINITY },
    summary,
    apply(line, scope) {
      addRules(line, scope, line.args.slice(1), ruleOf(firstWord(line), line));
    },
  };
}

/** A value that goes into a header line as it is. */
function headerText(word: Word): string {
  if (!/^[\x20-\x7e]+$/.test(word.text)) {
    throw new DirectiveError(`'${word.text}' can't be sent in a header: use printable ASCII`, word);
  }
  return word.text;
}

/** Output filters by extension: none of them is there, and what a file is for without its filter differs. */
function filterDirective(name: string, verb: 'add' | 'remove'): DirectiveDefinition {
  const subject = verb === 'add' ? 'filter[;filter...] ' : '';
  return {
    name,
    module: 'mod_mime',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: `${subject}extension [extension] ...`,
    args: { min: verb === 'add' ? 2 : 1, max: Number.POSITIVE_INFINITY },
    summary: verb === 'add' ? 'Filters for files with the extensions.' : 'Takes filters from the extensions.',
    difference:
      verb === 'add'
        ? 'INCLUDES is reported and has no effect: there are no server-side includes. Every other filter is an error.'
        : 'Accepted without effect: there are no filters by extension.',
    apply(line) {
      if (verb === 'remove') return;
      const word = firstWord(line);
      const other = word.text.split(';').find((filter) => filter.toLowerCase() !== 'includes');
      if (other === undefined && name === 'AddOutputFilter') {
        const names = line.args.slice(1).map(({ text }) => text);
        const message = `there are no server-side includes: files with ${names.join(', ')} are sent as they are`;
        line.report('warning', message, word.position);
        return;
      }
      const advice = name === 'AddOutputFilter' ? '; to compress use AddOutputFilterByType DEFLATE media-type' : '';
      throw new DirectiveError(`${name}: there are no filters by extension, remove the line${advice}`, word);
    },
  };
}

const multiviewsWords = ['Any', 'NegotiatedOnly', 'Filters', 'Handlers'] as const;

function mediaType(word: Word, line: DirectiveLine): string {
  const text = headerText(word)
    .replace(/\s*;\s*/g, '; ')
    .toLowerCase();
  if (!/^[^/\s;]+\/[^/\s;]+\s*(?:;.*)?$/.test(text)) {
    line.report('warning', `'${text}' is not a media type such as text/html, it is sent as it is`, word.position);
  }
  return text;
}

export const mimeDirectives: readonly DirectiveDefinition[] = [
  addDirective(
    'AddType',
    'media-type',
    'Gives files with the extensions, with or without a dot, a media type. Of several extensions of a file the last one with a type counts.',
    (word, line) => ({ type: mediaType(word, line) }),
  ),
  addDirective('AddCharset', 'charset', 'Adds a charset to the type of files with the extensions.', (word) => ({
    charset: headerText(word).toLowerCase(),
  })),
  addDirective(
    'AddEncoding',
    'encoding',
    'Marks files with the extensions as encoded: AddEncoding gzip .gz. The file is sent as it is.',
    (word) => ({ encoding: headerText(word).toLowerCase() }),
  ),
  {
    name: 'RemoveType',
    module: 'mod_mime',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'extension [extension] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary: 'Takes their types from the extensions, also those that AddType gives them in the same section.',
    difference: 'A file without any type is sent as application/octet-stream.',
    apply(line, scope) {
      addRules(line, scope, line.args, { type: null });
    },
  },
  addDirective(
    'AddLanguage',
    'language',
    'Sends Content-Language with files with the extensions: AddLanguage fr .fr. Of several extensions of a file all languages are named.',
    (word) => ({ language: headerText(word).toLowerCase() }),
  ),
  valueDirective(
    mimeSettings.defaultLanguage,
    {
      name: 'DefaultLanguage',
      module: 'mod_mime',
      contexts: allContexts,
      override: 'FileInfo',
      syntax: 'language',
      summary: 'The Content-Language of files whose names have no extension with a language.',
      difference: 'It concerns files; what language a response of an application has the application says.',
    },
    headerText,
  ),
  removeDirective('RemoveCharset', 'charset', 'Takes from the extensions the charsets that outer scopes give them.'),
  removeDirective('RemoveEncoding', 'encoding', 'Takes from the extensions the encodings that outer scopes give them.'),
  removeDirective('RemoveLanguage', 'language', 'Takes from the extensions the languages that outer scopes give them.'),
  filterDirective('AddOutputFilter', 'add'),
  filterDirective('RemoveOutputFilter', 'remove'),
  filterDirective('AddInputFilter', 'add'),
  filterDirective('RemoveInputFilter', 'remove'),
  {
    name: 'MultiviewsMatch',
    module: 'mod_mime',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'Any|NegotiatedOnly|Filters|Handlers [Handlers|Filters]',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    default: 'NegotiatedOnly',
    summary: 'Which files Options MultiViews looks at.',
    difference: 'Accepted without effect: there is no content negotiation.',
    apply(line) {
      for (const word of line.args) parseChoice(word, 'MultiviewsMatch', multiviewsWords);
    },
  },
  {
    name: 'ModMimeUsePathInfo',
    module: 'mod_mime',
    contexts: ['directory'],
    syntax: 'On|Off',
    args: { min: 1, max: 1 },
    default: 'Off',
    summary: 'Whether extensions of the path behind a file count.',
    difference: 'On is reported and has no effect: only the name of the file counts.',
    apply(line) {
      const word = firstWord(line);
      if (parseFlag(word, line.name)) {
        line.report('warning', 'ModMimeUsePathInfo On has no effect: only the name of the file counts', word.position);
      }
    },
  },
  valueDirective(
    mimeSettings.typesConfig,
    {
      name: 'TypesConfig',
      module: 'mod_mime',
      contexts: serverContexts,
      syntax: 'file-path',
      summary: 'A file that lists media types and their extensions, relative to ServerRoot.',
      difference: 'Without it a built-in list is used.',
    },
    (word, line) => line.serverRootRelative(word.text),
  ),
  valueDirective(
    mimeSettings.forceType,
    {
      name: 'ForceType',
      module: 'core',
      contexts: ['directory', '.htaccess'],
      override: 'FileInfo',
      syntax: 'media-type|None',
      summary:
        'Gives all files of the section this type, whatever their extensions. None takes back what an outer section says.',
    },
    (word, line) => (word.text.toLowerCase() === 'none' ? undefined : mediaType(word, line)),
  ),
  valueDirective(
    mimeSettings.defaultCharset,
    {
      name: 'AddDefaultCharset',
      module: 'core',
      contexts: allContexts,
      override: 'FileInfo',
      syntax: 'On|Off|charset',
      default: 'Off',
      summary: 'The charset of text/plain and text/html answers that name none; On is iso-8859-1.',
    },
    (word) => {
      const lower = word.text.toLowerCase();
      return lower === 'off' ? undefined : lower === 'on' ? 'iso-8859-1' : headerText(word);
    },
  ),
];
