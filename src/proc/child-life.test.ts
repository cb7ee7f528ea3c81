import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ChildAction, type ChildEvent, type ChildState, childLife } from './child-life.js';

/** Every cell again, written down a second time from the reasons and not from the table. */
const cells: readonly (readonly [ChildState, ChildEvent, ChildAction, string])[] = [
  ['absent', 'start', 'spawn', 'the first start'],
  ['absent', 'ready', 'broken', 'there is no process that could say so'],
  ['absent', 'exit', 'broken', 'there is no process'],
  ['absent', 'stop', 'end', 'nothing to stop'],
  ['absent', 'retire', 'end', 'nothing to finish'],
  ['absent', 'deadline', 'broken', 'no timer is set'],
  ['absent', 'retry', 'broken', 'no timer is set'],
  ['starting', 'start', 'ignore', 'it is being started'],
  ['starting', 'ready', 'announce', 'it serves now'],
  ['starting', 'exit', 'replace', 'it died before it was ready'],
  ['starting', 'stop', 'terminate', 'stopped while it starts'],
  ['starting', 'retire', 'terminate', 'it has begun nothing that it could finish'],
  ['starting', 'deadline', 'kill', 'the start limit'],
  ['starting', 'retry', 'broken', 'the delay is over already'],
  ['running', 'start', 'ignore', 'it runs'],
  ['running', 'ready', 'ignore', 'said twice'],
  ['running', 'exit', 'replace', 'it died'],
  ['running', 'stop', 'terminate', 'asked to stop'],
  ['running', 'retire', 'retire', 'its successor serves'],
  ['running', 'deadline', 'broken', 'no timer is set'],
  ['running', 'retry', 'broken', 'no timer is set'],
  ['retiring', 'start', 'ignore', 'a retirement is final'],
  ['retiring', 'ready', 'ignore', 'said twice'],
  ['retiring', 'exit', 'end', 'it has finished'],
  ['retiring', 'stop', 'terminate', 'no more time to finish'],
  ['retiring', 'retire', 'ignore', 'asked twice'],
  ['retiring', 'deadline', 'terminate', 'the retire limit'],
  ['retiring', 'retry', 'broken', 'no delay runs'],
  ['stopping', 'start', 'ignore', 'a stop is final'],
  ['stopping', 'ready', 'ignore', 'it crossed the request to stop'],
  ['stopping', 'exit', 'end', 'it stopped'],
  ['stopping', 'stop', 'hurry', 'asked twice: the limit may be another'],
  ['stopping', 'retire', 'ignore', 'it stops already'],
  ['stopping', 'deadline', 'kill', 'the stop limit'],
  ['stopping', 'retry', 'broken', 'no delay runs'],
  ['delayed', 'start', 'ignore', 'it will be started'],
  ['delayed', 'ready', 'broken', 'there is no process'],
  ['delayed', 'exit', 'broken', 'there is no process'],
  ['delayed', 'stop', 'end', 'there is no process to wait for'],
  ['delayed', 'retire', 'end', 'there is no process'],
  ['delayed', 'deadline', 'broken', 'only the delay runs'],
  ['delayed', 'retry', 'spawn', 'the delay is over'],
  ['ended', 'start', 'broken', 'the end is final'],
  ['ended', 'ready', 'ignore', 'too late'],
  ['ended', 'exit', 'ignore', 'known already'],
  ['ended', 'stop', 'ignore', 'it has stopped'],
  ['ended', 'retire', 'ignore', 'it has stopped'],
  ['ended', 'deadline', 'broken', 'no timer is set'],
  ['ended', 'retry', 'broken', 'no timer is set'],
];

describe('the life of a child', () => {
  for (const [state, event, action, reason] of cells) {
    it(`${state}, ${event}: ${action} (${reason})`, () => assert.equal(childLife[state][event], action));
  }

  it('has no other cells', () => {
    const count = Object.values(childLife).reduce((sum, events) => sum + Object.keys(events).length, 0);
    assert.equal(count, cells.length);
    assert.equal(new Set(cells.map(([state, event]) => `${state} ${event}`)).size, cells.length);
  });
});
