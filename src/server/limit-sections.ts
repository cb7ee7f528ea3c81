/**
 * <Limit> and <LimitExcept>, sections of httpd's core: access rules for some methods only. As in httpd their lines belong
 * to the scope around them, and those that have nothing to do with access hold for every method.
 */

import { holdsForMethod, intersectLimits, type MethodLimit } from '../base/method-limit.js';
import { DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { SectionDefinition } from '../conf/section-definition.js';
import type { Word } from '../conf/source.js';
import { knownMethods } from './known-methods.js';

type LimitName = 'Limit' | 'LimitExcept';

/** The section of this name, in any case; undefined for others. */
export function findLimitName(name: string): LimitName | undefined {
  const lower = name.toLowerCase();
  return lower === 'limit' ? 'Limit' : lower === 'limitexcept' ? 'LimitExcept' : undefined;
}

/** What lines inside the section hold for, under the limit of the sections around it. @throws DirectiveError */
export function parseLimit(
  name: LimitName,
  words: readonly Word[],
  line: Pick<DirectiveLine, 'report' | 'limitedTo'> & { readonly isAccessFile: boolean },
): MethodLimit {
  const methods = new Set<string>();
  for (const word of words) methods.add(parseMethod(word, name, line));
  const own: MethodLimit = { isExcept: name === 'LimitExcept', methods };
  const outer = line.limitedTo;
  const limit = intersectLimits(outer, own);
  if (!limit.isExcept && limit.methods.size === 0) throw new DirectiveError(`<${name}> directive excludes all methods`);
  if (outer !== undefined && isSame(outer, limit)) {
    throw new DirectiveError(`<${name}> directive specifies methods already excluded`);
  }
  return limit;
}

function parseMethod(
  word: Word,
  name: LimitName,
  line: Pick<DirectiveLine, 'report'> & { readonly isAccessFile: boolean },
): string {
  const { text } = word;
  if (text === 'TRACE' && name === 'Limit') {
    throw new DirectiveError('TRACE cannot be controlled by <Limit>, see TraceEnable', word);
  }
  if (knownMethods.has(text)) return text === 'HEAD' ? 'GET' : text;
  if (line.isAccessFile) {
    throw new DirectiveError(`Could not register method '${text}' for <${name} from .htaccess configuration`, word);
  }
  const upper = text.toUpperCase();
  if (knownMethods.has(upper)) {
    // A method of its own to Apache as well: the rules would stand open for the one that was meant.
    line.report('warning', `'${text}' is not ${upper}: methods are compared with their letter case`, word.position);
  }
  return text;
}

function isSame(one: MethodLimit, other: MethodLimit): boolean {
  if (one.isExcept !== other.isExcept || one.methods.size !== other.methods.size) return false;
  return [...one.methods].every((method) => holdsForMethod(other, method) !== other.isExcept);
}

function limitSection(name: LimitName, summary: string): SectionDefinition {
  return {
    name,
    module: 'core',
    contexts: ['directory', '.htaccess'],
    override: ['AuthConfig', 'Limit'],
    syntax: 'method [method] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary,
    apply(line) {
      const isAccessFile = line.isAccessFile === true;
      line.resolveInPlace(parseLimit(name, line.args, Object.assign({ isAccessFile }, line)));
    },
  };
}

export const limitSections: readonly SectionDefinition[] = [
  limitSection(
    'Limit',
    'Require, Order, Allow, Deny and Satisfy for requests of these methods; GET is HEAD too, and letter case matters. Other methods are let through by what stands inside, so a section that shall protect something is better written with LimitExcept, or without either. Other directives inside hold for all methods.',
  ),
  limitSection(
    'LimitExcept',
    'Require, Order, Allow, Deny and Satisfy for requests of all methods but these, also of those that nobody knows. Other directives inside hold for all methods.',
  ),
];
