/** What the documentation promises: links that lead somewhere, options and commands that are there, a package that is whole. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(checkout, path), 'utf8');
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(checkout, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Text without code, where brackets mean nothing. */
function proseOf(markdown: string): string {
  return markdown.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** As a heading's anchor is made: `\<Files>` is `files`. */
function anchorsOf(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text]) => text ?? '');
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('every relative link leads to a file, and to a heading that it has', () => {
  const dead: string[] = [];
  let links = 0;
  for (const document of documents) {
    for (const [, target = ''] of proseOf(read(document)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      links += 1;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(checkout, document) : resolve(checkout, dirname(document), path);
      const isThere = existsSync(file) && (anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).has(anchor));
      if (!isThere) dead.push(`${document}: ${target}`);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(links > 20, `only ${links} links were found`);
});

const helpOf = (...words: string[]): string =>
  execFileSync(process.execPath, [join(checkout, 'bin/stillhouse'), ...words, '--help'], { encoding: 'utf8' });

for (const command of ['serve', 'run', 'check', 'explain', 'info', 'ps', 'reload', 'restart', 'reopen-logs', 'stop']) {
  test(`docs/commands.md has the options of ${command}, and no others`, () => {
    const offered = [...helpOf(command).matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
    const section = new RegExp(`^## ${command}\\n([\\s\\S]*?)^## `, 'm').exec(read('docs/commands.md'))?.[1] ?? '';
    const described = section
      .split('\n')
      .filter((line) => line.startsWith('- `-'))
      .flatMap((line) => [...(line.split(': ', 1)[0] ?? '').matchAll(/(--[\w-]+)/g)].map(([, option]) => option));
    assert.deepEqual(described.sort(), offered.filter((option) => option !== '--help').sort());
  });
}

test('docs/commands.md has a section for every command', () => {
  const commands = [...helpOf().matchAll(/^ {2}([\w-]+) \[/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
  const document = read('docs/commands.md');
  assert.ok(commands.length >= 4, helpOf());
  for (const name of commands) assert.match(document, new RegExp(`^## ${name}$`, 'm'));
});

test('the npm commands that README.md and CONTRIBUTING.md name are there, and CI runs the one for tests', () => {
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);
  const text = read('README.md') + read('CONTRIBUTING.md');
  const named = new Set([...text.matchAll(/npm (?:run (\w+)|(start|test)\b)/g)].map(([, run, plain]) => run ?? plain));
  assert.ok(named.has('start') && named.has('test'));
  for (const name of named) assert.ok(scripts.includes(name ?? ''), `npm run ${name}`);
  assert.match(read('.ci/run'), /^exec npm test$/m);
});

test('the package holds the program, the documentation and the examples, and nothing else', () => {
  // Without scripts: compiling dist/ anew would pull it from under the other tests.
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [pack] = JSON.parse(output) as [{ files: { path: string }[] }];
  const files = pack.files.map(({ path }) => path);
  const allowed = [
    /^(package\.json|LICENSE|(README|CHANGELOG)\.md|bin\/(stillhouse|package\.json))$/,
    /^dist\/(base|conf|http|http1|proc|server|wire|wsgi|cli)\/.*\.js$/,
    /^dist\/program\/([\w-]+(\.bundle)?\.c?js|package\.json|LICENSES\.txt)$/,
    /^python\/stillhouse\/\w+\.py$/,
    /^docs\/([\w-]+|decisions\/\d{3}-[\w-]+)\.md$/,
    /^docs\/benchmarks\/[\w-]+\.(svg|json)$/,
    /^examples\/(django|flask|plain)\//,
  ];
  const unwanted = /\.test\.|\.cache$|__pycache__|\.pyc$|\.map$|sqlite|^examples\/\w+\/var\//;
  assert.deepEqual(
    files.filter((path) => unwanted.test(path) || !allowed.some((pattern) => pattern.test(path))),
    [],
  );
  const sources = readdirSync(join(checkout, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/\.test\./.test(name),
  );
  const modules = readdirSync(join(checkout, 'python/stillhouse')).filter((name) => name.endsWith('.py'));
  const needed = [
    ...['LICENSE', 'README.md', 'CHANGELOG.md', 'bin/stillhouse', 'bin/package.json', 'examples/plain/httpd.conf'],
    ...['main', 'http-child-main'].flatMap((name) => [`dist/program/${name}.js`, `dist/program/${name}.bundle.cjs`]),
    ...['launch.js', 'password-worker.js', 'package.json', 'LICENSES.txt'].map((name) => `dist/program/${name}`),
    ...sources.map((name) => `dist/${name.replace(/\.ts$/, '.js')}`),
    ...modules.map((name) => `python/stillhouse/${name}`),
    ...documents.filter((name) => name !== 'CONTRIBUTING.md'),
  ];
  assert.deepEqual(
    needed.filter((path) => !files.includes(path)),
    [],
  );
});
