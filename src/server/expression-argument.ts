/** Expressions as arguments of directives: compiled, with errors that point into them. */

import { DirectiveError } from '../conf/directive.js';
import { positionAfter, type Word } from '../conf/source.js';
import {
  compileExpression,
  compileStringExpression,
  type Expression,
  ExpressionSyntaxError,
  type StringExpression,
} from '../http/expression/expression.js';

/** Characters that the first word of a line has in front of its text: the quote. */
export function quoteLength(rawArgs: string): number {
  return /^["']/.test(rawArgs) ? 1 : 0;
}

/**
 * The expression that is one word. `before`: characters between the word's position and its text.
 * @throws DirectiveError that points at what is wrong in it, as far as escapes in the word let that be told
 */
export function compileExpressionWord(word: Word, before = 0): Expression {
  return compileWord(word, before, compileExpression);
}

/** The same for one that makes a text. @throws DirectiveError */
export function compileStringExpressionWord(word: Word, before = 0): StringExpression {
  return compileWord(word, before, compileStringExpression);
}

function compileWord<T>(word: Word, before: number, compile: (text: string) => T): T {
  try {
    return compile(word.text);
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    const { position } = word;
    const at = positionAfter(position, before + error.offset);
    throw new DirectiveError(`expression: ${error.message}`, { text: word.text, position: at });
  }
}
