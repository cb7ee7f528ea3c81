/** JSON lines over a stream: between the parent and a daemon process, and between the commands and the parent. */

import { StringDecoder } from 'node:string_decoder';
import { ProtocolError } from '../base/errors.js';

const defaultLineCharactersLimit = 1_048_576;

/** Cuts received bytes into lines and calls `onValue` for each. */
export class JsonLineDecoder {
  readonly #onValue: (value: Record<string, unknown>) => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #lineCharactersLimit: number;
  #pending = '';

  constructor(onValue: (value: Record<string, unknown>) => void, lineCharactersLimit = defaultLineCharactersLimit) {
    this.#onValue = onValue;
    this.#lineCharactersLimit = lineCharactersLimit;
  }

  /** @throws ProtocolError where a line is no JSON object or too long */
  push(chunk: Buffer): void {
    const lines = (this.#pending + this.#decoder.write(chunk)).split('\n');
    this.#pending = lines.pop() ?? '';
    if (this.#pending.length > this.#lineCharactersLimit) throw new ProtocolError('control line is too long');
    for (const line of lines) {
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch (cause) {
        throw new ProtocolError(`control line is not JSON: ${line.slice(0, 80)}`, { cause });
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new ProtocolError('control line is not an object');
      }
      this.#onValue(value as Record<string, unknown>);
    }
  }
}

export function encodeJsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
