/** The functions and operators of expressions (util_expr_eval.c): each from its arguments to a closure. */

import { createHash } from 'node:crypto';
import { globToRegex } from '../../base/glob.js';
import { findIpAddress, type IpNetwork, IpNetworkError, isInNetwork, parseIpNetwork } from '../ip-network.js';
import { escapePath } from '../rewrite/uri-escapes.js';
import type { ExpressionRun, ExpressionTest, ExpressionWord } from './expression-subject.js';
import { readHeader } from './expression-variables.js';

type StringFunction = (run: ExpressionRun, argument: string) => string | undefined;

const functions: Readonly<Record<string, StringFunction>> = {
  base64: (_run, argument) => Buffer.from(argument, 'latin1').toString('base64'),
  env: ({ subject }, name) => subject.request.requestVariable(name) ?? subject.request.serverVariable(name),
  escape: (_run, argument) => escapePath(argument),
  filesize({ subject }, path) {
    const facts = subject.services.fileTest(path);
    return facts?.kind === 'file' ? String(facts.size) : '0';
  },
  http: ({ subject }, name) => readHeader(subject, name),
  md5: (_run, argument) => createHash('md5').update(argument, 'latin1').digest('hex'),
  // Apache's modules leave each other notes there; nothing here does.
  note: () => undefined,
  osenv: ({ subject }, name) => subject.request.serverVariable(name),
  req: ({ subject }, name) => readHeader(subject, name),
  req_novary: ({ subject }, name) => subject.request.header(name),
  reqenv: ({ subject }, name) => subject.request.requestVariable(name),
  resp: ({ subject }, name) => subject.responseHeader?.(name),
  sha1: (_run, argument) => createHash('sha1').update(argument, 'latin1').digest('hex'),
  tolower: (_run, argument) => argument.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  toupper: (_run, argument) => argument.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
  unbase64: (_run, argument) => Buffer.from(argument, 'base64').toString('latin1'),
  unescape: (_run, argument) => unescaped(argument),
};

const unsupportedFunctions: Readonly<Record<string, string>> = {
  file: 'it would read the file for every request; write what is in it into the expression',
  ldap: 'there is no LDAP to escape for',
};

/** All names, as the documentation lists them. */
export const EXPRESSION_FUNCTIONS: readonly string[] = Object.keys(functions);

/** The function of this name, in any case. @returns a reason where there is none */
export function findFunction(name: string): StringFunction | string {
  const lower = name.toLowerCase();
  const found = Object.hasOwn(functions, lower) ? functions[lower] : undefined;
  if (found !== undefined) return found;
  const reason = Object.hasOwn(unsupportedFunctions, lower) ? unsupportedFunctions[lower] : undefined;
  return reason === undefined ? `function '${name}' does not exist` : `function '${name}' is not supported: ${reason}`;
}

/** %XX undone but for %2F; a bad escape, and a NUL, make it the empty string. */
function unescaped(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})|%00/.test(text)) return '';
  return text.replace(/%([0-9A-Fa-f]{2})/g, (written, digits: string) =>
    digits.toLowerCase() === '2f' ? written : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

const falseWords: ReadonlySet<string> = new Set(['', '0', 'off', 'no', 'false']);

const unsupportedUnary: Readonly<Record<string, string>> = {
  A: 'requests are not run ahead',
  F: 'requests are not run ahead; -f tells whether the file is there',
  U: 'requests are not run ahead',
};

/** A test like `-z 'word'`. @returns a reason where there is none */
export function compileUnary(operator: string, word: ExpressionWord): ExpressionTest | string {
  switch (operator) {
    case 'n':
      return (run) => word.read(run) !== '';
    case 'z':
      return (run) => word.read(run) === '';
    case 'T':
      return (run) => !falseWords.has(word.read(run).toLowerCase());
    case 'R': {
      const network = constantNetwork('-R', word);
      if (typeof network === 'string') return network;
      return (run) => isIn(run.subject.request.fact('REMOTE_ADDR') ?? '', network);
    }
    case 'd':
      return fileTest(word, (facts) => facts.kind === 'directory');
    case 'e':
      return fileTest(word, () => true);
    case 'f':
      return fileTest(word, (facts) => facts.kind === 'file');
    case 's':
      return fileTest(word, (facts) => facts.kind === 'file' && facts.size > 0);
    case 'x':
      return fileTest(word, (facts) => facts.executable);
    case 'L':
    case 'h':
      return (run) => run.subject.services.isSymbolicLink(word.read(run));
  }
  const reason = Object.hasOwn(unsupportedUnary, operator) ? unsupportedUnary[operator] : undefined;
  return reason === undefined
    ? `unary operator '-${operator}' does not exist`
    : `unary operator '-${operator}' is not supported: ${reason}`;
}

/** A test like `'word' -strmatch '*.html'`. @returns a reason where there is none */
export function compileBinary(operator: string, left: ExpressionWord, right: ExpressionWord): ExpressionTest | string {
  switch (operator.toLowerCase()) {
    case 'ipmatch': {
      const network = constantNetwork(`-${operator}`, right);
      return typeof network === 'string' ? network : (run) => isIn(left.read(run), network);
    }
    case 'fnmatch':
      return globTest(left, right, { pathname: true });
    case 'strmatch':
      return globTest(left, right, { pathname: false });
    case 'strcmatch':
      return globTest(left, right, { pathname: false, ignoreCase: true });
  }
  return `binary operator '-${operator}' does not exist`;
}

type Facts = NonNullable<ReturnType<ExpressionRun['subject']['services']['fileTest']>>;

function fileTest(word: ExpressionWord, holds: (facts: Facts) => boolean): ExpressionTest {
  return (run) => {
    const facts = run.subject.services.fileTest(word.read(run));
    return facts !== undefined && holds(facts);
  };
}

function globTest(
  left: ExpressionWord,
  right: ExpressionWord,
  options: { readonly pathname: boolean; readonly ignoreCase?: boolean },
): ExpressionTest {
  const fixed = right.constant === undefined ? undefined : globToRegex(right.constant, options);
  return (run) => {
    const text = left.read(run);
    return (fixed ?? globToRegex(right.read(run), options)).test(text);
  };
}

function constantNetwork(operator: string, word: ExpressionWord): IpNetwork | string {
  if (word.constant === undefined) return `${operator} needs a network in quotes, without variables`;
  try {
    return parseIpNetwork(word.constant);
  } catch (error) {
    if (error instanceof IpNetworkError) return `${operator}: ${error.message}`;
    throw error;
  }
}

function isIn(text: string, network: IpNetwork): boolean {
  const address = findIpAddress(text);
  return address !== undefined && isInNetwork(address, network);
}
