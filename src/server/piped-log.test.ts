import assert from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ProcessError } from '../base/errors.js';
import { PipedLog } from './piped-log.js';

const folder = mkdtempSync(join(tmpdir(), 'piped-log-test-'));
after(() => rmSync(folder, { recursive: true }));

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert(tries < 1000, 'not in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe('a piped log', () => {
  it('has all of it read before it is gone', async () => {
    const path = join(folder, 'whole');
    const log = new PipedLog({ text: `|$cat >'${path}'`, isBlocking: false, report: () => {} });
    writeSync(log.descriptor, 'one\ntwo\n');
    log[Symbol.dispose]();
    await log.ended;
    assert.strictEqual(read(path), 'one\ntwo\n');
  });

  it('is read by another program where one dies, without a loss', async () => {
    const path = join(folder, 'again');
    const reports: string[] = [];
    const log = new PipedLog({
      text: `|$head -n 1 >>'${path}'`,
      isBlocking: true,
      report: (message) => reports.push(message),
    });
    writeSync(log.descriptor, 'one\n');
    await waitFor(() => reports.length === 1);
    writeSync(log.descriptor, 'two\n');
    await waitFor(() => read(path) === 'one\ntwo\n');
    log[Symbol.dispose]();
    await log.ended;
    assert.match(reports[0] ?? '', /failed unexpectedly: exit code 0; starting it again in 1 s/);
  });

  it('needs a program that there is', () => {
    assert.throws(
      () => new PipedLog({ text: '|/no/such/program', isBlocking: false, report: () => {} }),
      (error) => error instanceof ProcessError && error.message.includes("'|/no/such/program' can't be started"),
    );
  });
});
