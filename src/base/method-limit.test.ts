import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { holdsForMethod, intersectLimits, type MethodLimit } from './method-limit.js';

const only = (...methods: string[]): MethodLimit => ({ isExcept: false, methods: new Set(methods) });
const except = (...methods: string[]): MethodLimit => ({ isExcept: true, methods: new Set(methods) });
const all = ['GET', 'HEAD', 'POST', 'PUT', 'ANY'];
const held = (limit: MethodLimit | undefined): string[] => all.filter((method) => holdsForMethod(limit, method));

describe('limits on methods', () => {
  it('name methods, or all others; HEAD goes with GET', () => {
    assert.deepEqual(held(undefined), all);
    assert.deepEqual(held(only('GET', 'PUT')), ['GET', 'HEAD', 'PUT']);
    assert.deepEqual(held(except('GET', 'PUT')), ['POST', 'ANY']);
    assert.equal(holdsForMethod(only('POST'), 'post'), false);
  });

  it('hold for what both hold for where one stands in the other', () => {
    const limits = [only('GET', 'POST'), only('POST', 'PUT'), except('POST'), except('GET', 'PUT'), only()];
    for (const outer of limits) {
      for (const inner of limits) {
        const both = held(outer).filter((method) => holdsForMethod(inner, method));
        assert.deepEqual(held(intersectLimits(outer, inner)), both);
      }
      assert.equal(intersectLimits(undefined, outer), outer);
    }
  });
});
