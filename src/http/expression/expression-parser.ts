/** From the text of an expression to closures, by the grammar of util_expr_parse.y. expression.ts is the way in. */

import { ApacheRegexError, compileApacheRegex } from '../../base/apache-regex.js';
import { compileBinary, compileUnary, findFunction } from './expression-functions.js';
import { ExpressionScanner, type Token } from './expression-scanner.js';
import type { ExpressionRun, ExpressionTest, ExpressionWord } from './expression-subject.js';
import { findVariable } from './expression-variables.js';

/** Parentheses and negations inside each other. Apache gives up at 20, but when the request is there. */
const depthLimit = 100;

/** What a string ends with: a quote, the brace of a function, or nothing but the end of the text. */
type StringEnd = '"' | "'" | '}' | '';

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

export class ExpressionParser {
  readonly #scanner: ExpressionScanner;
  #token: Token = { kind: 'end', text: '', offset: 0 };
  #depth = 0;
  #asksForUser = false;

  constructor(text: string) {
    this.#scanner = new ExpressionScanner(text);
  }

  /** Whether %{REMOTE_USER} occurs in what was parsed. */
  get asksForUser(): boolean {
    return this.#asksForUser;
  }

  /** The whole text as a condition. @throws ExpressionSyntaxError */
  condition(): ExpressionTest {
    this.#advance();
    const test = this.#or();
    if (this.#token.kind !== 'end') this.#unexpected("'&&', '||' or the end");
    return test;
  }

  /** The whole text as a string without quotes. @throws ExpressionSyntaxError */
  template(): ExpressionWord {
    return this.#string('', 0);
  }

  #advance(): Token {
    const before = this.#token;
    this.#token = this.#scanner.next();
    return before;
  }

  #unexpected(expected: string): never {
    const { kind, offset, text } = this.#token;
    const found =
      kind === 'end' ? 'the expression ends' : `'${kind === 'unary' || kind === 'binary' ? '-' : ''}${text}'`;
    this.#scanner.fail(
      kind === 'end' ? `${found} where ${expected} is expected` : `${expected} is expected, not ${found}`,
      offset,
    );
  }

  #or(): ExpressionTest {
    const tests = [this.#and()];
    while (this.#token.kind === 'or') {
      this.#advance();
      tests.push(this.#and());
    }
    const [only] = tests;
    return tests.length === 1 && only !== undefined ? only : (run) => tests.some((test) => test(run));
  }

  #and(): ExpressionTest {
    const tests = [this.#not()];
    while (this.#token.kind === 'and') {
      this.#advance();
      tests.push(this.#not());
    }
    const [only] = tests;
    return tests.length === 1 && only !== undefined ? only : (run) => tests.every((test) => test(run));
  }

  #not(): ExpressionTest {
    let negated = false;
    while (this.#token.kind === 'not') {
      this.#advance();
      negated = !negated;
    }
    const test = this.#primary();
    return negated ? (run) => !test(run) : test;
  }

  #primary(): ExpressionTest {
    const { kind, text } = this.#token;
    if (kind === 'literal') {
      this.#advance();
      return () => text === 'true';
    }
    if (kind === 'punctuation' && text === '(') {
      this.#enter();
      this.#advance();
      const test = this.#or();
      this.#expect(')');
      this.#depth -= 1;
      return test;
    }
    if (kind === 'unary') {
      const { offset } = this.#advance();
      return this.#found(compileUnary(text, this.#word()), offset);
    }
    return this.#comparison(this.#word());
  }

  #comparison(left: ExpressionWord): ExpressionTest {
    const operator = this.#token;
    switch (operator.kind) {
      case 'comparison':
        this.#advance();
        return compare(operator.text, left, this.#word());
      case 'binary':
        this.#advance();
        return this.#found(compileBinary(operator.text, left, this.#word()), operator.offset);
      case 'in':
        this.#advance();
        return this.#list(left);
      case 'match':
        this.#advance();
        return this.#match(left, operator.text === '!~');
      default:
        this.#unexpected('an operator such as == or =~');
    }
  }

  #list(left: ExpressionWord): ExpressionTest {
    if (this.#token.kind === 'name') {
      this.#scanner.fail(`list function '${this.#token.text}' does not exist`, this.#token.offset);
    }
    this.#expect('{');
    const words = [this.#word()];
    while (this.#token.kind === 'punctuation' && this.#token.text === ',') {
      this.#advance();
      words.push(this.#word());
    }
    this.#expect('}');
    return (run) => {
      const text = left.read(run);
      return words.some((word) => word.read(run) === text);
    };
  }

  #match(left: ExpressionWord, negated: boolean): ExpressionTest {
    const { ignoreCase, kind, offset, text } = this.#token;
    if (kind !== 'regex') this.#unexpected('a regular expression, /.../ or m#...#,');
    this.#advance();
    const regex = this.#regex(text, ignoreCase === true, offset);
    // As in Apache, what earlier groups held stays when an expression without groups is tried.
    const hasGroups = (new RegExp(`${regex.source}|`).exec('')?.length ?? 1) > 1;
    return (run) => {
      const input = left.read(run);
      if (!hasGroups) return regex.test(input) !== negated;
      run.groups = regex.exec(input) ?? undefined;
      return (run.groups !== undefined) !== negated;
    };
  }

  #regex(pattern: string, ignoreCase: boolean, offset: number): RegExp {
    try {
      return compileApacheRegex(pattern, { ignoreCase });
    } catch (error) {
      if (error instanceof ApacheRegexError) this.#scanner.fail(`regular expression: ${error.message}`, offset);
      throw error;
    }
  }

  /** One or more strings that dots join. */
  #word(): ExpressionWord {
    const parts = [this.#part()];
    while (this.#token.kind === 'concat') {
      this.#advance();
      parts.push(this.#part());
    }
    return joined(parts);
  }

  #part(): ExpressionWord {
    const { kind, offset, text } = this.#token;
    switch (kind) {
      case 'number':
        this.#advance();
        return { read: () => text };
      case 'back-reference':
        this.#advance();
        return backReference(Number(text));
      case 'variable': {
        const word = this.#variable(offset);
        this.#advance();
        return word;
      }
      case 'quote': {
        const word = this.#string(text === '"' ? '"' : "'", offset);
        this.#advance();
        return word;
      }
      case 'name':
        return this.#call(text, offset);
      default:
        this.#unexpected('a string, variable or number');
    }
  }

  /** `tolower('word')`. */
  #call(name: string, offset: number): ExpressionWord {
    this.#advance();
    if (this.#token.kind !== 'punctuation' || this.#token.text !== '(') {
      this.#scanner.fail(`'${name}' is no function call; strings stand in quotes`, offset);
    }
    this.#enter();
    this.#advance();
    const argument = this.#word();
    this.#expect(')');
    this.#depth -= 1;
    return this.#function(name, argument, offset);
  }

  /** What follows `%{`, up to and with the brace. */
  #variable(offset: number): ExpressionWord {
    const scanner: ExpressionScanner = this.#scanner;
    const name = /^[a-zA-Z][a-zA-Z0-9_]*/.exec(scanner.text.slice(scanner.at))?.[0];
    if (name === undefined) scanner.fail("the name of a variable is expected after '%{'");
    scanner.at += name.length;
    const char = scanner.text.charAt(scanner.at);
    scanner.at += 1;
    if (char === '}') {
      const read = this.#found(findVariable(name), offset);
      if (name.toUpperCase() === 'REMOTE_USER') this.#asksForUser = true;
      return { read };
    }
    if (char !== ':')
      scanner.fail(char === '' ? "'%{' without '}'" : `'${char}' in the name of a variable`, scanner.at - 1);
    this.#enter();
    const argument = this.#string('}', offset);
    this.#depth -= 1;
    if (argument.constant === '') scanner.fail(`'%{${name}:}' lacks its argument`, offset);
    return this.#function(name, argument, offset);
  }

  #function(name: string, argument: ExpressionWord, offset: number): ExpressionWord {
    const call = this.#found(findFunction(name), offset);
    return { read: (run) => call(run, argument.read(run)) ?? '' };
  }

  /** The text up to `end`, with variables, back-references and escapes. `offset`: where it began, for the message. */
  #string(end: StringEnd, offset: number): ExpressionWord {
    const scanner: ExpressionScanner = this.#scanner;
    const parts: ExpressionWord[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push(constant(text));
      text = '';
    };
    for (;;) {
      const char = scanner.text.charAt(scanner.at);
      const next = scanner.text.charAt(scanner.at + 1);
      if (char === end) {
        scanner.at += 1;
        break;
      }
      if (char === '') scanner.fail(end === '}' ? "'%{' without '}'" : `string without its closing ${end}`, offset);
      // Apache ends with a fatal error of its own there.
      if (end === '}' && (char === '"' || char === "'")) scanner.fail(`write \\${char} in the argument of a function`);
      if (char === '\n') scanner.fail('a string may not go over the end of a line');
      if (char === '\\' && next !== '') text += this.#escape();
      else if (char === '$' && /[0-9]/.test(next)) {
        flush();
        parts.push(backReference(Number(next)));
        scanner.at += 2;
      } else if (char === '%' && next === '{') {
        flush();
        const start = scanner.at;
        scanner.at += 2;
        parts.push(this.#variable(start));
      } else {
        text += char;
        scanner.at += 1;
      }
    }
    flush();
    return parts.length === 0 ? constant('') : joined(parts);
  }

  #escape(): string {
    const scanner: ExpressionScanner = this.#scanner;
    const number = /^\\([0-9]+)/.exec(scanner.text.slice(scanner.at))?.[1];
    if (number === undefined) {
      const char = scanner.text.charAt(scanner.at + 1);
      scanner.at += 2;
      return escapes[char] ?? char;
    }
    const octal = /^[0-7]{1,3}/.exec(number)?.[0];
    const value = octal === undefined ? Number.NaN : Number.parseInt(octal, 8);
    // The longer of octal digits and digits counts, and the second is an error.
    if (octal === undefined || octal.length < number.length || value > 0xff) {
      scanner.fail(`'\\${number}' is no character; write up to three octal digits, at most \\377`);
    }
    scanner.at += 1 + octal.length;
    return String.fromCharCode(value);
  }

  #expect(text: string): void {
    if (this.#token.kind !== 'punctuation' || this.#token.text !== text) this.#unexpected(`'${text}'`);
    this.#advance();
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > depthLimit) this.#scanner.fail(`more than ${depthLimit} levels inside each other`);
  }

  /** What a table has, or its reason as an error. */
  #found<T>(value: T | string, offset: number): T {
    if (typeof value === 'string') this.#scanner.fail(value, offset);
    return value;
  }
}

function constant(text: string): ExpressionWord {
  return { constant: text, read: () => text };
}

function backReference(group: number): ExpressionWord {
  return { read: (run) => run.groups?.[group] ?? '' };
}

function joined(parts: readonly ExpressionWord[]): ExpressionWord {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return { read: (run: ExpressionRun) => parts.map((part) => part.read(run)).join('') };
}

/** Signs compare strings byte by byte, words compare numbers. */
function compare(operator: string, left: ExpressionWord, right: ExpressionWord): ExpressionTest {
  switch (operator) {
    case '=':
    case '==':
      return (run) => left.read(run) === right.read(run);
    case '!=':
      return (run) => left.read(run) !== right.read(run);
    case '<':
      return (run) => left.read(run) < right.read(run);
    case '<=':
      return (run) => left.read(run) <= right.read(run);
    case '>':
      return (run) => left.read(run) > right.read(run);
    case '>=':
      return (run) => left.read(run) >= right.read(run);
    case 'eq':
      return (run) => integer(left.read(run)) === integer(right.read(run));
    case 'ne':
      return (run) => integer(left.read(run)) !== integer(right.read(run));
    case 'lt':
      return (run) => integer(left.read(run)) < integer(right.read(run));
    case 'le':
      return (run) => integer(left.read(run)) <= integer(right.read(run));
    case 'gt':
      return (run) => integer(left.read(run)) > integer(right.read(run));
    default:
      return (run) => integer(left.read(run)) >= integer(right.read(run));
  }
}

/** As apr_atoi64: leading blanks, a sign, digits; what follows is ignored, and no digits at all count as 0. */
function integer(text: string): number {
  return Number(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0);
}
