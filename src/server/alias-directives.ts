/**
 * mod_alias: paths of the URL space that lie elsewhere on the disk, and paths that have moved. The lists are searched
 * in order and the first match wins; those of a virtual host before those of the main server.
 */

import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import type { Position } from '../conf/source.js';
import { matchAlias } from '../http/alias-match.js';
import { getWord, parsePath, parsePattern, serverContexts } from './directive-arguments.js';
import { redirectDirectives } from './redirect-directives.js';

/** One Alias or AliasMatch line. `target` of a regex may hold $0 to $9. */
export type AliasEntry =
  | {
      readonly kind: 'prefix';
      readonly urlPath: string;
      readonly target: string;
      readonly position: Position;
      /** ScriptAlias: nothing below is served, neither run nor shown. */
      readonly isClosed?: true;
    }
  | {
      readonly kind: 'regex';
      /** As written. */
      readonly pattern: string;
      readonly regex: RegExp;
      readonly target: string;
      readonly position: Position;
      readonly isClosed?: true;
    };

export const aliasSettings = Object.freeze({
  aliases: {
    id: 'mod_alias.aliases',
    merge: (outer, inner) => [...inner, ...outer],
  } as Setting<readonly AliasEntry[]>,
});

/** The earlier alias that takes every path that this one could match, if there is one. */
function findOverlap(earlier: readonly AliasEntry[], urlPath: string): AliasEntry | undefined {
  return earlier.find((alias) =>
    alias.kind === 'regex' ? alias.regex.test(urlPath) : matchAlias(alias.urlPath, urlPath) !== undefined,
  );
}

function addAlias(line: DirectiveLine, scope: SettingsBuilder, entry: AliasEntry): void {
  scope.update(aliasSettings.aliases, (previous) => [...(previous ?? []), entry], line.position);
}

function applyAlias(line: DirectiveLine, scope: SettingsBuilder): void {
  const fake = getWord(line, 0);
  if (!fake.text.startsWith('/')) {
    throw new DirectiveError(`the URL-path of Alias must start with '/', '${fake.text}' can match nothing`, fake);
  }
  const target = parsePath(getWord(line, 1), line, 'the path of Alias');
  const overlap = findOverlap(scope.find(aliasSettings.aliases) ?? [], fake.text);
  if (overlap !== undefined) {
    const other = overlap.kind === 'regex' ? `AliasMatch ${overlap.pattern}` : `Alias ${overlap.urlPath}`;
    line.report(
      'warning',
      `Alias ${fake.text} will probably never match: '${other}' before it takes its paths`,
      fake.position,
    );
  }
  addAlias(line, scope, { kind: 'prefix', urlPath: fake.text, target, position: line.position });
}

function applyAliasMatch(line: DirectiveLine, scope: SettingsBuilder): void {
  const word = getWord(line, 0);
  const regex = parsePattern(word);
  const targetWord = getWord(line, 1);
  // $1 at the start may bring the whole path with it; then there is nothing to make absolute yet.
  const target = targetWord.text.startsWith('$')
    ? targetWord.text
    : parsePath(targetWord, line, 'the path of AliasMatch');
  addAlias(line, scope, { kind: 'regex', pattern: word.text, regex, target, position: line.position });
}

/** The paths stay closed: as files of the folder around them the programs would be shown. */
function closeCgi(line: DirectiveLine, scope: SettingsBuilder): void {
  const word = getWord(line, 0);
  if (line.context === 'directory') {
    throw new DirectiveError('ScriptAlias in <Location> is not supported; CGI programs are not run: remove the line');
  }
  const target = parsePath(getWord(line, 1), line, `the path of ${line.name}`);
  const { position } = line;
  const entry: AliasEntry =
    line.name === 'ScriptAlias'
      ? { kind: 'prefix', urlPath: word.text, target, position, isClosed: true }
      : { kind: 'regex', pattern: word.text, regex: parsePattern(word), target, position, isClosed: true };
  addAlias(line, scope, entry);
  line.report(
    'warning',
    `${line.name}: CGI programs are not run, requests for ${word.text} are answered with 404; use Alias for files and ` +
      'WSGIScriptAlias for WSGI scripts',
  );
}

const aliases: readonly DirectiveDefinition[] = [
  {
    name: 'Alias',
    module: 'mod_alias',
    contexts: serverContexts,
    syntax: 'URL-path file-path|directory-path',
    args: { min: 2, max: 2 },
    summary:
      'Serves what lies below a path of the disk for all requests below a URL-path. What follows the URL-path in the request is added to the path. An Alias comes before every WSGIScriptAlias, so static files can lie inside an application.',
    difference: 'The form with one argument inside <Location> is not supported yet.',
    apply: applyAlias,
  },
  {
    name: 'AliasMatch',
    module: 'mod_alias',
    contexts: serverContexts,
    syntax: 'regex file-path|directory-path',
    args: { min: 2, max: 2 },
    summary:
      'As Alias, with a regular expression that is searched in the URL-path. $1 to $9 in the path stand for what the groups caught, and nothing is added to it.',
    apply: applyAliasMatch,
  },
  {
    name: 'ScriptAlias',
    module: 'mod_alias',
    contexts: ['server config', 'virtual host', 'directory'],
    syntax: 'URL-path file-path|directory-path',
    args: { min: 1, max: 2 },
    summary: 'An Alias for a folder of CGI programs.',
    difference: 'CGI programs are not run: the line is reported, and requests for its paths are answered with 404.',
    apply: closeCgi,
  },
  {
    name: 'ScriptAliasMatch',
    module: 'mod_alias',
    contexts: serverContexts,
    syntax: 'regex file-path|directory-path',
    args: { min: 2, max: 2 },
    summary: 'An AliasMatch for CGI programs.',
    difference: 'CGI programs are not run: the line is reported, and requests for its paths are answered with 404.',
    apply: closeCgi,
  },
];

export const aliasDirectives: readonly DirectiveDefinition[] = [...aliases, ...redirectDirectives];
