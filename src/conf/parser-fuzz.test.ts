/** Random text and random configurations: nothing is thrown, nothing hangs, every problem lies inside its file. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fuzzBudget } from './fuzz-budget.test.fixture.js';
import { MAX_ERRORS, MAX_REMARKS } from './limits.js';
import { parseText } from './memory-files.test.fixture.js';
import { resolveConfig } from './resolver.js';
import { matchSections } from './section-matching.js';
import type { Problem } from './source.js';
import { testVocabulary } from './vocabulary.test.fixture.js';

function assertInside(problem: Problem, files: Readonly<Record<string, string>>): void {
  for (let at: Problem['position'] | undefined = problem.position; at !== undefined; at = at.includedFrom) {
    const lines = (files[at.file] ?? '').split('\n');
    const line = lines[at.line - 1];
    assert.ok(line !== undefined, `${at.file}:${at.line} does not exist: ${problem.message}`);
    assert.ok(at.column >= 1 && at.column <= line.length + 1, `column ${at.column} is outside: ${problem.message}`);
  }
}

function exercise(text: string, included: string): void {
  const files = { '/main.conf': text, '/inner.conf': included };
  const { tree, problems } = parseText(text, { '/inner.conf': included });
  const resolved = resolveConfig(tree, testVocabulary);
  for (const problem of [...problems, ...resolved.problems]) assertInside(problem, files);
  assert.ok(problems.length <= MAX_ERRORS + MAX_REMARKS + 2);
  for (const server of resolved.config.servers) {
    matchSections(server, { urlPath: '/a/b', directory: '/srv/a', filename: '/srv/a/b.py' });
  }
}

const name = fc.constantFrom(
  ...['Mark', 'Even', 'ServerName', 'Define', 'UnDefine', 'Include', 'IncludeOptional', 'ServerRoot', 'LoadModule'],
  ...['RawLine', 'SSLEngine', 'Makr', 'WSGIProcessName', 'Error', '"Mark"', `\${a}`, '<', '</', '#'],
);
const sectionName = fc.constantFrom(
  ...['VirtualHost', 'Directory', 'DirectoryMatch', 'Files', 'FilesMatch', 'Location', 'LocationMatch', 'RequireAll'],
  ...['IfDefine', 'IfModule', 'IfVersion', 'IfDirective', 'IfSection', 'IfFile', 'Proxy', 'Foo', ''],
);
const word = fc.oneof(
  fc.constantFrom(
    '/srv',
    '~',
    '"a b"',
    "'",
    '"',
    `\${a}`,
    `\${b`,
    'inner.conf',
    '*.conf',
    '*:80',
    '!',
    '>=',
    '2.4',
    '[',
    '(a',
    '\\',
  ),
  fc.constantFrom(
    'mod_wsgi.c',
    '/inner*',
    '(?i)x',
    '[^]a]',
    '[z-a]',
    'a++',
    '\\1',
    '>',
    `\${a}\${a}`,
    '# x',
    '[::1]:8',
  ),
  fc.string({ maxLength: 8 }),
);
const ending = fc.constantFrom('\n', '\r\n', '\\\n', '\n\n', ' \n');
const words = fc.array(word, { maxLength: 3 }).map((list) => list.join(' '));
const line = fc.oneof(
  fc.tuple(name, words, ending).map(([first, rest, end]) => `${first} ${rest}${end}`),
  fc
    .tuple(sectionName, words, fc.constantFrom('>', '', '> x'), ending)
    .map(([s, rest, close, end]) => `<${s} ${rest}${close}${end}`),
  fc.tuple(sectionName, fc.constantFrom('>', '', ' >'), ending).map(([s, close, end]) => `</${s}${close}${end}`),
);
const { block } = fc.letrec<{ block: string }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small' },
    line,
    fc
      .tuple(sectionName, words, fc.array(tie('block'), { maxLength: 4 }))
      .map(([section, rest, inner]) => `<${section} ${rest}>\n${inner.join('')}</${section}>\n`),
  ),
}));
const structured = fc.array(block, { maxLength: 12 }).map((blocks) => blocks.join(''));

test('random text', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }));
  fc.assert(fc.property(text, text, exercise), fuzzBudget(1500, 0.1));
});

test('random configurations', () => {
  fc.assert(fc.property(structured, structured, exercise), fuzzBudget(2500, 0.1));
});

test('a hundred kilobytes of random bytes end quickly in a page of errors', () => {
  let state = 42;
  const bytes = Uint8Array.from({ length: 100_000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  const { tree, problems } = parseText(bytes);
  assert.ok(problems.length > 0 && problems.length <= MAX_ERRORS + MAX_REMARKS + 2);
  assert.ok(resolveConfig(tree, testVocabulary).problems.length <= MAX_ERRORS + MAX_REMARKS + 2);
});
