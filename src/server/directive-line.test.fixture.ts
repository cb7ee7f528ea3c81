/** For tests of directive tables: applies lines to a scope as the resolver does, without parsing a file. */

import type { DirectiveDefinition, DirectiveLine } from '../conf/directive.js';
import type { SectionDefinition } from '../conf/section-definition.js';
import { Settings, SettingsBuilder } from '../conf/settings.js';
import type { Position, Word } from '../conf/source.js';
import type { ConfigNode } from '../conf/tree.js';

const start: Position = { file: 'test.conf', line: 1, column: 1 };

/** Words of a line: blanks separate, double quotes group. */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(/"([^"]*)"|(\S+)/g), (found) => ({
    text: found[1] ?? found[2] ?? '',
    position: { ...start, column: (found.index ?? 0) + 1 },
  }));
}

/** Nodes from lines such as `Require local`, `<RequireAll>` and `</RequireAll>`. */
export function nodesOf(text: string): ConfigNode[] {
  const stack: ConfigNode[][] = [[]];
  const open: { name: string; rawArgs: string }[] = [];
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line === '') continue;
    const found = /^<?(\/?[\w]+)\s*([^>]*)>?$/.exec(line);
    const name = found?.[1] ?? '';
    const rawArgs = found?.[2] ?? '';
    if (name.startsWith('/')) {
      const children = stack.pop() ?? [];
      const section = open.pop() ?? { name: '', rawArgs: '' };
      stack.at(-1)?.push({ kind: 'section', ...section, args: wordsOf(section.rawArgs), children, position: start });
    } else if (line.startsWith('<')) {
      stack.push([]);
      open.push({ name, rawArgs });
    } else {
      stack.at(-1)?.push({ kind: 'directive', name, args: wordsOf(rawArgs), rawArgs, position: start });
    }
  }
  return stack[0] ?? [];
}

/** The settings that `text` makes under these tables; `reports` collects what the directives report. */
export function settingsOf(
  text: string,
  directives: readonly DirectiveDefinition[],
  sections: readonly SectionDefinition[] = [],
  reports: string[] = [],
): Settings {
  const scope = new SettingsBuilder();
  for (const node of nodesOf(text)) {
    const line: DirectiveLine = {
      name: node.name,
      args: node.args,
      rawArgs: node.rawArgs,
      position: node.position,
      context: 'directory',
      sections: ['Directory'],
      sectionArgument: '/srv',
      serverRootRelative: (path) => (path.startsWith('/') ? path : `/root/${path}`),
      report: (severity, message) => reports.push(`${severity}: ${message}`),
    };
    const wanted = node.name.toLowerCase();
    if (node.kind === 'section') {
      sections
        .find(({ name }) => name.toLowerCase() === wanted)
        ?.apply({ ...line, node, resolveChildren: () => Settings.empty, resolveInPlace: () => {} }, scope);
    } else {
      directives.find(({ name }) => name.toLowerCase() === wanted)?.apply(line, scope);
    }
  }
  return scope.build();
}
