/**
 * The directives that say what a file is: mod_mime's AddType and its kin, the core's ForceType and AddDefaultCharset.
 * They become the rules of http/media-type.ts.
 */

import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  firstWord,
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
import { allContexts, serverContexts } from './directive-arguments.js';

export const mimeSettings = Object.freeze({
  extensions: { id: 'mod_mime.extensions', merge: mergeExtensionRules } as Setting<ExtensionRules>,
  /** The absolute path of the file of types. */
  typesConfig: { id: 'mod_mime.types-config' } as Setting<string>,
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
  };
}

function extensionOf(word: Word): string {
  const extension = word.text.replace(/^\./, '').toLowerCase();
  if (extension === '') throw new DirectiveError('an extension must not be empty', word);
  return extension;
}

/** Gives a rule to each extension of the line; a part that RemoveType took away in this scope stays away. */
function addRules(line: DirectiveLine, scope: SettingsBuilder, words: readonly Word[], rule: ExtensionRule): void {
  const extensions = words.map(extensionOf);
  scope.update(
    mimeSettings.extensions,
    (previous) => {
      const rules = new Map(previous);
      for (const extension of extensions) {
        const before = rules.get(extension);
        rules.set(extension, { ...before, ...rule, ...(before?.type === null ? { type: null } : {}) });
      }
      return rules;
    },
    line.position,
  );
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

function mediaType(word: Word, line: DirectiveLine): string {
  const text = headerText(word).replace(/\s*;\s*/g, '; ');
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
