import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../base/clock.js';
import { ErrorLog, type LogLevels, mergeLogLevels, moduleShortName } from './error-log.js';

process.env.TZ = 'UTC';

const clock: Clock = {
  nowMs: () => Date.UTC(2026, 10, 20, 18, 59, 33) + 123.456,
  monotonicMs: () => 0,
  after: () => ({ cancel: () => {} }),
};

function linesOf(levels: LogLevels, write: (log: ErrorLog) => void): string[] {
  const lines: string[] = [];
  write(new ErrorLog({ write: (line) => lines.push(line) }, levels, clock));
  return lines;
}

describe('ErrorLog', () => {
  it('writes the line form of Apache 2.4', () => {
    const lines = linesOf({ default: 'info', modules: new Map() }, (log) => {
      log.log('error', 'core', 'a "b"\nforged\x1b', { client: '1.2.3.4:5678', pid: 123, tid: 124 });
      log.log('notice', 'mpm_event', 'up', { pid: 1 });
    });
    assert.deepEqual(lines, [
      '[Fri Nov 20 18:59:33.123456 2026] [core:error] [pid 123:tid 124] [client 1.2.3.4:5678] a "b"\\nforged\\x1b',
      '[Fri Nov 20 18:59:33.123456 2026] [mpm_event:notice] [pid 1:tid 1] up',
    ]);
  });

  it('obeys the level of the module, then the general one, then warn', () => {
    const levels: LogLevels = { default: 'error', modules: new Map([['wsgi', 'debug']]) };
    const lines = linesOf(levels, (log) => {
      log.log('debug', 'wsgi', 'kept');
      log.log('trace1', 'wsgi', 'not kept');
      log.log('warn', 'core', 'not kept');
      log.log('trace8', 'core', 'kept', { levels: { default: 'trace8', modules: new Map() } });
    });
    assert.equal(lines.length, 2);
    assert.ok(lines.every((line) => line.endsWith(' kept')));
    assert.equal(
      linesOf({ default: undefined, modules: new Map() }, (log) => log.log('notice', 'core', 'x')).length,
      0,
    );
  });

  it('merges scopes and knows all spellings of a module', () => {
    const merged = mergeLogLevels(
      { default: 'info', modules: new Map([['wsgi', 'debug']]) },
      { default: 'error', modules: new Map([['core', 'info']]) },
    );
    // A level for all modules forgets what single modules had before it; one for a module adds to them.
    assert.deepEqual(merged, { default: 'error', modules: new Map([['core', 'info']]) });
    assert.deepEqual(mergeLogLevels(merged, { default: undefined, modules: new Map([['wsgi', 'debug']]) }), {
      default: 'error',
      modules: new Map([
        ['core', 'info'],
        ['wsgi', 'debug'],
      ]),
    });
    for (const name of ['wsgi', 'mod_wsgi', 'wsgi_module', 'mod_wsgi.c', 'WSGI'])
      assert.equal(moduleShortName(name), 'wsgi');
    assert.equal(moduleShortName('core.c'), 'core');
  });
});
