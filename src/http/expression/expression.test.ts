/**
 * One case per file in cases/: expressions, one on a line, dashes, and for each its value or where it is wrong. Lines
 * that begin with `%% ` set the scene. With UPDATE_CASES=1 the expectation is written anew; read the difference before
 * keeping it.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { RewriteRequest } from '../rewrite/rewrite-request.js';
import {
  compileExpression,
  compileStringExpression,
  type ExpressionSubject,
  ExpressionSyntaxError,
} from './expression.js';
import { EXPRESSION_FUNCTIONS } from './expression-functions.js';
import { EXPRESSION_VARIABLES } from './expression-variables.js';

const DASHES = '\n----------\n';

/** src/http/expression/cases, wherever the compiled tests lie. */
function casesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'src/http/expression/cases');
}

interface Scene {
  readonly headers?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly request?: Partial<RewriteRequest>;
  readonly noted?: string[];
}

function subjectOf({ headers = {}, noted = [], request = {}, variables = {} }: Scene): ExpressionSubject {
  return {
    request: {
      uri: '/shop/cart.html',
      unparsedUri: '/shop/cart.html?id=7',
      query: 'id=7',
      filename: '/srv/shop/cart.html',
      pathInfo: '',
      method: 'GET',
      requestLine: 'GET /shop/cart.html?id=7 HTTP/1.1',
      scheme: 'http',
      isSubrequest: false,
      serverName: 'www.example.com',
      serverPort: 80,
      header: (name) => headers[name.toLowerCase()],
      id: 'id-1',
      environment: (name) => variables[name],
      requestVariable: (name) => variables[name],
      serverVariable: (name) => (name === 'FROM_SHELL' ? 'shell' : undefined),
      fact: (name) => (name === 'REMOTE_ADDR' ? '192.0.2.7' : undefined),
      sslVariable: () => undefined,
      matchesHost: () => false,
      ...request,
    },
    services: {
      fileTest(path) {
        if (path === '/srv/shop') return { kind: 'directory', size: 4096, executable: true };
        if (path === '/srv/empty') return { kind: 'file', size: 0, executable: false };
        return path === '/srv/shop/cart.html' ? { kind: 'file', size: 12, executable: false } : undefined;
      },
      isSymbolicLink: (path) => path === '/srv/link',
      now: () => new Date(2024, 1, 3, 4, 5, 6).getTime(),
    },
    handler: undefined,
    status: 200,
    noteHeader: (name) => noted.push(name),
  };
}

function sceneOf(lines: readonly string[]): Scene {
  const pairs = (word: string, separator: string) =>
    Object.fromEntries(
      lines
        .filter((line) => line.startsWith(`%% ${word} `))
        .map((line) => line.slice(word.length + 4))
        .map((pair) => [
          pair.slice(0, pair.indexOf(separator)),
          pair.slice(pair.indexOf(separator) + separator.length),
        ]),
    );
  return { headers: pairs('header', ': '), variables: pairs('env', '=') };
}

function outcome(text: string, scene: Scene): string {
  try {
    const expression = compileExpression(text);
    return String(expression.holds(subjectOf(scene)));
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    return `column ${error.offset + 1}: ${error.message}`;
  }
}

for (const name of readdirSync(casesFolder()).filter((file) => file.endsWith('.case'))) {
  test(name.replace('.case', '').replaceAll('-', ' '), () => {
    const path = join(casesFolder(), name);
    const [input = '', expected = ''] = readFileSync(path, 'utf8').split(DASHES);
    const lines = input.split('\n');
    const scene = sceneOf(lines);
    const actual = lines
      .filter((line) => line !== '' && !line.startsWith('%% '))
      .map((line) => outcome(line, scene))
      .join('\n');
    if (process.env.UPDATE_CASES === '1') writeFileSync(path, `${input}${DASHES}${actual}\n`);
    else assert.equal(actual, expected.trimEnd());
  });
}

test('a string expression is a string without quotes', () => {
  const subject = subjectOf({ headers: { host: 'WWW.Example.COM' } });
  const read = (text: string) => compileStringExpression(text).read(subject);
  assert.equal(
    read('%{REQUEST_SCHEME}://%{tolower:%{HTTP_HOST}}%{REQUEST_URI}'),
    'http://www.example.com/shop/cart.html',
  );
  assert.equal(read(`it's "quoted" 100% $1 $x`), `it's "quoted" 100%  $x`);
  assert.equal(read(''), '');
  assert.equal(read('caf\u00e9'), 'caf\u00c3\u00a9');
  assert.throws(() => compileStringExpression('a %{NOPE} b'), { offset: 2, message: "variable 'NOPE' does not exist" });
});

test('the match of an expression is that of its last regular expression with groups', () => {
  const { match } = compileExpression('%{REQUEST_URI} =~ m#^/([a-z]+)/(x)?# && %{HTTP_HOST} !~ /nope/');
  assert.deepEqual([...(match(subjectOf({})) ?? [])], ['/shop/', 'shop', undefined]);
  assert.equal(match(subjectOf({ request: { uri: '/' } })), undefined);
  assert.deepEqual(compileExpression('true').match(subjectOf({})), []);
});

test('headers that are looked at are noted, but for Host and those asked for without', () => {
  const noted: string[] = [];
  const expression = compileExpression(
    "%{HTTP_HOST} == 'a' || req('X-A') == 'a' || %{HTTP_USER_AGENT} == 'a' || %{req_novary:X-B} == 'a' || %{http:host} == 'a'",
  );
  expression.holds(subjectOf({ noted }));
  assert.deepEqual(noted, ['X-A', 'User-Agent']);
});

test('whether the user matters is known beforehand', () => {
  assert.equal(compileExpression("%{REMOTE_USER} == 'a'").asksForUser, true);
  assert.equal(compileExpression("'%{remote_user}' == 'a'").asksForUser, true);
  assert.equal(compileExpression("%{REMOTE_ADDR} == 'a'").asksForUser, false);
});

test('the documentation names every variable and function', () => {
  const text = readFileSync(join(casesFolder(), '../../../../docs/expressions.md'), 'utf8');
  const missing = [...EXPRESSION_VARIABLES, ...EXPRESSION_FUNCTIONS].filter((name) => !text.includes(`\`${name}\``));
  assert.deepEqual(missing, []);
});

test('whatever the text is, it compiles or is wrong at a place inside of it', () => {
  const pieces = [
    ...'\'"%{}$1!()=~/m#,.-\\ i&|<>'.split(''),
    ...[
      '%{HTTP_HOST}',
      '%{req:',
      'true',
      '&&',
      '||',
      '==',
      '=~',
      '-in',
      '{',
      '-z',
      '-ipmatch',
      "'a'",
      'tolower(',
      '\u00e9',
    ],
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''));
  const isSound = (compile: (text: string) => unknown) => (source: string) => {
    try {
      compile(source);
    } catch (error) {
      assert.ok(error instanceof ExpressionSyntaxError, String(error));
      assert.ok(error.offset >= 0 && error.offset <= source.length, `${error.offset} in ${JSON.stringify(source)}`);
    }
  };
  fc.assert(
    fc.property(
      text,
      isSound((source) => compileExpression(source).holds(subjectOf({}))),
    ),
  );
  fc.assert(
    fc.property(
      text,
      isSound((source) => compileStringExpression(source).read(subjectOf({}))),
    ),
  );
});

test('parentheses, negations and functions inside each other end in an error, not in a crash', () => {
  for (const text of ['('.repeat(5000), `${'%{tolower:'.repeat(5000)}`, 'tolower('.repeat(5000)]) {
    assert.throws(() => compileExpression(text), { message: /more than 100 levels/ });
  }
  assert.equal(compileExpression(`${'!'.repeat(100_000)}true`).holds(subjectOf({})), true);
});

test('an error behind letters of several bytes points at the right character', () => {
  assert.throws(() => compileExpression("'caf\u00e9' == x"), { offset: 10 });
});
