/** `stillhouse check`: everything that is wrong with a configuration, at once. */

import { sortProblems } from '../conf/problem-order.js';
import { includeChain, type Position, type Problem } from '../conf/source.js';
import { checkProcesses } from '../server/process-checks.js';
import { type ConfigFlags, loadFromFlags } from './config-flags.js';
import { hasErrors, printFindings } from './problems.js';

export interface CheckFlags extends ConfigFlags {
  readonly quiet?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One element of what `check --json` prints. `includedFrom`: the Include lines, innermost first. */
export interface Finding extends Place {
  readonly severity: Problem['severity'];
  /** An error that the server starts with: the requests concerned fail. */
  readonly tolerated: boolean;
  readonly includedFrom: readonly Place[];
  readonly directive?: string;
  readonly message: string;
}

/** @returns the exit status */
export function check(flags: CheckFlags): number {
  const loaded = loadFromFlags(flags);
  // A configuration with errors of its own has no processes yet that could be looked at.
  const more = hasErrors(loaded.allProblems) ? [] : checkProcesses(loaded.config, loaded.snapshot.file);
  const found = sortProblems([...loaded.allProblems, ...more], loaded.tree.files);
  const verdict = judge(found, flags.strict === true);
  const isShown = ({ severity }: Problem): boolean =>
    severity === 'error' || flags.quiet !== true || (severity === 'warning' && flags.strict === true);
  const shown = found.filter(isShown);
  if (flags.json === true) {
    console.log(JSON.stringify(shown.map(toFinding), undefined, 2));
  } else {
    printFindings(shown.filter(({ severity }) => severity !== 'note'));
    if (verdict.isGood) console.log('Syntax OK');
    else console.error(`${flags.config}: ${verdict.summary}`);
  }
  return verdict.isGood ? 0 : 1;
}

/** Whether the configuration passes, and how many problems of which kind keep it from that. */
export function judge(
  problems: readonly Problem[],
  isStrict: boolean,
): { readonly isGood: boolean; readonly summary: string } {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const tolerated = errors.filter(({ isTolerated }) => isTolerated === true).length;
  const warnings = isStrict ? problems.filter(({ severity }) => severity === 'warning').length : 0;
  const parts: string[] = [];
  if (errors.length > 0) parts.push(count(errors.length, 'error') + describeTolerated(tolerated, errors.length));
  if (warnings > 0) parts.push(`${count(warnings, 'warning')}, counted as ${warnings === 1 ? 'an error' : 'errors'}`);
  return { isGood: parts.length === 0, summary: parts.join('; ') };
}

function describeTolerated(tolerated: number, errors: number): string {
  if (tolerated === 0) return '';
  if (tolerated < errors) return `, ${tolerated} of them not before a request comes`;
  return ` (the server would start, and ${errors === 1 ? 'its requests' : 'their requests'} fail)`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

export function toFinding({ severity, isTolerated = false, position, directive, message }: Problem): Finding {
  return {
    severity,
    tolerated: isTolerated,
    ...toPlace(position),
    includedFrom: includeChain(position).map(toPlace),
    ...(directive === undefined ? {} : { directive }),
    message,
  };
}

function toPlace({ file, line, column }: Position): Place {
  return { file, line, column };
}
