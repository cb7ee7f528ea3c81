/**
 * The words of an expression, as httpd's scanner cuts them (util_expr_scan.l): the longest match counts. Strings and
 * regular expressions are found by their delimiters only; what is in them the parser reads with `readString`.
 */

import { ExpressionSyntaxError } from './expression-error.js';

export type TokenKind =
  | 'and'
  | 'back-reference'
  | 'binary'
  | 'comparison'
  | 'concat'
  | 'end'
  | 'in'
  | 'literal'
  | 'match'
  | 'name'
  | 'not'
  | 'number'
  | 'or'
  | 'punctuation'
  | 'quote'
  | 'regex'
  | 'unary'
  | 'variable';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a regular expression its pattern, of an operator with a dash what follows that. */
  readonly text: string;
  readonly offset: number;
  /** Of a regular expression: flag i. */
  readonly ignoreCase?: boolean;
}

const blanks = /[ \t\n]+/y;
const word = /[a-zA-Z][a-zA-Z0-9_]*/y;
const dashed = /-(?:[a-zA-Z_][a-zA-Z_0-9]*|[0-9]+)/y;
const digits = /[0-9]+/y;
const operator = /=~|!~|==?|!=|<=?|>=?|&&|\|\||!|\.|[(){},:]/y;
const regexStart = /m[/#$%^,;:_?|\-!.'"]/y;

const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];
const operators: Readonly<Record<string, TokenKind>> = {
  '=~': 'match',
  '!~': 'match',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
  '.': 'concat',
};

export class ExpressionScanner {
  readonly text: string;
  /** Where the next token, or the rest of a string, starts. */
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  fail(message: string, offset = this.at): never {
    throw new ExpressionSyntaxError(message, offset);
  }

  next(): Token {
    this.#take(blanks);
    const offset = this.at;
    const char = this.text.charAt(offset);
    if (char === '') return { kind: 'end', text: '', offset };
    if (char === '"' || char === "'") return this.#advance('quote', char);
    if (this.text.startsWith('%{', offset)) return this.#advance('variable', '%{');
    if (char === '$' && /[0-9]/.test(this.text.charAt(offset + 1))) {
      this.at += 2;
      return { kind: 'back-reference', text: this.text.charAt(offset + 1), offset };
    }
    if (char === '/') return this.#regex(1);
    if (char === 'm' && this.#isRegexStart()) return this.#regex(2);
    return this.#plain(offset);
  }

  /** A longer name, m_x for one, is a name. */
  #isRegexStart(): boolean {
    regexStart.lastIndex = this.at;
    word.lastIndex = this.at;
    return regexStart.test(this.text) && (word.exec(this.text)?.[0].length ?? 0) <= 2;
  }

  #plain(offset: number): Token {
    const dash = this.#take(dashed);
    if (dash !== undefined) return dashedToken(dash, offset);
    const number = this.#take(digits);
    if (number !== undefined) return { kind: 'number', text: number, offset };
    const name = this.#take(word);
    if (name !== undefined) return { kind: nameKind(name), text: name, offset };
    const text = this.#take(operator);
    if (text === undefined) this.fail(`unexpected '${this.text.charAt(offset)}'; strings stand in quotes`);
    if (/^[(){},:]$/.test(text)) return { kind: 'punctuation', text, offset };
    return { kind: operators[text] ?? 'comparison', text, offset };
  }

  /** `opener` characters, the last of them the delimiter. A backslash does not hide the delimiter, as in Apache. */
  #regex(opener: number): Token {
    const offset = this.at;
    const start = offset + opener;
    const end = this.text.indexOf(this.text.charAt(start - 1), start);
    if (end < 0) this.fail('regular expression without an end', offset);
    this.at = end + 1;
    const ignoreCase = this.text.charAt(this.at) === 'i';
    if (ignoreCase) this.at += 1;
    return { kind: 'regex', text: this.text.slice(start, end), offset, ignoreCase };
  }

  #advance(kind: TokenKind, text: string): Token {
    const offset = this.at;
    this.at += text.length;
    return { kind, text, offset };
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

function dashedToken(text: string, offset: number): Token {
  const name = text.slice(1);
  if (/^[0-9]/.test(name)) return { kind: 'number', text, offset };
  if (name === 'in') return { kind: 'in', text, offset };
  if (comparisons.includes(name)) return { kind: 'comparison', text: name, offset };
  return { kind: name.length === 1 ? 'unary' : 'binary', text: name, offset };
}

function nameKind(name: string): TokenKind {
  if (name === 'and' || name === 'or' || name === 'not' || name === 'in') return name;
  if (name === 'true' || name === 'false') return 'literal';
  // Without a dash for the sake of old SSLRequire lines.
  return comparisons.includes(name) ? 'comparison' : 'name';
}
