import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Problem } from '../conf/source.js';
import { judge, toFinding } from './check.js';

const position = { file: 'httpd.conf', line: 3, column: 5 };
const error: Problem = { severity: 'error', position, message: 'e' };
const tolerated: Problem = { ...error, isTolerated: true };
const warning: Problem = { severity: 'warning', position, message: 'w' };
const note: Problem = { severity: 'note', position, message: 'n' };

describe('judge', () => {
  it('passes what has warnings only, unless it is strict', () => {
    assert.equal(judge([warning, note], false).isGood, true);
    assert.deepEqual(judge([warning, note], true), { isGood: false, summary: '1 warning, counted as an error' });
    assert.equal(judge([note], true).isGood, true);
  });

  it('counts errors, also those that the start tolerates', () => {
    assert.deepEqual(judge([error, error, warning], false), { isGood: false, summary: '2 errors' });
    assert.equal(judge([error, tolerated], false).summary, '2 errors, 1 of them not before a request comes');
    assert.equal(judge([tolerated], false).summary, '1 error (the server would start, and its requests fail)');
    assert.equal(judge([error, warning, warning], true).summary, '1 error; 2 warnings, counted as errors');
  });
});

describe('toFinding', () => {
  it('says where, how bad and what', () => {
    assert.deepEqual(toFinding({ ...tolerated, directive: 'WSGIProcessGroup' }), {
      severity: 'error',
      tolerated: true,
      ...position,
      includedFrom: [],
      directive: 'WSGIProcessGroup',
      message: 'e',
    });
  });

  it('lists the Include lines from the inside out', () => {
    const middle = { file: 'sites.conf', line: 2, column: 1, includedFrom: position };
    const finding = toFinding({ ...warning, position: { file: 'a.conf', line: 9, column: 1, includedFrom: middle } });
    assert.equal(finding.tolerated, false);
    assert.equal('directive' in finding, false);
    assert.deepEqual(finding.includedFrom, [{ file: 'sites.conf', line: 2, column: 1 }, position]);
  });
});
