/**
 * The fields of a response as the lines that go over the wire, and what they say of its framing and its connection.
 * Lines of a list that will be sent again can be kept with it.
 */

import { checkHeadField } from './field-syntax.js';

export interface FieldLines {
  /** Each with its end. A character for each byte. */
  readonly text: string;
  readonly hasLength: boolean;
  readonly hasDate: boolean;
  readonly hasKeepAlive: boolean;
  /** The last Transfer-Encoding. */
  readonly coding: string | undefined;
  /** The last Connection. */
  readonly connection: string | undefined;
}

/** Lists that come again. */
const kept = new WeakMap<readonly string[], FieldLines>();

/** `fields` is flat: name, value, name, value. @throws TypeError where HTTP can't carry it */
export function formatFields(fields: readonly string[]): FieldLines {
  return kept.get(fields) ?? makeLines(fields);
}

/** Has the lines of a list ready that will not change. Without effect where HTTP can't carry it: formatFields says so. */
export function keepFieldLines(fields: readonly string[]): void {
  try {
    const lines = makeLines(fields);
    // As one piece: as it was put together, V8 would put it together anew at each write.
    kept.set(fields, { ...lines, text: Buffer.from(lines.text, 'latin1').toString('latin1') });
  } catch {
    // Whoever sends it gets the error.
  }
}

function makeLines(fields: readonly string[]): FieldLines {
  let text = '';
  let hasLength = false;
  let hasDate = false;
  let hasKeepAlive = false;
  let coding: string | undefined;
  let connection: string | undefined;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] as string;
    const value = fields[at + 1] as string;
    checkHeadField(name, value);
    text += `${name}: ${value}\r\n`;
    switch (name.length) {
      case 4:
        hasDate ||= name.toLowerCase() === 'date';
        break;
      case 10:
        if (name.toLowerCase() === 'connection') connection = value;
        else hasKeepAlive ||= name.toLowerCase() === 'keep-alive';
        break;
      case 14:
        hasLength ||= name.toLowerCase() === 'content-length';
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') coding = value;
        break;
    }
  }
  return { text, hasLength, hasDate, hasKeepAlive, coding, connection };
}
