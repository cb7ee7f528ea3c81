import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestError } from '../base/errors.js';
import { type FileCall, FileCalls, FilesPending, fileStep, whenFilesReady } from './file-calls.js';

/** Adds up what its steps give, and says how they were made. */
function* addUp(log: string[]): FileCall<string> {
  let sum = 0;
  for (const number of [1, 2]) {
    sum += yield* fileStep(
      () => {
        log.push('now');
        return number;
      },
      async () => {
        log.push('later');
        return number;
      },
    );
  }
  try {
    yield { now: () => assert.fail('broken'), later: () => Promise.reject(new Error('broken')) };
  } catch (error) {
    return `${sum} ${error instanceof Error ? error.message : ''}`;
  }
  return 'nothing failed';
}

/** Calls that hang until they are let go. */
class Hanging {
  readonly letGo: (() => void)[] = [];
  readonly call = (): Promise<void> => new Promise((resolve) => this.letGo.push(resolve));
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('FileCalls', () => {
  it('makes the steps of a local call before it returns', () => {
    const log: string[] = [];
    assert.equal(new FileCalls({ isLocal: () => true }).run('/a', addUp(log)), '3 broken');
    assert.deepEqual(log, ['now', 'now']);
  });

  it('makes those of others in the background', async () => {
    const log: string[] = [];
    const calls = new FileCalls({ isLocal: (path) => path !== '/far' });
    const running = calls.run('/far', addUp(log));
    assert.ok(running instanceof Promise);
    assert.equal(await running, '3 broken');
    assert.deepEqual(log, ['later', 'later']);
  });

  it('lets two hang at once, and makes the others wait in order', async () => {
    const calls = new FileCalls({ isLocal: () => false });
    const hanging = new Hanging();
    const done: number[] = [];
    for (let number = 0; number < 4; number++) void calls.later(hanging.call).then(() => done.push(number));
    await turn();
    assert.equal(hanging.letGo.length, 2);
    hanging.letGo[1]?.();
    await turn();
    assert.deepEqual([done, hanging.letGo.length], [[1], 3]);
    for (const at of [0, 2]) hanging.letGo[at]?.();
    await turn();
    assert.deepEqual([done, hanging.letGo.length], [[1, 0, 2], 4]);
    hanging.letGo[3]?.();
    await turn();
    assert.equal(done.length, 4);
    // All are free again.
    void calls.later(hanging.call);
    void calls.later(hanging.call);
    void calls.later(hanging.call);
    await turn();
    assert.equal(hanging.letGo.length, 6);
  });

  it('goes on behind calls that fail', async () => {
    const calls = new FileCalls({ isLocal: () => false });
    const failing = Array.from({ length: 5 }, () => calls.later(() => Promise.reject(new Error('gone'))));
    for (const result of await Promise.allSettled(failing)) assert.equal(result.status, 'rejected');
    assert.equal(await calls.later(async () => 'well'), 'well');
  });

  it('refuses where a thousand wait, but for what gives something back', async () => {
    const calls = new FileCalls({ isLocal: () => false });
    const hanging = new Hanging();
    const waiting = Array.from({ length: 1002 }, () => calls.later(hanging.call));
    await assert.rejects(calls.later(hanging.call), (error) => error instanceof RequestError && error.status === 503);
    const closing = calls.later(async () => 'closed', true);
    for (let at = 0; at < 1002; at++) {
      hanging.letGo[at]?.();
      await turn();
    }
    await Promise.all(waiting);
    assert.equal(await closing, 'closed');
  });
});

describe('whenFilesReady', () => {
  it('tries again when what was missing is there', async () => {
    let tries = 0;
    const attempt = (): string => {
      tries += 1;
      if (tries < 4) throw new FilesPending(turn());
      return `after ${tries}`;
    };
    assert.equal(await whenFilesReady(attempt), 'after 4');
    assert.equal(whenFilesReady(attempt), 'after 5');
  });

  it('gives up after a hundred tries', async () => {
    const attempt = (): string => {
      throw new FilesPending(Promise.resolve());
    };
    await assert.rejects(
      async () => await whenFilesReady(attempt),
      (error) => error instanceof RequestError && error.status === 503,
    );
  });

  it('passes on what else goes wrong', async () => {
    const missing = new RequestError(404, 'missing');
    assert.throws(() => whenFilesReady(() => assert.fail(missing)), missing);
    let tries = 0;
    const attempt = (): string => {
      tries += 1;
      throw tries === 1 ? new FilesPending(Promise.resolve()) : missing;
    };
    await assert.rejects(async () => await whenFilesReady(attempt), missing);
    await assert.rejects(
      async () =>
        await whenFilesReady(() => {
          throw new FilesPending(Promise.reject(missing));
        }),
      missing,
    );
  });
});
