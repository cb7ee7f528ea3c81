/**
 * Files to a tree, carrying out in order what httpd carries out while it reads: ${VAR}, Define, the conditional
 * sections, Include and ServerRoot. Called by the server at start and reload and by `check`; the resolver goes on from
 * the tree. It never recurses over sections or files and never stops at the first problem.
 */

import { ConditionError, findCondition } from './conditions.js';
import { absolutePath, normalizePath } from './file-paths.js';
import { describeSystemError, findIncludeFiles, systemErrorCode } from './include-files.js';
import { type LexedWord, LineReader, type LogicalLine, lineFault, nextWord, splitWords } from './lexer.js';
import { MAX_EXPANDED_CHARACTERS, MAX_FILES, MAX_INCLUDE_DEPTH, MAX_NODES, MAX_TOTAL_CHARACTERS } from './limits.js';
import { ProblemList } from './problem-list.js';
import { findReadingDirective, type ReadingLine, type ReadingState } from './reading-directives.js';
import { SectionStack } from './section-stack.js';
import { formatPosition, type Position, type Problem, rememberStretch, type Severity, type Word } from './source.js';
import type { ConfigTree } from './tree.js';
import { Variables } from './variables.js';
import type { Vocabulary } from './vocabulary.js';

export interface ParseOptions {
  /** The first file; relative names in messages stay as given here. */
  readonly file: string;
  /** A file's content; throws an errno-like error (`code: 'ENOENT'`). */
  readonly readFile: (path: string) => string | Uint8Array;
  /** Names in a folder. Without it wildcards and folders in Include find nothing. */
  readonly listDirectory?: (path: string) => readonly string[];
  readonly isDirectory?: (path: string) => boolean;
  /** For <IfFile>; without it the file is read. */
  readonly fileExists?: (path: string) => boolean;
  readonly vocabulary: Vocabulary;
  /** Names from -D; '' where there is no value. */
  readonly defines?: ReadonlyMap<string, string>;
  /** Looks up ${NAME} after the defines. */
  readonly environment?: (name: string) => string | undefined;
  /** In force until a ServerRoot line; '/' if absent. */
  readonly serverRoot?: string;
  /** The canonical name of a multi-processing module that is loaded already; without it a LoadModule line loads one. */
  readonly mpm?: string;
  /** The file is an .htaccess, where nothing may be included or defined. */
  readonly isAccessFile?: boolean;
}

export interface ParseResult {
  /** What could be read; complete where `problems` has no error. */
  readonly tree: ConfigTree;
  readonly problems: readonly Problem[];
}

/** The multi-processing module of a configuration that loads none. */
const defaultMpm = 'mpm_event';

/** Reads a configuration from its first file on. Throws nothing that a file's content could cause. */
export function parseConfig(options: ParseOptions): ParseResult {
  const parser = new Parser(options, options.mpm);
  const result = parser.run();
  // Where no line loads one the default one is there from the beginning, as one that is compiled into httpd.
  const isAnswerWrong = parser.hasAskedInVain && parser.mpm === undefined;
  return isAnswerWrong ? new Parser(options, defaultMpm).run() : result;
}

/** One file being read, or waiting for the files before it. */
interface Source {
  readonly file: string;
  readonly includedFrom: Position | undefined;
  readonly optional: boolean;
  readonly depth: number;
  reader: LineReader | undefined;
  /** Height of the section stack when the file was opened: it may not close what is below. */
  floor: number;
}

class Parser implements ReadingState {
  readonly vocabulary: Vocabulary;
  readonly variables: Variables;
  serverRoot: string;
  mpm: string | undefined;
  /** An IfModule asked for a multi-processing module while none was loaded. */
  hasAskedInVain = false;
  readonly #builtInMpm: string | undefined;
  readonly #options: ParseOptions;
  readonly #problems = new ProblemList();
  readonly #sections = new SectionStack(this.#problems);
  readonly #sources: Source[] = [];
  readonly #files: string[] = [];
  /** Include lines that went too deep once: `file:line`. They are not followed again. */
  readonly #endless = new Set<string>();
  #characters = 0;

  constructor(options: ParseOptions, builtInMpm: string | undefined) {
    this.#options = options;
    this.#builtInMpm = builtInMpm;
    this.vocabulary = options.vocabulary;
    this.variables = new Variables(options.defines ?? new Map(), options.environment ?? (() => undefined));
    this.serverRoot = options.serverRoot ?? '/';
  }

  run(): ParseResult {
    this.#push([this.#options.file], undefined, false);
    for (let source = this.#sources.at(-1); source !== undefined; source = this.#sources.at(-1)) {
      if (!this.#problems.isFull) source.reader ??= this.#open(source);
      const line = this.#problems.isFull ? undefined : source.reader?.next();
      if (line !== undefined) {
        this.#line(line, source);
      } else {
        this.#sources.pop();
        this.#sections.closeDownTo(source.floor);
      }
    }
    const tree: ConfigTree = {
      nodes: this.#sections.nodes,
      files: Object.freeze([...new Set(this.#files)]),
      defines: this.variables.toMap(),
    };
    return { tree, problems: this.#problems.list() };
  }

  #push(files: readonly string[], includedFrom: Position | undefined, optional: boolean): void {
    const depth = (this.#sources.at(-1)?.depth ?? -1) + 1;
    for (const file of files.toReversed()) {
      this.#sources.push({ file, includedFrom, optional, depth, reader: undefined, floor: this.#sections.height });
    }
  }

  /** Undefined where the file can't be read; that is reported here. */
  #open(source: Source): LineReader | undefined {
    const start = filePosition(source, 1, 1);
    const complainAt = source.includedFrom ?? start;
    if (this.#files.length >= MAX_FILES || this.#characters > MAX_TOTAL_CHARACTERS) {
      const limit = this.#files.length >= MAX_FILES ? `${MAX_FILES} files` : `${MAX_TOTAL_CHARACTERS} characters`;
      this.#problems.stop(complainAt, `configuration is longer than ${limit}, reading ends here`);
      return undefined;
    }
    let content: string | Uint8Array;
    try {
      content = this.#options.readFile(source.file);
    } catch (error) {
      const missing = ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
      if (source.optional && missing) return undefined;
      const severity = source.optional ? 'warning' : 'error';
      this.#problems.report(severity, complainAt, `cannot open '${source.file}': ${describeSystemError(error)}`);
      return undefined;
    }
    this.#files.push(source.file);
    const text = typeof content === 'string' ? content.replace(/^\ufeff/, '') : this.#decode(content, start);
    this.#characters += text.length;
    return new LineReader(text);
  }

  #decode(content: Uint8Array, start: Position): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(content);
    } catch {
      this.#problems.report('warning', start, 'file is not UTF-8, it is read as Latin-1');
      return new TextDecoder('latin1').decode(content);
    }
  }

  #line(line: LogicalLine, source: Source): void {
    if (line.text === '' || line.isComment) return;
    const at = (offset: number): Position => line.position(source.file, offset, source.includedFrom);
    const fault = lineFault(line.text);
    if (fault !== undefined) {
      this.#problems.report('error', at(fault.offset), fault.message);
      return;
    }
    const first = nextWord(line.text, 0);
    if (first === undefined) return;
    const reading = new LineInHand(this, this.#problems, line, first, at);
    // A skipped line is only looked at for sections, so that the skipped part ends where it should.
    const name = this.#sections.isSkipping ? first.text : reading.name();
    if (name.startsWith('</')) this.#sections.close(name, line.text.slice(first.next), source.floor, reading.position);
    else if (name.startsWith('<')) this.#openSection(name.slice(1), reading);
    else if (!this.#sections.isSkipping) this.#directive(name, reading);
  }

  #directive(name: string, line: LineInHand): void {
    const args = line.words(line.rest.length);
    const carryOut = findReadingDirective(name);
    if (carryOut !== undefined && this.#options.isAccessFile === true && name.toLowerCase() !== 'error') {
      this.#problems.report('error', line.position, `${name} may not stand in .htaccess`, name);
      return;
    }
    const reading: ReadingLine = { name, args, position: line.position };
    if (carryOut?.(reading, this) === 'done') return;
    if (!this.#countNode(line.position)) return;
    this.#sections.add({ kind: 'directive', name, args, ...line.raw(line.rest.length), position: line.position });
  }

  #openSection(written: string, line: LineInHand): void {
    const { position } = line;
    const closed = written.endsWith('>');
    const name = closed ? written.slice(0, -1) : written;
    if (this.#sections.isSkipping) {
      this.#sections.openSkipped(name, position);
      return;
    }
    // As in httpd the last bracket of the line ends the arguments, wherever it stands.
    const bracket = line.rest.lastIndexOf('>');
    if (name === '')
      this.#problems.report('error', position, "'<' must be followed by a section name, without a blank");
    else if (bracket < 0 && !(closed && line.rest === '')) {
      this.#problems.report('error', position, `<${name}> is missing its closing '>'`, name);
    } else if (line.rest.slice(bracket + 1).trim() !== '') {
      this.#problems.report('warning', position, `what follows '>' on the line of <${name}> is ignored`, name);
    }
    const end = bracket < 0 ? line.rest.length : bracket;
    const args = line.words(end);
    const condition = findCondition(name);
    if (condition !== undefined) {
      this.#sections.openCondition(name, position, this.#holds(condition, name, args, position));
      return;
    }
    if (!this.#countNode(position)) return;
    this.#sections.open({ name, args, ...line.raw(end), position });
  }

  #holds(
    condition: NonNullable<ReturnType<typeof findCondition>>,
    name: string,
    args: readonly Word[],
    position: Position,
  ): boolean {
    try {
      return condition(args, {
        variables: this.variables,
        vocabulary: this.vocabulary,
        askMpm: () => {
          const mpm = this.mpm ?? this.#builtInMpm;
          this.hasAskedInVain ||= mpm === undefined;
          return mpm;
        },
        fileExists: (path) => this.#fileExists(absolutePath(this.serverRoot, path)),
        warn: (message, word) => this.#problems.report('warning', word.position, message, name),
      });
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      const message = `<${name}> ${error.message}; the section is skipped`;
      this.#problems.report('error', error.word?.position ?? position, message, name);
      return false;
    }
  }

  #fileExists(path: string): boolean {
    if (this.#options.fileExists !== undefined) return this.#options.fileExists(path);
    if (this.#options.isDirectory?.(path) === true) return true;
    try {
      this.#options.readFile(path);
      return true;
    } catch {
      // Whatever keeps us from reading it, to the configuration the file is not there.
      return false;
    }
  }

  #countNode(position: Position): boolean {
    if (this.#sections.count < MAX_NODES) return true;
    this.#problems.stop(position, `configuration has more than ${MAX_NODES} lines, reading ends here`);
    return false;
  }

  report(severity: Severity, position: Position, message: string, directive?: string): void {
    this.#problems.report(severity, position, message, directive);
  }

  include(written: Word, optional: boolean, from: Position): void {
    if (this.#sources.length > 0 && (this.#sources.at(-1)?.depth ?? 0) >= MAX_INCLUDE_DEPTH) {
      this.#reportEndless(from);
      return;
    }
    if (this.#endless.has(formatPosition(from))) return;
    const path = normalizePath(absolutePath(this.serverRoot, written.text));
    const { files, fault } = findIncludeFiles(path, optional, {
      listDirectory: this.#options.listDirectory ?? (() => []),
      isDirectory: this.#options.isDirectory ?? (() => false),
    });
    if (fault !== undefined) this.report('error', written.position, fault);
    this.#push(files, from, optional);
  }

  /** Names the circle once, at its outermost Include line, instead of a hundred times at the innermost. */
  #reportEndless(from: Position): void {
    const here = formatPosition(from);
    if (this.#endless.has(here)) return;
    this.#endless.add(here);
    const circle: string[] = [from.file];
    let outermost = from;
    let closed = false;
    for (let outer = from.includedFrom; outer !== undefined; outer = outer.includedFrom) {
      if (formatPosition(outer) === here) {
        outermost = outer;
        closed = true;
      } else if (!closed) circle.unshift(outer.file);
    }
    const chain = closed ? [from.file, ...circle] : circle;
    const message = `Include goes more than ${MAX_INCLUDE_DEPTH} files deep: ${chain.join(' includes ')}`;
    this.report('error', outermost, message, 'Include');
  }
}

function filePosition(source: Source, line: number, column: number): Position {
  const { file, includedFrom } = source;
  return includedFrom === undefined ? { file, line, column } : { file, line, column, includedFrom };
}

/** One logical line with its variables: expands words, each unknown name reported once. */
class LineInHand {
  readonly position: Position;
  /** What follows the name, as written. */
  readonly rest: string;
  readonly #variables: Variables;
  readonly #problems: ProblemList;
  readonly #line: LogicalLine;
  readonly #first: LexedWord;
  readonly #at: (offset: number) => Position;
  readonly #reported = new Set<string>();

  constructor(
    state: ReadingState,
    problems: ProblemList,
    line: LogicalLine,
    first: LexedWord,
    at: (offset: number) => Position,
  ) {
    this.#variables = state.variables;
    this.#problems = problems;
    this.#line = line;
    this.#first = first;
    this.#at = at;
    this.position = at(first.start);
    this.rest = line.text.slice(first.next);
  }

  name(): string {
    return this.#expand(this.#first.text, this.position);
  }

  /** The words of the first `length` characters of `rest`. Variables with blanks do not split: httpd expands per word. */
  words(length: number): readonly Word[] {
    const { next } = this.#first;
    return splitWords(this.#line.text.slice(0, next + length), next).map((word) => {
      const position = this.#stretch(word.start, word.next);
      return { text: this.#expand(word.text, position), position };
    });
  }

  /** The same stretch unsplit. `rawStart` knows its way through variables. */
  raw(length: number): { readonly rawArgs: string; readonly rawStart: Position } {
    const { next } = this.#first;
    const written = this.rest.slice(0, length).trimEnd();
    const pieces: { from: number; to: number }[] = [];
    const rawArgs = this.#expand(written, this.position, (from, to) => pieces.push({ from, to }));
    const rawStart = rememberStretch(this.#at(next), (offset) => {
      const index = pieces.findLastIndex(({ to }) => to <= offset);
      const { from, to } = pieces[index] ?? { from: 0, to: 0 };
      const end = pieces[index + 1]?.from ?? written.length;
      // Inside of a value there is nothing written to point at but its name.
      const isValue = index % 2 === 0;
      return this.#at(next + (isValue ? from : Math.min(from + offset - to, end)));
    });
    return { rawArgs, rawStart };
  }

  /** The position of `start`, from which others up to `end` can be found. */
  #stretch(start: number, end: number): Position {
    return rememberStretch(this.#at(start), (offset) => this.#at(Math.min(start + offset, end)));
  }

  #expand(text: string, position: Position, piece?: (from: number, to: number) => void): string {
    return this.#variables.expand(text, {
      ...(piece === undefined ? {} : { piece }),
      unknown: (name) => {
        if (this.#reported.has(name)) return;
        this.#reported.add(name);
        const message = `\${${name}} is neither defined nor in the environment, it stays as written`;
        this.#problems.report('warning', position, message);
      },
      tooLong: () => {
        const message = `line is longer than ${MAX_EXPANDED_CHARACTERS} characters after variables, the rest is cut off`;
        if (!this.#reported.has('')) this.#problems.report('error', position, message);
        this.#reported.add('');
      },
    });
  }
}
