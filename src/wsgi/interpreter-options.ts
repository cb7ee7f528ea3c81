/**
 * <WSGIInterpreterOptions>: what holds for single interpreters. A container selects them by process group and
 * application group; the one that names more of them wins, of equals the later one, and folders of WSGIPythonPath add up.
 */

import { toByteString } from '../base/byte-string.js';
import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { SectionDefinition, SectionLine } from '../conf/section-definition.js';
import { type Setting, type Settings, SettingsBuilder } from '../conf/settings.js';
import type { ConfigNode } from '../conf/tree.js';
import { globalOnly } from './directive-shapes.js';
import { parseText } from './option-values.js';
import { pythonDirectives } from './python-directives.js';
import { splitRawArguments, unknownOption } from './raw-arguments.js';
import { pythonSettings } from './settings.js';

/** One container. */
export interface WsgiInterpreterOptions {
  /** '' is embedded mode; undefined: every process group. */
  readonly processGroup: string | undefined;
  /** '' is the main interpreter; undefined: every application group. */
  readonly applicationGroup: string | undefined;
  readonly settings: Settings;
}

/** What a daemon process is told of one container that is about its group (python/stillhouse/settings.py). */
export interface InterpreterOptions {
  /** A byte string. */
  readonly application_group: string | null;
  readonly per_interpreter_gil: boolean | null;
  readonly switch_interval: number | null;
  readonly python_path: readonly string[];
  readonly restrict_signal: boolean | null;
  readonly restrict_stdin: boolean | null;
  readonly restrict_stdout: boolean | null;
}

export const interpreterOptions: Setting<readonly WsgiInterpreterOptions[]> = { id: 'mod_wsgi.interpreter-options' };

const what = 'WSGI interpreter options';
const selectors = ['process-group', 'application-group'];

const inner: ReadonlyMap<string, DirectiveDefinition> = new Map(
  pythonDirectives
    .filter(({ name }) =>
      [
        'WSGIPerInterpreterGIL',
        'WSGIFreeThreading',
        'WSGISwitchInterval',
        'WSGIPythonPath',
        'WSGIRestrictStdin',
        'WSGIRestrictStdout',
        'WSGIRestrictSignal',
      ].includes(name),
    )
    .map((definition) => [definition.name.toLowerCase(), definition]),
);

export const interpreterSections: readonly SectionDefinition[] = [
  {
    name: 'WSGIInterpreterOptions',
    module: 'mod_wsgi',
    contexts: globalOnly,
    syntax: '[process-group=name] [application-group=name]',
    args: 'raw',
    summary:
      'Settings of single Python interpreters, by process group and application group; %{GLOBAL} stands for embedded mode and for the main interpreter. In it may stand WSGIPerInterpreterGIL, WSGIFreeThreading, WSGISwitchInterval, WSGIPythonPath, WSGIRestrictStdin, WSGIRestrictStdout and WSGIRestrictSignal. Of several containers the one that names more of both wins, of equals the later one; the folders of WSGIPythonPath add up.',
    apply: applySection,
  },
];

function applySection(line: SectionLine, scope: SettingsBuilder): void {
  const { options } = splitRawArguments(line, 0, what);
  const names = new Map<string, string>();
  for (const option of options) {
    if (!selectors.includes(option.name.text)) throw unknownOption(option, what, selectors);
    const name = parseText(option.value, option.name.text);
    if (name.startsWith('%{') && name !== '%{GLOBAL}') {
      throw new DirectiveError(`nothing is expanded here but %{GLOBAL}: '${name}' names no group`, option.value);
    }
    names.set(option.name.text, name === '%{GLOBAL}' ? '' : name);
  }
  const settings = new SettingsBuilder();
  for (const node of line.node.children) applyInner(line, node, settings, names.has('application-group'));
  const entry: WsgiInterpreterOptions = {
    processGroup: names.get('process-group'),
    applicationGroup: names.get('application-group'),
    settings: settings.build(),
  };
  scope.update(interpreterOptions, (previous) => [...(previous ?? []), entry], line.position);
}

function applyInner(
  section: SectionLine,
  node: ConfigNode,
  settings: SettingsBuilder,
  hasApplicationGroup: boolean,
): void {
  const definition = node.kind === 'directive' ? inner.get(node.name.toLowerCase()) : undefined;
  const at = { text: node.name, position: node.position };
  if (definition === undefined) {
    throw new DirectiveError(`${node.name} may not stand in <WSGIInterpreterOptions>`, at);
  }
  if (hasApplicationGroup && definition.name === 'WSGIFreeThreading') {
    throw new DirectiveError('WSGIFreeThreading is for a whole process: application-group does not go with it', at);
  }
  if (node.args.length !== 1) {
    throw new DirectiveError(`${definition.name} takes 1 argument, not ${node.args.length}`, at);
  }
  const line: DirectiveLine = {
    ...section,
    name: definition.name,
    args: node.args,
    rawArgs: node.rawArgs,
    position: node.position,
  };
  definition.apply(line, settings);
}

/** What the containers say about the interpreters of a daemon process group; of two that say the same the later wins. */
export function optionsOfGroup(settings: Settings, group: string): readonly InterpreterOptions[] {
  const containers = settings
    .get(interpreterOptions, [])
    .filter(({ processGroup }) => processGroup === undefined || processGroup === group);
  const count = ({ applicationGroup, processGroup }: WsgiInterpreterOptions): number =>
    Number(processGroup !== undefined) + Number(applicationGroup !== undefined);
  // The sort is stable: of equals the later one stays behind.
  return containers
    .sort((one, other) => count(one) - count(other))
    .map(({ applicationGroup, settings: own }) => ({
      application_group: applicationGroup === undefined ? null : toByteString(applicationGroup),
      per_interpreter_gil: own.find(pythonSettings.perInterpreterGil) ?? null,
      switch_interval: own.find(pythonSettings.switchIntervalSeconds) ?? null,
      python_path: own.get(pythonSettings.pythonPath, []),
      restrict_signal: own.find(pythonSettings.restrictSignal) ?? null,
      restrict_stdin: own.find(pythonSettings.restrictStdin) ?? null,
      restrict_stdout: own.find(pythonSettings.restrictStdout) ?? null,
    }));
}

/** Whether the processes of a group run without Python's lock. */
export function isFreeThreading(settings: Settings, group: string): boolean {
  let found = settings.get(pythonSettings.freeThreading, false);
  let rank = -1;
  for (const { processGroup, settings: own } of settings.get(interpreterOptions, [])) {
    const value = own.find(pythonSettings.freeThreading);
    const ownRank = Number(processGroup !== undefined);
    if (value === undefined || ownRank < rank || (processGroup !== undefined && processGroup !== group)) continue;
    found = value;
    rank = ownRank;
  }
  return found;
}
