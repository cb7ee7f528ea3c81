/**
 * Apache's expressions (ap_expr): text in, a compiled closure out. <If>, Require expr and SetEnvIfExpr hold conditions,
 * `Header ... expr=` and its kin strings. Pure: all that an expression may look at comes with the subject.
 */

import { fromByteString, toByteString } from '../../base/byte-string.js';
import { ExpressionSyntaxError } from './expression-error.js';
import { ExpressionParser } from './expression-parser.js';
import type { ExpressionSubject } from './expression-subject.js';

export { ExpressionSyntaxError } from './expression-error.js';
export type { ExpressionSubject } from './expression-subject.js';

export interface Expression {
  /** As written. */
  readonly text: string;
  /** Whether REMOTE_USER occurs in it: where it does not hold, who the user is might change that. */
  readonly asksForUser: boolean;
  holds(subject: ExpressionSubject): boolean;
  /** $0 to $9 of its last match where it holds, empty where it had none; undefined where it does not hold. */
  match(subject: ExpressionSubject): readonly (string | undefined)[] | undefined;
}

export interface StringExpression {
  /** As written. */
  readonly text: string;
  /** A byte string. */
  read(subject: ExpressionSubject): string;
}

/** A condition: `%{REQUEST_METHOD} == 'POST' && -n req('Origin')`. @throws ExpressionSyntaxError */
export function compileExpression(text: string): Expression {
  let asksForUser = false;
  const test = parsed(text, (parser) => {
    const condition = parser.condition();
    asksForUser = parser.asksForUser;
    return condition;
  });
  return Object.freeze({
    text,
    asksForUser,
    holds: (subject: ExpressionSubject) => test({ subject, groups: undefined }),
    match(subject: ExpressionSubject) {
      const run = { subject, groups: undefined };
      return test(run) ? (run.groups ?? []) : undefined;
    },
  });
}

/** A string with variables and functions: `%{REQUEST_SCHEME}://%{tolower:%{HTTP_HOST}}/`. @throws ExpressionSyntaxError */
export function compileStringExpression(text: string): StringExpression {
  const word = parsed(text, (parser) => parser.template());
  return Object.freeze({ text, read: (subject: ExpressionSubject) => word.read({ subject, groups: undefined }) });
}

/** Runs the parser on the bytes of the text; an error's offset is turned back into characters. */
function parsed<T>(text: string, run: (parser: ExpressionParser) => T): T {
  const bytes = toByteString(text);
  try {
    return run(new ExpressionParser(bytes));
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError) || bytes === text) throw error;
    const offset = fromByteString(bytes.slice(0, error.offset)).length;
    throw new ExpressionSyntaxError(fromByteString(error.message), offset);
  }
}
