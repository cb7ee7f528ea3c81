import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sortProblems } from './problem-order.js';
import { formatPosition, type Position, type Problem } from './source.js';

function at(file: string, line: number, column = 1, includedFrom?: Position): Position {
  return includedFrom === undefined ? { file, line, column } : { file, line, column, includedFrom };
}

function sort(positions: readonly Position[], files: readonly string[]): string[] {
  const problems = positions.map((position): Problem => ({ severity: 'error', position, message: '' }));
  return sortProblems(problems, files).map(({ position }) => formatPosition(position));
}

describe('sortProblems', () => {
  it('puts an included file where its Include line stands', () => {
    const include = at('httpd.conf', 5);
    assert.deepEqual(
      sort(
        [
          at('part.conf', 1, 1, include),
          at('part.conf', 20, 1, include),
          at('httpd.conf', 9),
          at('httpd.conf', 2, 8),
          at('httpd.conf', 2, 3),
          // About the Include line itself, in its second word.
          at('httpd.conf', 5, 9),
        ],
        ['httpd.conf', 'part.conf'],
      ),
      ['httpd.conf:2:3', 'httpd.conf:2:8', 'httpd.conf:5:9', 'part.conf:1:1', 'part.conf:20:1', 'httpd.conf:9:1'],
    );
  });

  it('takes the files of one Include line in the order of reading, whatever their names', () => {
    const include = at('httpd.conf', 5);
    const inner = at('z.conf', 3, 1, include);
    assert.deepEqual(
      sort(
        [
          at('a.conf', 1, 1, include),
          at('z.conf', 7, 1, include),
          at('inner.conf', 99, 1, inner),
          at('b.conf', 1, 1, include),
        ],
        ['httpd.conf', 'z.conf', 'inner.conf', 'a.conf', 'b.conf'],
      ),
      ['inner.conf:99:1', 'z.conf:7:1', 'a.conf:1:1', 'b.conf:1:1'],
    );
  });

  it('tells two readings of one file apart', () => {
    assert.deepEqual(
      sort(
        [at('part.conf', 1, 1, at('httpd.conf', 8)), at('httpd.conf', 6), at('part.conf', 2, 1, at('httpd.conf', 4))],
        ['httpd.conf', 'part.conf'],
      ),
      ['part.conf:2:1', 'httpd.conf:6:1', 'part.conf:1:1'],
    );
  });

  it('keeps the order of problems of one place', () => {
    const problems = ['one', 'two'].map((message): Problem => ({ severity: 'error', position: at('f', 1), message }));
    assert.deepEqual(
      sortProblems(problems, ['f']).map(({ message }) => message),
      ['one', 'two'],
    );
  });
});
