/**
 * Directives that httpd carries out the moment it reads them: Define, UnDefine, Include, IncludeOptional, ServerRoot,
 * LoadModule, LoadFile and Error. The parser asks here for each line.
 */

import { absolutePath } from './file-paths.js';
import { canonicalModule, isKnownModule, isMpm } from './known-directives.js';
import type { Position, Severity, Word } from './source.js';
import type { Variables } from './variables.js';
import type { Vocabulary } from './vocabulary.js';

/** What these directives may change. */
export interface ReadingState {
  readonly vocabulary: Vocabulary;
  readonly variables: Variables;
  serverRoot: string;
  /** The canonical name of the multi-processing module that LoadModule has named. */
  mpm: string | undefined;
  report(severity: Severity, position: Position, message: string, directive?: string): void;
  /** Has the file or files read next. */
  include(path: Word, optional: boolean, from: Position): void;
}

export interface ReadingLine {
  readonly name: string;
  readonly args: readonly Word[];
  readonly position: Position;
}

/** 'keep' leaves the line in the tree for the resolver. */
type CarryOut = (line: ReadingLine, state: ReadingState) => 'done' | 'keep';

const READERS: ReadonlyMap<string, CarryOut> = new Map<string, CarryOut>([
  ['define', withArgs(1, 2, 'name [value]', define)],
  ['undefine', withArgs(1, 1, 'name', (_line, state, name) => state.variables.undefine(name.text))],
  ['include', withArgs(1, 1, 'path', (line, state, path) => state.include(path, false, line.position))],
  ['includeoptional', withArgs(1, 1, 'path', (line, state, path) => state.include(path, true, line.position))],
  ['loadmodule', withArgs(2, 2, 'identifier file', loadModule)],
  ['loadfile', withArgs(1, Number.POSITIVE_INFINITY, 'file ...', loadFile)],
  ['error', withArgs(1, 1, 'message', (line, state, text) => state.report('error', line.position, text.text, 'Error'))],
  ['serverroot', serverRoot],
]);

/** How a directive is carried out while reading, by its name in any case; undefined for all others. */
export function findReadingDirective(name: string): CarryOut | undefined {
  return READERS.get(name.toLowerCase());
}

/** What `run` returns counts where it is 'keep'. */
function withArgs(
  min: number,
  max: number,
  syntax: string,
  run: (line: ReadingLine, state: ReadingState, first: Word, second: Word | undefined) => unknown,
): CarryOut {
  return (line, state) => {
    const [first, second] = line.args;
    const extra = line.args[max];
    // httpd takes an empty word for a missing one.
    if (first === undefined || first.text === '' || line.args.length < min || extra !== undefined) {
      const position = extra?.position ?? line.position;
      state.report('error', position, `${line.name} is written: ${line.name} ${syntax}`, line.name);
    } else if (run(line, state, first, second) === 'keep') return 'keep';
    return 'done';
  };
}

function define(line: ReadingLine, state: ReadingState, name: Word, value: Word | undefined): void {
  if (name.text.includes(':')) {
    state.report('error', name.position, `name '${name.text}' must not hold a ':'`, line.name);
    return;
  }
  state.variables.define(name.text, value?.text ?? '');
}

/** Stays in the tree: a feature may have a definition of it, and Include needs it at once. */
function serverRoot(line: ReadingLine, state: ReadingState): 'keep' {
  const path = line.args[0]?.text ?? '';
  if (path !== '') state.serverRoot = absolutePath(state.serverRoot, path);
  return 'keep';
}

function loadModule(line: ReadingLine, state: ReadingState, identifier: Word): 'keep' | undefined {
  const module = canonicalModule(identifier.text);
  if (isMpm(module)) return loadMpm(line, state, module);
  if (state.vocabulary.hasModule(identifier.text)) {
    state.report('note', line.position, `${module} is built in, LoadModule does nothing`, line.name);
  } else if (isKnownModule(module)) {
    const message = `Stillhouse does not have ${identifier.text}: <IfModule ${identifier.text}> is skipped, and its directives elsewhere are errors unless they do nothing by themselves`;
    state.report('warning', identifier.position, message, line.name);
  } else {
    const message = `module '${identifier.text}' is not one of Apache's; Stillhouse loads no modules: <IfModule ${identifier.text}> is skipped, and its directives elsewhere are errors`;
    state.report('warning', identifier.position, message, line.name);
  }
  return undefined;
}

/** Stays in the tree: the server asks which one it is. */
function loadMpm(line: ReadingLine, state: ReadingState, module: string): 'keep' | undefined {
  if (state.mpm === undefined) {
    state.mpm = module;
    return 'keep';
  }
  if (state.mpm === module) {
    state.report('warning', line.position, `module ${module}_module is already loaded, skipping`, line.name);
  } else {
    const message = `More than one MPM loaded: ${state.mpm}_module and ${module}_module; keep one of the LoadModule lines`;
    state.report('error', line.position, message, line.name);
  }
  return undefined;
}

function loadFile(line: ReadingLine, state: ReadingState): void {
  state.report('note', line.position, 'Stillhouse loads no shared libraries, LoadFile does nothing', line.name);
}
