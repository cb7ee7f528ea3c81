/** The head of an application's response, as its process sends it: status line and fields, less what is the server's. */

import { KnownTexts } from '../base/known-texts.js';
import { keepFieldLines } from '../http/field-lines.js';

export interface ApplicationHead {
  /** 0 or NaN where the status line does not begin with one. */
  readonly status: number;
  readonly statusText: string;
  readonly reason: string;
  /** Flat: name, value, name, value. */
  readonly fields: readonly string[];
  /** '' where there is none. */
  readonly location: string;
}

/** Fields that belong to the connection, not to the application (RFC 9110 7.6.1), and those that the server sets. */
const withheldFields = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'date',
  'server',
]);

/** Fields that Apache's child sets one by one as it reads them: of several the last one counts. */
const singleFields = new Set(['content-type', 'location', 'last-modified', 'content-range']);

/** `text`: the status line, then names and values, each in a line of its own. */
export function parseApplicationHead(text: string): ApplicationHead {
  const [statusLine = '', ...lines] = text.split('\n');
  const fields: string[] = [];
  let location = '';
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] as string;
    const known = name.toLowerCase();
    if (withheldFields.has(known)) continue;
    const value = lines[at + 1] as string;
    if (singleFields.has(known)) {
      removeField(fields, known);
      if (known === 'location') location = value;
    }
    fields.push(name, value);
  }
  const statusText = statusLine.slice(0, 3);
  return { status: Number(statusText), statusText, reason: statusLine.slice(4), fields, location };
}

/** Most applications answer with the same few heads again and again. */
const knownHeads = new KnownTexts(500, parseApplicationHead, ({ fields }) => keepFieldLines(fields));

/** The same for the same text; what is in it does not change. */
export function applicationHeadOf(text: string): ApplicationHead {
  return knownHeads.get(text);
}

export function findField(fields: readonly string[], name: string): string | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field.toLowerCase() === name);
  return at < 0 ? undefined : fields[at + 1];
}

function removeField(fields: string[], name: string): void {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field.toLowerCase() === name);
  if (at >= 0) fields.splice(at, 2);
}
