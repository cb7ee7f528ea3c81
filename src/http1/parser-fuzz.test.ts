/**
 * Made-up requests, whole and spoilt, in pieces of any size: what is taken for a request here is one to node:http, too,
 * with the same head and body. Where node:http takes more, the rule is named here.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readByNode, readByUs } from './transcript.test.fixture.js';

const runs = Number(process.env.STILLHOUSE_FUZZ_RUNS ?? 1000);

/** Texts of which something is usually right, and one in many is not. */
const oneOf = (usual: readonly string[], odd: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });

const lineEnd = oneOf(['\r\n'], ['\n', '\r', '\r\r\n', ' \r\n', '\n\r\n']);
const blank = oneOf([' '], ['  ', '\t', '', '\v']);
const method = oneOf(
  ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'M-SEARCH', 'PURGE'],
  ['get', 'BREW', 'G@T', '', 'GE\0T'],
);
const target = oneOf(
  ['/', '/a/b?c=d', '*', 'http://host/a?b', '/%20', '/a;b,"<>{}|\\^`', '/[x]'],
  ['a', '', '/a#b', '/\x7f', '/\xe4', '/\0', 'http:/a', '//', 'http://a@b@c/', '/a b', 'HTTP/1.1'],
);
const version = oneOf(
  ['HTTP/1.1', 'HTTP/1.0'],
  ['HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', 'HTTP/1.10', 'HTTP/11', ''],
);
const name = oneOf(
  [
    'Host',
    'X-A',
    'x-a',
    'Cookie',
    'Accept',
    'Connection',
    'Expect',
    '__proto__',
    'constructor',
    'Set-Cookie',
    'Referer',
  ],
  ['', 'X A', 'X\t', ' X', 'X\0', 'X\xe4', 'Upgrade', 'X('],
);
const value = oneOf(
  ['a', '', 'keep-alive', 'close', 'a, b', '100-continue', 'caf\xe9', '  x \t', 'a\tb', '"q"', 'Keep-Alive, x'],
  ['a\0b', 'a\x7fb', 'a\x0bb', 'a\rb', 'a\nb', 'a\r\n b', '\x01'],
);
const field = fc.tuple(name, oneOf([':', ': '], [' :', '', ':\t']), value, lineEnd).map((parts) => parts.join(''));
const length = oneOf(['0', '3', '5'], ['-1', '+3', '0x3', '3, 3', '', ' 3 ', '3a', '9'.repeat(25), '03']);
const coding = oneOf(
  ['chunked', 'Chunked', 'gzip, chunked'],
  [
    'chunked, gzip',
    'chunked, chunked',
    'identity',
    'xchunked',
    '',
    'chunked,',
    ',chunked',
    'gzip,chunked ',
    'chunked;q=1',
  ],
);
const extension = oneOf(['', '', ';a=b', ';a', ';a="b"'], [';', ' ;a', ';a=\0', ';\r', ' ', '\t;a=b']);
const chunk = fc
  .tuple(oneOf(['1', '01', '001'], ['0x1', '', 'g', '2', 'f'.repeat(17), '-1', '1 ']), extension, lineEnd, lineEnd)
  .map(([size, after, end, last]) => `${size}${after}${end}x${last}`);
const trailer = oneOf(['', '', 'X: y\r\n'], ['X\r\n', ' X: y\r\n', 'X: y\n', 'X y: z\r\n', 'X: \0\r\n', ': y\r\n']);
const chunks = fc
  .tuple(fc.array(chunk, { maxLength: 3 }), oneOf(['0\r\n'], ['0\n', '00\r\n', '0;a\r\n', '']), trailer, lineEnd)
  .map(([all, last, fields, end]) => `${all.join('')}${last}${fields}${end}`);
const body = fc.oneof(
  { weight: 4, arbitrary: fc.constant(['', '']) },
  { weight: 3, arbitrary: length.map((text) => [`Content-Length: ${text}\r\n`, 'hello'.slice(0, Number(text) || 0)]) },
  { weight: 3, arbitrary: fc.tuple(coding, chunks).map(([text, all]) => [`Transfer-Encoding: ${text}\r\n`, all]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(length, chunks)
      .map(([text, all]) => [`Content-Length: ${text}\r\nTransfer-Encoding: chunked\r\n`, all]),
  },
  { weight: 1, arbitrary: length.map((text) => [`Content-Length: ${text}\r\nContent-Length: 3\r\n`, 'abc']) },
  { weight: 1, arbitrary: chunks.map((all) => ['Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n', all]) },
);
const request = fc
  .tuple(fc.tuple(method, blank, target, blank, version, lineEnd), fc.array(field, { maxLength: 4 }), body, lineEnd)
  .map(([line, fields, [framing, content], end]) => `${line.join('')}${fields.join('')}${framing}${end}${content}`);
const stream = fc.tuple(
  fc.array(request, { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
  fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 1 }),
  fc.boolean(),
  fc.array(fc.nat(), { maxLength: 6 }),
);

function spoil(text: string, changes: readonly (readonly [number, number])[]): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
  return bytes;
}

function cut(bytes: Buffer, borders: readonly number[]): Buffer[] {
  const all = [0, ...borders.map((one) => one % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
  return all
    .slice(1)
    .map((to, index) => bytes.subarray(all[index], to))
    .filter((piece) => piece.length > 0);
}

/** What node:http reads and is refused here. */
const stricter: readonly (readonly [why: string, pattern: RegExp])[] = [
  ['several blanks in the request line', /^[!-~]+ (?: +[!-~]+ +| *[!-~]+ {2,})HTTP\//m],
  ['no version at all, read as HTTP/0.9', /^[!-~]+ +[!-~]+ *\r?\n/m],
  ['a blank behind the version', /HTTP\/\d\.\d +\r\n/],
  ['bare CR or LF before a request', /(?:^|\n|\0)\n|(?:^|[^\n])\r(?!\n)/],
  ['empty elements in Transfer-Encoding', /^Transfer-Encoding:[^\n]*,\s*(?:\r|,)|^Transfer-Encoding:[ \t]*(?:\r|,)/im],
  ['blanks behind the size of a chunk', /^[0-9a-f]+[ \t]/im],
  ['more than 16 digits in the size of a chunk', /^[0-9a-f]{17}/im],
  ['a length beyond 2^53', /^Content-Length:\s*\d{17}/im],
];

describe('requests as node:http reads them', () => {
  it('takes no other requests than node:http does, and all but what is named', async () => {
    await fc.assert(
      fc.asyncProperty(stream, async ([text, changes, isSpoilt, borders]) => {
        const bytes = spoil(text, isSpoilt ? changes : []);
        const pieces = cut(bytes, borders);
        const ours = await readByUs(pieces);
        const nodes = await readByNode(pieces);
        const whole = ours.requests.filter(({ isComplete }) => isComplete);
        assert.deepEqual(whole, nodes.requests.slice(0, whole.length), 'another request than node:http reads');
        const unfinished = ours.requests.find(({ isComplete }) => !isComplete);
        if (unfinished !== undefined) {
          const theirs = nodes.requests[whole.length];
          assert.deepEqual([unfinished.method, unfinished.rawHeaders], [theirs?.method, theirs?.rawHeaders]);
        }
        const nodesWhole = nodes.requests.filter(({ isComplete }) => isComplete);
        if (whole.length < nodesWhole.length) {
          const all = bytes.toString('latin1');
          const why = stricter.find(([, pattern]) => pattern.test(all));
          assert.ok(why, `refused without a rule: ${JSON.stringify(all)}`);
        }
      }),
      { numRuns: runs, includeErrorInReport: true },
    );
  });

  it('reads the same wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(stream, async ([text, changes, isSpoilt, borders]) => {
        const bytes = spoil(text, isSpoilt ? changes : []);
        assert.deepEqual(
          (await readByUs(cut(bytes, borders))).requests.filter(({ isComplete }) => isComplete),
          (await readByUs([bytes])).requests.filter(({ isComplete }) => isComplete),
        );
      }),
      { numRuns: runs, includeErrorInReport: true },
    );
  });
});
