/** mod_autoindex's directives: what lists of folders leave out. Lists are plain ones. */

import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import { allContexts } from './directive-arguments.js';

export interface ListOptions {
  readonly ignoreCase: boolean;
  readonly charset: string | undefined;
  readonly contentType: string | undefined;
}

export const autoindexSettings = Object.freeze({
  options: { id: 'mod_autoindex.options', merge: (outer, inner) => ({ ...outer, ...inner }) } as Setting<
    Partial<ListOptions>
  >,
  /** Patterns of names; those of inner scopes add up with the outer ones, unless IndexIgnoreReset stands there. */
  ignored: {
    id: 'mod_autoindex.ignored',
    merge: (outer, inner) =>
      inner.resets ? inner : { resets: outer.resets, patterns: [...inner.patterns, ...outer.patterns] },
  } as Setting<IgnoredNames>,
});

export interface IgnoredNames {
  readonly resets: boolean;
  readonly patterns: readonly RegExp[];
}

/** * and ? alone mean something (ap_strcmp_match). */
function compilePattern(text: string): RegExp {
  const source = text
    .replace(/[^*?\w]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

/** Of mod_autoindex's words those that change a plain list. */
function applyOptions(line: DirectiveLine, scope: SettingsBuilder): void {
  const ineffective: string[] = [];
  let options: Partial<ListOptions> = scope.find(autoindexSettings.options) ?? {};
  for (const word of line.args) {
    const [, sign = '', name = '', value] = /^([+-]?)([^=]*)(?:=(.*))?$/s.exec(word.text) ?? [];
    const isOn = sign !== '-';
    switch (name.toLowerCase()) {
      case 'ignorecase':
        options = { ...options, ignoreCase: isOn };
        break;
      case 'charset':
        options = { ...options, charset: isOn ? value : undefined };
        break;
      case 'type':
        options = { ...options, contentType: isOn ? value : undefined };
        break;
      case 'none':
        if (sign !== '') throw new DirectiveError("IndexOptions can't combine None with + or -", word);
        options = {};
        break;
      default:
        if (!knownWords.has(name.toLowerCase()))
          throw new DirectiveError(`invalid directory indexing option '${word.text}'`, word);
        if (isOn) ineffective.push(word.text);
    }
  }
  const outcome = options;
  scope.update(autoindexSettings.options, () => outcome, line.position);
  if (ineffective.length > 0) {
    line.report('warning', `IndexOptions ${ineffective.join(' ')} has no effect: lists of folders are plain here`);
  }
}

const knownWords: ReadonlySet<string> = new Set(
  `addaltclass descriptionwidth fancyindexing foldersfirst htmltable iconsarelinks iconheight iconwidth namewidth scanhtmltitles
  showforbidden suppresscolumnsorting suppressdescription suppresshtmlpreamble suppressicon suppresslastmodified
  suppressrules suppresssize trackmodified useolddateformat versionsort xhtml`.split(/\s+/),
);

/** Directives that dress a list up. */
function decoration(name: string, syntax: string, what: string): DirectiveDefinition {
  return {
    name,
    module: 'mod_autoindex',
    contexts: allContexts,
    override: 'Indexes',
    syntax,
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary: what,
    difference: 'Accepted without effect: lists of folders are plain.',
    apply(line) {
      line.report('note', `${name} has no effect: lists of folders are plain here`);
    },
  };
}

export const autoindexDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'IndexOptions',
    module: 'mod_autoindex',
    contexts: allContexts,
    override: 'Indexes',
    syntax: '[+|-]option ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary:
      'How lists of folders (Options Indexes) look: IgnoreCase for their order, Charset and Type for their media type.',
    difference:
      'Lists are plain: FancyIndexing and what belongs to it is reported and has no effect. Charset is UTF-8 where none is named.',
    apply: applyOptions,
  },
  {
    name: 'IndexIgnore',
    module: 'mod_autoindex',
    contexts: allContexts,
    override: 'Indexes',
    syntax: 'name ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary: 'Names that lists of folders leave out; * stands for any run of characters and ? for one. Lines add up.',
    difference: 'Names that begin with a dot are never listed, as they are never served.',
    apply(line, scope) {
      const added = line.args.map(({ text }) => compilePattern(text));
      scope.update(
        autoindexSettings.ignored,
        (previous) => ({ resets: previous?.resets ?? false, patterns: [...(previous?.patterns ?? []), ...added] }),
        line.position,
      );
    },
  },
  {
    name: 'IndexIgnoreReset',
    module: 'mod_autoindex',
    contexts: ['directory', '.htaccess'],
    override: 'Indexes',
    syntax: 'On|Off',
    args: { min: 1, max: 1 },
    summary: 'On forgets what IndexIgnore says further out.',
    apply(line, scope) {
      const resets = line.args[0]?.text.toLowerCase() === 'on';
      scope.update(
        autoindexSettings.ignored,
        (previous) => ({ resets, patterns: previous?.patterns ?? [] }),
        line.position,
      );
    },
  },
  decoration('FancyIndexing', 'On|Off', 'A former name of IndexOptions FancyIndexing.'),
  decoration('IndexOrderDefault', 'Ascending|Descending Name|Date|Size|Description', 'The order of lists of folders.'),
  decoration('IndexStyleSheet', 'url-path', 'A style sheet for lists of folders.'),
  decoration('IndexHeadInsert', 'markup', 'HTML for the head of lists of folders.'),
  decoration('HeaderName', 'filename', 'A file whose text stands above lists of folders.'),
  decoration('ReadmeName', 'filename', 'A file whose text stands below lists of folders.'),
  decoration('AddDescription', 'text file ...', 'What lists of folders say of a file.'),
  decoration('DefaultIcon', 'url-path', 'The icon of files that have no other.'),
  decoration('AddIcon', 'icon name ...', 'The icon of files by their name.'),
  decoration('AddIconByType', 'icon media-type ...', 'The icon of files by their type.'),
  decoration('AddIconByEncoding', 'icon media-encoding ...', 'The icon of files by their encoding.'),
  decoration('AddAlt', 'text file ...', 'The text in place of an icon.'),
  decoration('AddAltByType', 'text media-type ...', 'The text in place of an icon, by type.'),
  decoration('AddAltByEncoding', 'text media-encoding ...', 'The text in place of an icon, by encoding.'),
];
