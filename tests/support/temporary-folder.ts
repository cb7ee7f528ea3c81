/** A folder that exists while a test runs. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export class TemporaryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'stillhouse-test-'));

  constructor() {
    chmodSync(this.path, 0o755);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file, readable for everyone. Returns its path. */
  write(name: string, content: string | Buffer): string {
    const path = this.file(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o644 });
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
