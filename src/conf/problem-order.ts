/**
 * Problems in the order in which the configuration is read. They are found in another: included files are parsed before
 * the lines of the outer file are resolved, and what the lines mean together is seen last.
 */

import { includeChain, type Position, type Problem } from './source.js';

/** `files` in the order of reading (ConfigTree.files). Problems of one place keep their order. */
export function sortProblems(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const ranks = new Map(files.map((file, index) => [file, index]));
  const rankOf = (file: string): number => ranks.get(file) ?? files.length;
  return problems
    .map((problem) => ({ problem, path: [...includeChain(problem.position)].reverse().concat(problem.position) }))
    .sort((left, right) => comparePaths(left.path, right.path, rankOf))
    .map(({ problem }) => problem);
}

/** Each path begins in the first file: the Include lines on the way, then the place itself. */
function comparePaths(left: readonly Position[], right: readonly Position[], rankOf: (file: string) => number): number {
  for (const [index, one] of left.entries()) {
    const other = right[index];
    // The right one is about the Include line itself, the left one about a file that it brought in.
    if (other === undefined) return 1;
    const order = rankOf(one.file) - rankOf(other.file) || one.line - other.line;
    if (order !== 0) return order;
    // Words of an Include line that a file came from stand in no order to the file.
    const isPlace = index === left.length - 1 && index === right.length - 1;
    if (isPlace && one.column !== other.column) return one.column - other.column;
  }
  return left.length - right.length;
}
