import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PipelineDepth } from './pipeline-depth.js';

function run(depth: PipelineDepth, requests: number, tookMs: number): void {
  for (let at = 0; at < requests; at++) depth.add(tookMs);
}

describe('PipelineDepth', () => {
  it('is nothing for a process of which little is known', () => {
    const depth = new PipelineDepth(5);
    assert.equal(depth.depth, 0);
    run(depth, 31, 0.1);
    assert.equal(depth.depth, 0);
    run(depth, 1, 0.1);
    assert.equal(depth.depth, 50);
  });

  it('is what the threads run within a millisecond', () => {
    for (const [threads, tookMs, expected] of [
      [1, 0.05, 20],
      [1, 0.5, 2],
      [1, 2, 0],
      [5, 0.5, 10],
      [5, 0.001, 64],
    ] as const) {
      const depth = new PipelineDepth(threads);
      run(depth, 100, tookMs);
      assert.equal(depth.depth, expected, `${threads} threads, ${tookMs} ms`);
    }
  });

  it('follows the mean', () => {
    const depth = new PipelineDepth(1);
    run(depth, 100, 0.05);
    run(depth, 100, 0.3);
    assert.equal(depth.depth, 3);
  });

  it('is nothing while one in two hundred was slow, and comes back after two periods without', () => {
    const depth = new PipelineDepth(5);
    run(depth, 300, 0.1);
    run(depth, 2, 100);
    run(depth, 90, 0.1);
    assert.equal(depth.depth, 0);
    depth.beginPeriod();
    run(depth, 5, 0.1);
    assert.equal(depth.depth, 0);
    depth.beginPeriod();
    run(depth, 100, 0.1);
    assert.ok(depth.depth > 0);
  });

  it('bears a rare slow one', () => {
    const depth = new PipelineDepth(5);
    run(depth, 1000, 0.1);
    run(depth, 1, 100);
    run(depth, 200, 0.1);
    assert.ok(depth.depth > 0);
  });

  it('forgets what was two periods ago', () => {
    const depth = new PipelineDepth(5);
    run(depth, 100, 0.1);
    depth.beginPeriod();
    assert.ok(depth.depth > 0);
    depth.beginPeriod();
    assert.equal(depth.depth, 0);
  });
});
