/** mod_reqtimeout's directive: how slowly a request may come. */

import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import { serverContexts, suggestion } from './directive-arguments.js';

/** How long a part of a request may take. */
export interface ReadPace {
  /** 0: any time. */
  readonly initialSeconds: number;
  /** Up to which a client that sends at the rate gets more; equal to the first where it gets none. */
  readonly maxSeconds: number;
  /** So many bytes are worth another second; 0: none are. */
  readonly bytesPerSecond: number;
}

export type RequestPart = 'handshake' | 'header' | 'body';

/** The parts that lines name; the others have their defaults. */
export const requestReadPaces: Setting<Readonly<Partial<Record<RequestPart, ReadPace>>>> = {
  id: 'mod_reqtimeout.paces',
  merge: (outer, inner) => ({ ...outer, ...inner }),
};

/** Apache's, also where it has no line. */
export const defaultReadPaces: Readonly<Record<RequestPart, ReadPace>> = {
  handshake: { initialSeconds: 0, maxSeconds: 0, bytesPerSecond: 0 },
  header: { initialSeconds: 20, maxSeconds: 40, bytesPerSecond: 500 },
  body: { initialSeconds: 20, maxSeconds: Number.POSITIVE_INFINITY, bytesPerSecond: 500 },
};

export function readPaceOf(settings: Settings, part: RequestPart): ReadPace {
  return settings.find(requestReadPaces)?.[part] ?? defaultReadPaces[part];
}

/** Until when the part must be there, counted from its beginning. */
export function allowedSeconds(pace: ReadPace, bytes: number): number {
  if (pace.initialSeconds === 0) return Number.POSITIVE_INFINITY;
  const earned = pace.bytesPerSecond === 0 ? 0 : Math.floor(bytes / pace.bytesPerSecond);
  return Math.min(pace.initialSeconds + earned, pace.maxSeconds);
}

const parts: readonly RequestPart[] = ['handshake', 'header', 'body'];
const secondsLimit = 2_147_483;

/** `20`, `20-40`, `20,MinRate=500`, `20-40,MinRate=500`. @throws DirectiveError */
function parsePace(text: string, part: RequestPart, word: Word): ReadPace {
  const [range = '', ...further] = text.split(',');
  const found = /^(\d+)(?:-(\d+))?$/.exec(range);
  const initialSeconds = Number(found?.[1] ?? Number.NaN);
  if (!(initialSeconds <= secondsLimit)) {
    throw new DirectiveError(`the ${part} timeout must be seconds or a range of them as 20-40, not '${range}'`, word);
  }
  const last = found?.[2];
  let bytesPerSecond = 0;
  for (const rate of further) {
    const value = /^minrate=(\d+)$/i.exec(rate)?.[1];
    if (value === undefined) throw new DirectiveError(`'${rate}' must be MinRate=bytes`, word);
    bytesPerSecond = Number(value);
    if (bytesPerSecond < 1) throw new DirectiveError('MinRate must be larger than 0', word);
  }
  if (last !== undefined && Number(last) <= initialSeconds) {
    throw new DirectiveError(
      `the maximum timeout of ${part}, ${last}, must be larger than the first, ${initialSeconds}`,
      word,
    );
  }
  if (last !== undefined && bytesPerSecond === 0) {
    throw new DirectiveError(`a range of ${part} timeouts needs MinRate`, word);
  }
  const open = bytesPerSecond === 0 ? initialSeconds : Number.POSITIVE_INFINITY;
  return { initialSeconds, maxSeconds: last === undefined ? open : Number(last), bytesPerSecond };
}

function parsePaces(line: DirectiveLine): Partial<Record<RequestPart, ReadPace>> {
  const paces: Partial<Record<RequestPart, ReadPace>> = {};
  for (const word of line.args) {
    const equals = word.text.indexOf('=');
    const name = word.text.slice(0, Math.max(0, equals)).toLowerCase();
    const part = parts.find((one) => one === name);
    if (part === undefined) {
      const hint = suggestion(name, parts);
      throw new DirectiveError(
        `RequestReadTimeout takes handshake=, header= and body=, not '${word.text}'${hint}`,
        word,
      );
    }
    paces[part] = parsePace(word.text.slice(equals + 1), part, word);
  }
  return paces;
}

export const reqTimeoutDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'RequestReadTimeout',
    module: 'mod_reqtimeout',
    contexts: serverContexts,
    syntax: '[handshake=|header=|body=]seconds[-maximum][,MinRate=bytes] ...',
    args: { min: 1, max: parts.length },
    default: 'handshake=0 header=20-40,MinRate=500 body=20,MinRate=500',
    summary:
      'How long the TLS handshake, the header and the body of a request may take to arrive; 0 for any time. With MinRate so many bytes are worth another second, up to the maximum. A request that is late is answered with 408, and its connection ends. For header and handshake the first virtual host of the address and port counts. Timeout still bounds every pause.',
    difference:
      'Times are looked at once a second. The time in which the server itself does not read, as its application is slow, does not count.',
    apply(line, scope) {
      const paces = parsePaces(line);
      scope.update(requestReadPaces, (previous) => ({ ...previous, ...paces }), line.position);
    },
  },
];
