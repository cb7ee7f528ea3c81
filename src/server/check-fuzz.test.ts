/**
 * Configurations of real directives, made at random, through all that `check` does with them short of starting
 * interpreters: files, parser, resolver, and the checks of the whole. Nothing is thrown, nothing hangs, every problem
 * lies inside the file that it names, and the same text gives the same answer twice, as http children resolve anew.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fuzzBudget, HANG_MS } from '../conf/fuzz-budget.test.fixture.js';
import { MAX_ERRORS, MAX_REMARKS } from '../conf/limits.js';
import { memoryFiles } from '../conf/memory-files.test.fixture.js';
import { noClasses, type OverridePolicy } from '../conf/override-policy.js';
import { parseConfig } from '../conf/parser.js';
import { sortProblems } from '../conf/problem-order.js';
import { resolveAccessFile, resolveConfig } from '../conf/resolver.js';
import { SCOPE_SECTIONS } from '../conf/section-definition.js';
import { matchSections } from '../conf/section-matching.js';
import { formatProblem, includeChain, type Problem } from '../conf/source.js';
import { READING_DIRECTIVES, READING_SECTIONS } from '../conf/vocabulary.js';
import { vocabulary } from './directive-tables.js';
import { checkScripts } from './script-checks.js';
import { checkConfig } from './start-checks.js';

type Files = Readonly<Record<string, Uint8Array>>;

const main = '/etc/fuzz/main.conf';
const names = [main, '/etc/fuzz/part.conf', '/etc/fuzz/parts/a.conf', '/etc/fuzz/parts/b.conf'] as const;

/** As config-source.ts decodes a file. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

function assertInside(problem: Problem, files: Files): void {
  for (const { file, line, column } of [problem.position, ...includeChain(problem.position)]) {
    const bytes = files[file];
    assert.ok(bytes !== undefined, `${file} is none of the files: ${problem.message}`);
    const text = decode(bytes).split('\n')[line - 1];
    assert.ok(text !== undefined, `${file}:${line} does not exist: ${problem.message}`);
    assert.ok(column >= 1 && column <= text.length + 1, `column ${column} of ${line} is outside: ${problem.message}`);
  }
}

function check(files: Files): readonly Problem[] {
  const texts = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, decode(bytes)]));
  const parsed = parseConfig({
    ...memoryFiles(texts),
    vocabulary,
    serverRoot: '/etc/fuzz',
    defines: new Map([['GIVEN', 'given']]),
    environment: (name) => (name === 'HOME' ? '/home/fuzz' : undefined),
  });
  const resolved = resolveConfig(parsed.tree, vocabulary, { serverRoot: '/etc/fuzz' });
  assert.ok(parsed.problems.length <= MAX_ERRORS + MAX_REMARKS + 2);
  assert.ok(resolved.problems.length <= MAX_ERRORS + MAX_REMARKS + 2);
  for (const server of resolved.config.servers) {
    matchSections(server, { urlPath: '/a/b', directory: '/srv/a', filename: '/srv/a/b.py' });
  }
  const found = [
    ...parsed.problems,
    ...resolved.problems,
    ...checkConfig(resolved.config),
    ...checkScripts(resolved.config),
  ];
  return sortProblems(found, parsed.tree.files);
}

function exercise(contents: readonly Uint8Array[]): void {
  const files: Files = Object.fromEntries(names.map((name, index) => [name, contents[index] ?? new Uint8Array()]));
  const startedMs = performance.now();
  const problems = check(files);
  assert.ok(performance.now() - startedMs < HANG_MS, 'it took too long');
  for (const problem of problems) assertInside(problem, files);
  assert.deepEqual(problems.map(formatProblem), check(files).map(formatProblem));
}

const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const directive = pick([...vocabulary.directives()].map(({ name }) => name).concat(READING_DIRECTIVES));
const section = pick([
  ...SCOPE_SECTIONS.map(({ name }): string => name),
  ...[...vocabulary.sections()].map(({ name }): string => name),
  ...READING_SECTIONS,
]);

/** What the arguments of many directives look like, right and nearly right. */
const plain = pick(
  [
    ['On', 'Off', 'None', 'All', 'Auto', 'Basic', 'granted', 'denied', 'valid-user', 'Allow,Deny', 'from', 'all', 'ip'],
    [
      'set',
      'unset',
      'edit',
      'always',
      'append',
      'txt:map',
      'rnd:map',
      'int:toupper',
      'prg:/x',
      'permanent',
      '410',
      '-',
    ],
    ['0', '1', '-1', '65535', '4294967296', '99999999999999999999', '1e9', '0x10', '5m', '1M', '10.0.0.0/8', '::1/64'],
    ['/srv', '/srv/*/x', '~', '/', '..', 'part.conf', 'parts/*.conf', 'parts', 'main.conf', '*/../*.conf', 'none.conf'],
    ['*:80', '*', '[::1]:8', '127.0.0.1:0', '_default_:443', 'a.example', 'http://a.example:99999/', 'https://[x]'],
    [
      '^/(a|b)+$',
      '(',
      '[z-a]',
      '(?<n>x)\\k<n>',
      '(?i)x',
      'a{2,1}',
      '\\',
      '$1%1',
      '%{HTTP_HOST}',
      '%{ENV:A}',
      '%{',
      '%',
    ],
    ['[R=301,L]', '[E=A:$1]', '[', '[XYZ]', '!-f', '=x', '>5', 'env=!A', 'env=', 'expr=%{HTTP_HOST} == "x"', 'early'],
    ['threads=2', 'processes=-1', 'python-path=/a:b', 'user=root', 'display-name=%{GROUP}', 'home=', '=x', 'x=y=z'],
    ['process-group=g', 'application-group=%{GLOBAL}', '%{GLOBAL}', '%{RESOURCE}', '%{ENV:X}', 'g', 'mod_wsgi.c', '!x'],
    ['access', 'plus', '1', 'month', 'A60', 'text/html', '.html', 'DEFLATE', 'INCLUDES;DEFLATE', '|cat', '"%h %>s"'],
    [
      '${GIVEN}',
      '${given}${given}',
      '${NONE}',
      '${',
      '$}',
      '${HOME}/x',
      '${a:b|c}',
      'GIVEN',
      'A',
      'A=b',
      '>= 2.4',
      '2.4',
    ],
  ].flat(),
);

const expression = fc
  .array(
    pick(
      [
        '%{REQUEST_URI}',
        "'x'",
        '"y"',
        '$1',
        '%{HTTP:X}',
        '==',
        '!=',
        '-eq',
        '-in',
        '=~',
        '!~',
        'm#^/a#i',
        '/(/',
      ].concat([
        '&&',
        '||',
        '!',
        '(',
        ')',
        '{',
        '}',
        ',',
        '-f',
        '-z',
        'true',
        'false',
        'tolower(',
        'file(',
        '.',
        '%{',
        '-ipmatch',
      ]),
    ),
    { maxLength: 9 },
  )
  .map((tokens) => tokens.join(' '));

const quoted = fc
  .tuple(pick(['"', "'"]), fc.oneof(plain, expression, fc.string({ maxLength: 10 })), pick(['"', "'", '']))
  .map(([open, text, close]) => open + text + close);
const word = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 2, arbitrary: quoted },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 1, arbitrary: expression },
);
const words = fc.array(word, { maxLength: 4 });
/** Between words: also a continued line, which may end in either way. */
const gap = fc.oneof({ weight: 8, arbitrary: fc.constant(' ') }, pick(['\t', '  ', ' \\\n ', '\\\r\n', ' \\ ']));
const ending = fc.oneof(
  { weight: 6, arbitrary: fc.constant('\n') },
  pick(['\r\n', '\n\n', '\\\n', ' \n', '\r', '\0\n']),
);

const argumentsText = fc
  .tuple(words, gap, ending)
  .map(([list, between, end]): readonly [string, string] => [[...list].join(between), end]);
const line = fc.tuple(fc.oneof({ weight: 9, arbitrary: directive }, word), argumentsText).map(([name, [rest, end]]) => {
  return `${name} ${rest}${end}`;
});
const odd = fc.oneof(
  argumentsText.map(([rest, end]) => `# ${rest}${end}`),
  fc.tuple(section, pick(['>', '', ' >', '> x'])).map(([name, close]) => `</${name}${close}\n`),
  fc.tuple(section, argumentsText).map(([name, [rest, end]]) => `<${name} ${rest}${end}`),
  fc.tuple(plain, fc.integer({ min: 1, max: 3000 })).map(([text, times]) => `SetEnv A ${text.repeat(times)}\n`),
  fc.tuple(directive, fc.integer({ min: 1, max: 400 })).map(([name, times]) => `${name} ${'x '.repeat(times)}\n`),
  pick(['Include part.conf\n', 'Include parts/*.conf\n', 'IncludeOptional parts\n', 'Include main.conf\n']),
  pick([
    'Define A ${A}${A}b\n',
    'Define A b\n',
    'UnDefine A\n',
    'Define GIVEN "x y"\n',
    'Error "no"\n',
    '\ufeff',
    '\u00e9\u{1f600}\n',
  ]),
);
const { block } = fc.letrec<{ block: string }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'medium' },
    { weight: 5, arbitrary: line },
    { weight: 1, arbitrary: odd },
    {
      weight: 3,
      arbitrary: fc
        .tuple(section, words, pick(['>', '>', '>', ' >', '']), fc.array(tie('block'), { maxLength: 4 }))
        .map(([name, rest, close, inner]) => `<${name} ${rest.join(' ')}${close}\n${inner.join('')}</${name}>\n`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(pick(['If', 'ElseIf', 'Else']), expression, fc.array(tie('block'), { maxLength: 3 }))
        .map(([name, text, inner]) => `<${name} "${text}">\n${inner.join('')}</${name}>\n`),
    },
  ),
}));

/** Mostly UTF-8; else bytes that are not, in the middle of a line or instead of everything. */
const content = fc
  .tuple(fc.array(block, { maxLength: 10 }), fc.option(fc.uint8Array({ maxLength: 30 }), { freq: 8 }), fc.nat())
  .map(([blocks, bytes, place]) => {
    const text = Buffer.from(blocks.join(''), 'utf8');
    if (bytes === null) return text;
    const at = place % (text.length + 1);
    return Buffer.concat([text.subarray(0, at), bytes, text.subarray(at)]);
  });
const contents = fc.tuple(content, content, content, content);

test('random configurations through check', () => {
  fc.assert(fc.property(contents, exercise), fuzzBudget(600, 0.4));
});

/** With everything else in place, so that the one line is what is looked at to the end. */
test('one random line in a good configuration', () => {
  const settled = fc.tuple(
    pick(['', 'VirtualHost *:80', 'Directory /srv', 'Location /a', 'Files *.py', 'If "true"', 'RequireAny']),
    fc.array(line, { minLength: 1, maxLength: 2 }),
  );
  fc.assert(
    fc.property(settled, ([around, lines]) => {
      const inner = lines.join('');
      const text = around === '' ? inner : `<${around}>\n${inner}\n</${around.split(' ')[0]}>\n`;
      exercise([Buffer.from(`Listen 127.0.0.1:0\nWSGIDaemonProcess g threads=1\n${text}`)]);
    }),
    fuzzBudget(1500, 0.3),
  );
});

test('random access files', () => {
  const file = '/srv/a/.htaccess';
  const policy: OverridePolicy = {
    allowed: { ...noClasses, classes: new Set(['All' as const]) },
    directives: new Set(),
  };
  fc.assert(
    fc.property(content, (bytes) => {
      const text = decode(bytes);
      const parsed = parseConfig({ ...memoryFiles({ [file]: text }), vocabulary, isAccessFile: true });
      const { problems } = resolveAccessFile(parsed.tree, vocabulary, {
        serverRoot: '/',
        directory: '/srv/a/',
        policy,
      });
      for (const problem of [...parsed.problems, ...problems]) assertInside(problem, { [file]: bytes });
    }),
    fuzzBudget(600, 0.1),
  );
});
