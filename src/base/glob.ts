/**
 * Shell patterns as apr_fnmatch reads them, made into regular expressions: * ? [a-z] [!a] and backslash. Used for
 * Include, for wildcard arguments of Directory, Files and Location, and by -strmatch and its kin in expressions.
 */

export interface GlobOptions {
  /** `*`, `?` and brackets do not match a slash. */
  readonly pathname: boolean;
  /** A dot at the start is only matched by a dot: how Include spares hidden files. */
  readonly leadingDot?: boolean;
  readonly ignoreCase?: boolean;
}

/** Whether the text is a pattern at all; `[` counts only with a `]` behind it. */
export function isGlob(text: string): boolean {
  let bracket = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '*' || char === '?') return true;
    if (char === '\\') at += 1;
    else if (char === '[') bracket = true;
    else if (char === ']' && bracket) return true;
  }
  return false;
}

/** A regular expression that matches the whole of what the pattern matches. */
export function globToRegex(glob: string, options: GlobOptions): RegExp {
  const any = options.pathname ? '[^/]' : '[^]';
  const dot = options.leadingDot === true && /^[*?[]/.test(glob) ? '(?!\\.)' : '';
  let source = `^${dot}`;
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob[at] ?? '';
    if (char === '*') {
      while (glob[at + 1] === '*') at += 1;
      source += `${any}*`;
    } else if (char === '?') {
      source += any;
    } else if (char === '\\' && at + 1 < glob.length) {
      at += 1;
      source += quote(glob[at] ?? '');
    } else if (char === '[') {
      const bracket = bracketExpression(glob, at, options.pathname);
      source += bracket?.source ?? '\\[';
      at = bracket?.end ?? at;
    } else {
      source += quote(char);
    }
  }
  return new RegExp(`${source}$`, options.ignoreCase === true ? 'i' : '');
}

/** The bracket that opens at `start`, or undefined where it never closes. `end` is the offset of its `]`. */
function bracketExpression(
  glob: string,
  start: number,
  pathname: boolean,
): { readonly source: string; readonly end: number } | undefined {
  let at = start + 1;
  const negated = glob[at] === '!' || glob[at] === '^';
  if (negated) at += 1;
  const first = at;
  let items = '';
  while (at < glob.length && (glob[at] !== ']' || at === first)) {
    if (glob[at] === '\\' && at + 1 < glob.length) at += 1;
    const low = glob[at] ?? '';
    at += 1;
    const high = glob[at + 1];
    if (glob[at] === '-' && high !== undefined && high !== ']') {
      // A range that runs backwards holds nothing.
      if (low <= high) items += `${quote(low)}-${quote(high)}`;
      at += 2;
    } else {
      items += quote(low);
    }
  }
  if (at >= glob.length) return undefined;
  const slash = pathname ? '(?!/)' : '';
  return { source: `${slash}[${negated ? '^' : ''}${items}]`, end: at };
}

function quote(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
