/** PidFile: the parent's pid for whoever manages the server. */

import { rmSync, writeFileSync } from 'node:fs';
import { ProcessError } from '../base/errors.js';

export class PidFile implements Disposable {
  readonly #path: string;

  /** @throws ProcessError where it can't be written */
  constructor(path: string) {
    try {
      writeFileSync(path, `${process.pid}\n`, { mode: 0o644 });
    } catch (cause) {
      throw new ProcessError(`can't write PidFile '${path}': ${String(cause)}`, {}, { cause });
    }
    this.#path = path;
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
  }
}
