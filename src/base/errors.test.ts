import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError, assert as invariant, unreachable } from './assert.js';
import { ListenError, ProcessError, ProtocolError, RequestError, StillhouseError, UsageError } from './errors.js';

describe('the error classes', () => {
  it('carry their code, their name, their details and their cause', () => {
    const cause = new Error('inner');
    const errors = [
      [new UsageError('u', { cause }), 'usage', 'UsageError'],
      [new RequestError(404, 'r', { cause }), 'request', 'RequestError'],
      [new ProcessError('p', { pid: 7, signal: 'SIGKILL' }, { cause }), 'process', 'ProcessError'],
      [new ListenError('l', { cause }), 'listen', 'ListenError'],
      [new ProtocolError('x', { cause }), 'protocol', 'ProtocolError'],
    ] as const;
    for (const [error, code, name] of errors) {
      assert.ok(error instanceof StillhouseError && error instanceof Error);
      assert.deepEqual([error.code, error.name, error.cause], [code, name, cause]);
    }
    assert.equal(new RequestError(413, 'r').status, 413);
    const died = new ProcessError('p', { pid: 7, signal: 'SIGKILL' });
    assert.deepEqual([died.pid, died.exitStatus, died.signal], [7, undefined, 'SIGKILL']);
  });

  it('are not what a broken invariant throws', () => {
    assert.throws(() => invariant(false, 'one is one'), {
      name: 'AssertionError',
      message: 'broken invariant: one is one',
    });
    assert.throws(() => unreachable('x' as never), AssertionError);
    invariant(1, 'truthy is enough');
    assert.equal(new AssertionError('x') instanceof StillhouseError, false);
  });
});
