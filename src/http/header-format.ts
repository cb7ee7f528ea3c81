/** The values of Header and RequestHeader: text with format specifiers, compiled once (mod_headers.c, parse_format_string). */

import type { ExpressionSubject } from './expression/expression.js';

/** What the specifiers tell of a request. */
export interface HeaderFacts {
  /** Microseconds since the epoch. */
  readonly startedAtMicroseconds: number;
  /** Since then. */
  readonly durationMicroseconds: () => number;
  /** Over 1, 5 and 15 minutes. */
  readonly loadAverages: () => readonly number[];
  /** A variable of the request's environment; a byte string. */
  readonly environment: (name: string) => string | undefined;
  /** A variable of mod_ssl; undefined on connections without TLS. */
  readonly sslVariable: (name: string) => string | undefined;
  /** What expressions are asked about. */
  readonly subject: () => ExpressionSubject;
}

/** Makes the value for one request. */
export type HeaderFormat = (facts: HeaderFacts) => string;

/** A format that can't be compiled. */
export class HeaderFormatError extends Error {
  override readonly name = 'HeaderFormatError';
}

/** What Apache writes where there is nothing to tell. */
const nothing = '(null)';

/** `text` is a byte string. @throws HeaderFormatError */
export function compileHeaderFormat(text: string): HeaderFormat {
  const parts: (string | HeaderFormat)[] = [];
  let at = 0;
  while (at < text.length) {
    const percent = text.indexOf('%', at);
    const end = percent < 0 ? text.length : percent;
    if (end > at) parts.push(checkText(unescapeText(text.slice(at, end))));
    if (percent < 0) break;
    const specifier = parseSpecifier(text, percent);
    parts.push(specifier.part);
    at = specifier.end;
  }
  if (parts.every((part) => typeof part === 'string')) {
    const constant = parts.join('');
    return () => constant;
  }
  return (facts) => parts.map((part) => (typeof part === 'string' ? part : part(facts))).join('');
}

function parseSpecifier(text: string, percent: number): { part: string | HeaderFormat; end: number } {
  const next = text.charAt(percent + 1);
  // A % at the end stands for itself as %% does.
  if (next === '%' || next === '') return { part: '%', end: percent + 2 };
  let letterAt = percent + 1;
  let name = '';
  if (next === '{') {
    const close = text.indexOf('}', percent);
    if (close < 0) throw new HeaderFormatError(`'%{' without '}' in '${text}'`);
    name = text.slice(percent + 2, close);
    letterAt = close + 1;
  }
  return { part: makeSpecifier(text.charAt(letterAt), name), end: letterAt + 1 };
}

function makeSpecifier(letter: string, name: string): HeaderFormat {
  switch (letter) {
    case 't':
      return (facts) => `t=${Math.floor(facts.startedAtMicroseconds)}`;
    case 'D':
      return (facts) => `D=${Math.floor(facts.durationMicroseconds())}`;
    case 'l':
      return (facts) => {
        const averages = facts.loadAverages().map((average) => average.toFixed(2));
        return `l=${averages.join('/')}`;
      };
    case 'e':
      return (facts) => cleanText(facts.environment(name) ?? nothing);
    case 's':
      return (facts) => cleanText(facts.sslVariable(name) || nothing);
    case 'i':
    case 'b':
      throw new HeaderFormatError(
        `header format %${letter} is not supported: there are no worker threads of the server to count, use %l`,
      );
    default:
      throw new HeaderFormatError(
        letter === '' ? "'%{...}' without a letter" : `unrecognized header format %${letter}`,
      );
  }
}

function unescapeText(text: string): string {
  return text.replace(/\\([\\rnt])/g, (_, letter: string) =>
    letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter === 't' ? '\t' : '\\',
  );
}

function checkText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) throw new HeaderFormatError('a header can not hold control characters');
  return text;
}

/** What an expression came to. */
export function cleanValue(read: HeaderFormat): HeaderFormat {
  return (facts) => cleanText(read(facts));
}

/** What a client or an application had a hand in must not end the field. */
function cleanText(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
}
