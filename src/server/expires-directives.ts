/** mod_expires: how long clients and caches may keep responses. The lines become the rules of http/expiry.ts. */

import { type DirectiveDefinition, DirectiveError, flagDirective, valueDirective } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import { type Expiry, ExpiryError, type ExpiryRules, parseExpiry } from '../http/expiry.js';
import { allContexts, getWord } from './directive-arguments.js';

export const expiresSettings = Object.freeze({
  active: { id: 'mod_expires.active' } as Setting<boolean>,
  byType: {
    id: 'mod_expires.by-type',
    merge: (outer, inner) => new Map([...outer, ...inner]),
  } as Setting<ReadonlyMap<string, Expiry>>,
  fallback: { id: 'mod_expires.default' } as Setting<Expiry>,
});

/** Undefined where responses get no such fields. */
export function findExpiryRules(settings: Settings): ExpiryRules | undefined {
  if (!settings.get(expiresSettings.active, false)) return undefined;
  const byType = settings.get(expiresSettings.byType, new Map<string, Expiry>());
  const fallback = settings.find(expiresSettings.fallback);
  return byType.size === 0 && fallback === undefined ? undefined : { byType, fallback };
}

function parseCode(word: Word): Expiry {
  try {
    return parseExpiry(word.text);
  } catch (error) {
    if (!(error instanceof ExpiryError)) throw error;
    throw new DirectiveError(`bad expires code: ${error.message}`, word);
  }
}

export const expiresDirectives: readonly DirectiveDefinition[] = [
  flagDirective(expiresSettings.active, {
    name: 'ExpiresActive',
    module: 'mod_expires',
    contexts: allContexts,
    override: 'Indexes',
    default: 'Off',
    summary:
      'Whether responses get Expires and Cache-Control: max-age from ExpiresByType and ExpiresDefault. Those that have an Expires already and errors get none.',
  }),
  {
    name: 'ExpiresByType',
    module: 'mod_expires',
    contexts: allContexts,
    override: 'Indexes',
    syntax: 'media-type code',
    args: { min: 2, max: 2 },
    summary:
      'When responses of a media type expire: A or M and seconds, or "access plus 1 month 2 days" and "modification plus 1 week", from the request or from the last change of the file. image/* stands for all types of its kind.',
    difference: "An inner scope's lines leave the outer one's image/* in force; in Apache they take it away.",
    apply(line, scope) {
      const word = getWord(line, 0);
      if (!word.text.includes('/')) throw new DirectiveError(`'${word.text}' is no media type: it has no slash`, word);
      const expiry = parseCode(getWord(line, 1));
      const type = word.text.toLowerCase();
      scope.update(expiresSettings.byType, (previous) => new Map([...(previous ?? []), [type, expiry]]), line.position);
    },
  },
  valueDirective(
    expiresSettings.fallback,
    {
      name: 'ExpiresDefault',
      module: 'mod_expires',
      contexts: allContexts,
      override: 'Indexes',
      syntax: 'code',
      summary: 'When responses expire whose type no ExpiresByType names.',
    },
    parseCode,
  ),
];
