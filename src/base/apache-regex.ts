/**
 * Regular expressions as Apache writes them (PCRE, bytes, not UTF) made into JavaScript's. Where both agree on a
 * meaning it is translated; where JavaScript has no counterpart this says so instead of matching something else.
 * Apache's RegexDefaultOptions hold: a dot matches a newline too (DOTALL), `$` only the very end (DOLLAR_ENDONLY).
 *
 * Two differences stay: a group inside a repetition is emptied at each turn, where PCRE keeps the last capture; and a
 * back-reference to a group that took no part matches the empty string, where PCRE fails.
 */

/** A pattern that can't be used. `offset` is the character of the pattern to point at. */
export class ApacheRegexError extends Error {
  override readonly name = 'ApacheRegexError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** PCRE's classes, which are ASCII in Apache; JavaScript's \s takes Unicode's blanks too. */
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  word: 'A-Za-z0-9_',
  xdigit: 'A-Fa-f0-9',
};

/** Escapes that mean the same once written so; inside a class the value stands without its brackets. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\\x07',
  e: '\\x1b',
  s: '[\\t-\\r ]',
  S: '[^\\t-\\r ]',
  h: '[ \\t\\xa0]',
  H: '[^ \\t\\xa0]',
  v: '[\\n-\\r\\x85]',
  V: '[^\\n-\\r\\x85]',
  N: '[^\\n]',
  R: '(?:\\r\\n|[\\n-\\r\\x85])',
};
const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  a: '\\x07',
  e: '\\x1b',
  s: '\\t-\\r ',
  S: '\\x00-\\x08\\x0e-\\x1f!-\\uffff',
  h: ' \\t\\xa0',
  v: '\\n-\\r\\x85',
  b: '\\x08',
};
const ANCHORS: Readonly<Record<string, string>> = { A: '(?<![^])', z: '(?![^])', Z: '(?=\\n?(?![^]))' };

/**
 * Compiles one pattern. Groups keep their numbers and names. Leading (?i), (?s) and (?m) are taken over.
 * @throws ApacheRegexError
 */
export function compileApacheRegex(pattern: string, options: { readonly ignoreCase?: boolean } = {}): RegExp {
  const translation = new Translation(pattern, options.ignoreCase === true);
  const source = translation.run();
  try {
    return new RegExp(source, translation.flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, '').toLowerCase() : String(error);
    throw new ApacheRegexError(`is no regular expression: ${reason}`, 0);
  }
}

class Translation {
  readonly #pattern: string;
  #at = 0;
  #ignoreCase: boolean;
  #multiline = false;
  readonly #groups: number;

  constructor(pattern: string, ignoreCase: boolean) {
    this.#pattern = pattern;
    this.#ignoreCase = ignoreCase;
    this.#groups = countGroups(pattern);
  }

  get flags(): string {
    return (this.#ignoreCase ? 'i' : '') + (this.#multiline ? 'm' : '');
  }

  run(): string {
    this.#leadingOptions();
    let source = '';
    while (this.#at < this.#pattern.length) source += this.#piece();
    return source;
  }

  #fail(what: string, offset = this.#at): never {
    throw new ApacheRegexError(`${what} has no counterpart here, write the expression without it`, offset);
  }

  #take(regex: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(regex.source, 'y');
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#pattern);
    if (match === null) return undefined;
    this.#at = sticky.lastIndex;
    return match;
  }

  #leadingOptions(): void {
    for (let match = this.#take(/\(\?([a-z]*)(?:-[a-z]*)?\)/); match !== undefined; ) {
      for (const letter of match[1] ?? '') {
        if (letter === 'i') this.#ignoreCase = true;
        else if (letter === 'm') this.#multiline = true;
        else if (letter !== 's') this.#fail(`the option (?${letter})`, 0);
      }
      match = this.#take(/\(\?([a-z]*)(?:-[a-z]*)?\)/);
    }
  }

  #piece(): string {
    const char = this.#pattern[this.#at] ?? '';
    if (char === '\\') return this.#escape();
    if (char === '[') return this.#bracket();
    if (char === '(') return this.#group();
    const quantifier = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})(\+?)/);
    if (quantifier !== undefined) {
      if (quantifier[1] === '+') this.#fail(`the possessive quantifier '${quantifier[0]}'`, this.#at - 1);
      return quantifier[0];
    }
    this.#at += 1;
    if (char === '.') return '[^]';
    return char === '{' || char === '}' || char === ']' ? `\\${char}` : char;
  }

  #group(): string {
    const start = this.#at;
    if (this.#take(/\(\?#[^)]*\)/) !== undefined) return '';
    const named = this.#take(/\(\?P?<([A-Za-z_]\w*)>/) ?? this.#take(/\(\?'([A-Za-z_]\w*)'/);
    if (named !== undefined) return `(?<${named[1]}>`;
    const reference = this.#take(/\(\?P=([A-Za-z_]\w*)\)/);
    if (reference !== undefined) return `\\k<${reference[1]}>`;
    const plain = this.#take(/\(\?(?::|=|!|<=|<!)/);
    if (plain !== undefined) return plain[0];
    if (/^\((?:\?|\*)/.test(this.#pattern.slice(start, start + 2))) {
      this.#fail(`'${this.#pattern.slice(start, start + 4)}'`, start);
    }
    this.#at += 1;
    return '(';
  }

  #escape(): string {
    const start = this.#at;
    const quoted = this.#take(/\\Q((?:(?!\\E)[\s\S])*)(?:\\E)?/);
    if (quoted !== undefined) return (quoted[1] ?? '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const hexadecimal = this.#take(/\\x\{0*([0-9A-Fa-f]+)\}/);
    if (hexadecimal !== undefined) {
      const digits = hexadecimal[1] ?? '';
      if (digits.length > 2)
        throw new ApacheRegexError(`'${hexadecimal[0]}' is not a byte; patterns match bytes`, start);
      return `\\x${digits.padStart(2, '0')}`;
    }
    const back = this.#take(/\\(?:([1-9])(?!\d)|g\{?([1-9]\d?)\}?)/);
    if (back !== undefined) {
      const number = back[1] ?? back[2] ?? '';
      if (Number(number) > this.#groups) throw new ApacheRegexError(`there is no group ${number}`, start);
      return `(?:\\${number})`;
    }
    const namedBack = this.#take(/\\[gk](?:<(\w+)>|\{([A-Za-z_]\w*)\}|'(\w+)')/);
    if (namedBack !== undefined) return `\\k<${namedBack[1] ?? namedBack[2] ?? namedBack[3]}>`;
    const letter = this.#pattern[start + 1];
    if (letter === undefined) throw new ApacheRegexError('ends in a backslash', start);
    this.#at += 2;
    if (letter === 'E') return '';
    const known = ESCAPES[letter] ?? ANCHORS[letter];
    if (known !== undefined) return known;
    return this.#sharedEscape(letter, start);
  }

  /** Escapes that both languages read alike, and punctuation, which stands for itself. */
  #sharedEscape(letter: string, start: number): string {
    if (letter === 'x') {
      const digits = this.#take(/[0-9A-Fa-f]{0,2}/)?.[0] ?? '';
      return `\\x${digits.padStart(2, '0')}`;
    }
    if (letter === '0') {
      const digits = this.#take(/[0-7]{0,2}/)?.[0] ?? '';
      return `\\x${Number.parseInt(`0${digits}`, 8).toString(16).padStart(2, '0')}`;
    }
    if (/[dDwWtnrf]/.test(letter) || letter === 'b' || letter === 'B') return `\\${letter}`;
    if (/[A-Za-z0-9]/.test(letter)) this.#fail(`'\\${letter}'`, start);
    return /[\\^$.*+?()[\]{}|/-]/.test(letter) ? `\\${letter}` : letter;
  }

  #bracket(): string {
    const start = this.#at;
    this.#at += 1;
    const negated = this.#pattern[this.#at] === '^';
    if (negated) this.#at += 1;
    const first = this.#at;
    let items = '';
    while (this.#pattern[this.#at] !== ']' || this.#at === first) {
      if (this.#at >= this.#pattern.length) throw new ApacheRegexError("'[' is never closed", start);
      items += this.#bracketItem();
    }
    this.#at += 1;
    return `[${negated ? '^' : ''}${items}]`;
  }

  #bracketItem(): string {
    const start = this.#at;
    const posix = this.#take(/\[:(\^?)([a-z]+):\]/);
    if (posix !== undefined) {
      const set = POSIX_CLASSES[posix[2] ?? ''];
      if (set === undefined || posix[1] === '^') this.#fail(`'${posix[0]}'`, start);
      return set;
    }
    if (this.#pattern[start] !== '\\') {
      this.#at += 1;
      const char = this.#pattern[start] ?? '';
      return char === '[' || char === ']' || char === '^' ? `\\${char}` : char;
    }
    const letter = this.#pattern[start + 1];
    if (letter === undefined) throw new ApacheRegexError("'[' is never closed", start);
    this.#at += 2;
    return CLASS_ESCAPES[letter] ?? this.#sharedEscape(letter, start);
  }
}

/** Capturing groups in the pattern; brackets and escapes skipped. */
function countGroups(pattern: string): number {
  const tokens =
    pattern.match(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:[a-z]+:\]|[^\]\\])*\]|\((?:\?P?<(?![=!])|\?'|(?!\?))/g) ?? [];
  return tokens.filter((token) => token.startsWith('(')).length;
}
