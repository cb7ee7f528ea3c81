/** Whether .htaccess files are looked at, what they are called and what may stand in them. Directives of httpd's core. */

import { sectionsWith } from '../conf/conditional-sections.js';
import { isPathSection, type Section, type ServerScope } from '../conf/config.js';
import { type DirectiveDefinition, DirectiveError, type DirectiveLine, type OverrideClass } from '../conf/directive.js';
import { type AllowedClasses, allowsAnything, noClasses, type OverridePolicy } from '../conf/override-policy.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import { OPTION_WORDS, optionsOf } from '../http/directory-options.js';
import { serverContexts, suggestion } from './directive-arguments.js';

export const overrideSettings = Object.freeze({
  accessFileNames: { id: 'core.access-file-names' } as Setting<readonly string[]>,
  allowOverride: { id: 'core.allow-override' } as Setting<AllowedClasses>,
  /** Lower case, sections without brackets; empty for None. */
  allowOverrideList: { id: 'core.allow-override-list' } as Setting<ReadonlySet<string>>,
});

const noDirectives: ReadonlySet<string> = new Set();
const nothing: OverridePolicy = Object.freeze({ allowed: noClasses, directives: noDirectives });
const policies = new WeakMap<object, WeakMap<object, OverridePolicy>>();

/** The policy in force behind these sections. One object for the same lines, so that it can be compared by identity. */
export function overridePolicyOf(before: readonly Section[]): OverridePolicy {
  const allowed = lastOf(before, overrideSettings.allowOverride) ?? noClasses;
  const directives = lastOf(before, overrideSettings.allowOverrideList) ?? noDirectives;
  if (allowed === noClasses && directives === noDirectives) return nothing;
  const byList = policies.get(allowed) ?? new WeakMap<object, OverridePolicy>();
  const policy = byList.get(directives) ?? Object.freeze({ allowed, directives });
  policies.set(allowed, byList.set(directives, policy));
  return policy;
}

function lastOf<T>(sections: readonly Section[], setting: Setting<T>): T | undefined {
  for (let index = sections.length - 1; index >= 0; index--) {
    const value = sections[index]?.settings.find(setting);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether a request to this server can come by a folder whose .htaccess counts. Expressions apply behind all folders. */
export function usesAccessFiles(server: ServerScope): boolean {
  const [allowed, list] = [overrideSettings.allowOverride, overrideSettings.allowOverrideList];
  return sectionsWith(server, [allowed, list]).some(
    (section) =>
      isPathSection(section) &&
      section.kind === 'Directory' &&
      section.pattern.kind !== 'regex' &&
      allowsAnything(overridePolicyOf([section])),
  );
}

const classes: readonly OverrideClass[] = ['AuthConfig', 'FileInfo', 'Indexes', 'Limit', 'Options'];
const overrideWords = [...classes, 'Nonfatal', 'None', 'All'];

function warnUseless(line: DirectiveLine): void {
  const section = line.sections.at(-1) ?? '';
  if (/^(?:Location|Files|If|Else)/i.test(section)) {
    line.report('warning', `${line.name} has no meaning in <${section}>, it belongs in <Directory>`);
  }
}

/** As set_override reads it: None and All forget what stood before them in the line. */
function applyAllowOverride(line: DirectiveLine, scope: SettingsBuilder): void {
  let allowed = noClasses;
  for (const word of line.args) allowed = withWord(allowed, word);
  warnUseless(line);
  scope.set(overrideSettings.allowOverride, Object.freeze(allowed), line.position);
}

function withWord(before: AllowedClasses, word: Word): AllowedClasses {
  const equals = word.text.indexOf('=');
  const name = equals < 0 ? word.text : word.text.slice(0, equals);
  const value = equals < 0 ? undefined : word.text.slice(equals + 1);
  const known = overrideWords.find((one) => one.toLowerCase() === name.toLowerCase());
  if (known === 'None') return noClasses;
  if (known === 'All') return { ...noClasses, options: before.options, classes: new Set<OverrideClass>(['All']) };
  if (known === 'Nonfatal') return withNonfatal(before, value, word);
  const found = classes.find((one) => one === known);
  if (found === undefined || (value !== undefined && found !== 'Options')) {
    throw new DirectiveError(`illegal override class '${word.text}'${suggestion(name, overrideWords)}`, word);
  }
  const options = found === 'Options' ? permittedOptions(value, word) : before.options;
  return { ...before, options, classes: new Set([...before.classes, found]) };
}

function withNonfatal(before: AllowedClasses, value: string | undefined, word: Word): AllowedClasses {
  switch (value?.toLowerCase()) {
    case 'override':
      return { ...before, sparesForbidden: true };
    case 'unknown':
      return { ...before, sparesUnknown: true };
    case 'all':
      return { ...before, sparesForbidden: true, sparesUnknown: true };
  }
  throw new DirectiveError('Nonfatal must be followed by =Override, =Unknown or =All', word);
}

/** `Options=Indexes,ExecCGI`. Without words Apache allows what Options All turns on, which lacks two of them. */
function permittedOptions(value: string | undefined, word: Word): ReadonlySet<string> {
  const words = value === undefined ? ['All'] : value.split(',').filter((one) => one !== '');
  for (const one of words) {
    if (OPTION_WORDS.some((known) => known.toLowerCase() === one.toLowerCase())) continue;
    throw new DirectiveError(`'${one}' is not an option${suggestion(one, OPTION_WORDS)}`, word);
  }
  return new Set(words.flatMap((one) => optionsOf(one)));
}

function applyAllowOverrideList(line: DirectiveLine, scope: SettingsBuilder): void {
  const names = line.args.map((word) => word.text.toLowerCase().replace(/^<|>$/g, ''));
  const none = names.indexOf('none');
  if (none >= 0 && names.length > 1) {
    throw new DirectiveError('AllowOverrideList None stands alone, without directives', line.args[none]);
  }
  warnUseless(line);
  scope.set(overrideSettings.allowOverrideList, none < 0 ? new Set(names) : noDirectives, line.position);
}

export const overrideDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'AccessFileName',
    module: 'core',
    contexts: serverContexts,
    syntax: 'filename [filename] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    default: '.htaccess',
    summary:
      'What access files are called. In each folder on the way to a file the first of them that is there counts, where AllowOverride lets it.',
    difference: 'A change to such a file counts after a second at most, not at once.',
    apply(line, scope) {
      for (const word of line.args) {
        if (word.text === '' || word.text.includes('\0'))
          throw new DirectiveError(`'${word.text}' is no file name`, word);
      }
      const names = Object.freeze(line.args.map((word) => word.text));
      scope.set(overrideSettings.accessFileNames, names, line.position);
    },
  },
  {
    name: 'AllowOverride',
    module: 'core',
    contexts: ['directory'],
    syntax: 'All|None|directive-class [directive-class] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    default: 'None',
    summary:
      'Which classes of directives .htaccess files of a folder may use: AuthConfig, FileInfo, Indexes, Limit, Options, or Options= with the options that may be set, parted by commas. What is not allowed there is answered with 500, unless Nonfatal=Override, Nonfatal=Unknown or Nonfatal=All lets it pass with a warning in the log. Under None no such file is looked for.',
    apply: applyAllowOverride,
  },
  {
    name: 'AllowOverrideList',
    module: 'core',
    contexts: ['directory'],
    syntax: 'None|directive [directive] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    default: 'None',
    summary:
      'Which single directives .htaccess files of a folder may use, besides those of the classes of AllowOverride.',
    apply: applyAllowOverrideList,
  },
];
