/** Where a piece of configuration stands. Every node of the tree and every message carries one of these. */

export interface Position {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** The Include line that brought this file in; absent in the file named on the command line. */
  readonly includedFrom?: Position;
}

/** Positions that begin a word or the raw arguments of a line, with where their further characters stand. */
const stretches = new WeakMap<Position, (offset: number) => Position>();

/** Lets `positionAfter` tell what follows `start`, which the parser alone knows. */
export function rememberStretch(start: Position, locate: (offset: number) => Position): Position {
  stretches.set(start, locate);
  return start;
}

/** Where the character stands that comes `offset` characters behind `start`, also on a continued line. */
export function positionAfter(start: Position, offset: number): Position {
  if (offset === 0) return start;
  const locate = stretches.get(start);
  if (locate === undefined) return { ...start, column: start.column + offset };
  return rememberStretch(locate(offset), (further) => locate(offset + further));
}

/** One argument of a directive after quotes and ${VAR} are gone. `position` is that of its first character. */
export interface Word {
  readonly text: string;
  readonly position: Position;
}

export type Severity = 'error' | 'warning' | 'note';

/** One message about the configuration. All of them are collected; none stops the reading. */
export interface Problem {
  readonly severity: Severity;
  readonly position: Position;
  /** Lower case: what is wrong, on which value, and what happens or what to write instead. */
  readonly message: string;
  readonly directive?: string;
  /** Of an error: it fails with the request, not at the start. `check` counts it, the server starts and warns of it. */
  readonly isTolerated?: boolean;
}

/** What the problem is to a server that starts: what fails with its requests only must not stop all others. */
export function severityAtStart(problem: Problem): Severity {
  return problem.isTolerated === true && problem.severity === 'error' ? 'warning' : problem.severity;
}

/** `file:line:column`, the form that editors and terminals make clickable. */
export function formatPosition(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** The Include lines that lead to the position, innermost first. */
export function includeChain(position: Position): readonly Position[] {
  const chain: Position[] = [];
  for (let from = position.includedFrom; from !== undefined; from = from.includedFrom) chain.push(from);
  return chain;
}

/** One problem as printed: position, severity, message, then the include chain, innermost first. */
export function formatProblem(problem: Problem): string {
  const text = `${formatPosition(problem.position)}: ${problem.severity}: ${problem.message}`;
  return [text, ...includeChain(problem.position).map((from) => `    included from ${formatPosition(from)}`)].join(
    '\n',
  );
}

/** The same as a server that starts prints it. */
export function formatProblemAtStart(problem: Problem): string {
  return formatProblem({ ...problem, severity: severityAtStart(problem) });
}
