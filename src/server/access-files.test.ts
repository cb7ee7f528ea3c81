/** How .htaccess files are found, kept and read again. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Config, Section, ServerScope } from '../conf/config.js';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import { matchDirectories } from '../conf/section-matching.js';
import { AccessFileError, AccessFiles } from './access-files.js';
import { vocabulary } from './directive-tables.js';
import { FileCalls, FilesPending, whenFilesReady } from './file-calls.js';
import { mimeSettings } from './mime-directives.js';
import { usesAccessFiles } from './override-directives.js';

let root = '';
let nowMs = 0;
let warnings: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'access-files-'));
  nowMs = 1_000_000;
  warnings = [];
});
afterEach(() => rmSync(root, { recursive: true }));

const calls = new FileCalls({ isLocal: () => true });

function resolve(text: string): Config {
  const parsed = parseConfig({ file: 'site.conf', readFile: () => text, vocabulary });
  const resolved = resolveConfig(parsed.tree, vocabulary, { serverRoot: root });
  assert.deepEqual([...parsed.problems, ...resolved.problems], []);
  return resolved.config;
}

/** A server whose folders below `root` allow everything, and its access files under a clock that the test moves. */
function start(text = `<Directory ${root}>\nAllowOverride All\n</Directory>`) {
  const config = resolve(text);
  const files = new AccessFiles({
    calls,
    config,
    monotonicMs: () => nowMs,
    // Far from the times of the files, so that they count as settled.
    wallMs: () => Date.now() + 1_000_000,
    report: ({ message, position }) => warnings.push(`${position.line}: ${message}`),
  });
  return { server: config.main, files };
}

/** The sections of access files on the way to `folder`. */
function find(server: ServerScope, files: AccessFiles, folder: string): readonly Section[] {
  const all = matchDirectories(server, folder, folder, (directory, before) => files.find(server, directory, before));
  return all.filter((section) => !server.directories.includes(section));
}

function write(path: string, text: string, time = 1000): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), time, time);
}

function typeOf(sections: readonly Section[]): string | undefined {
  return sections.at(-1)?.settings.find(mimeSettings.forceType);
}

describe('AccessFiles', () => {
  it('finds the files of all folders on the way, from the first that allows it', () => {
    write('.htaccess', 'ForceType text/a');
    write('x/.htaccess', 'ForceType text/b');
    write('x/y/z/.htaccess', 'ForceType text/c');
    const { files, server } = start();
    const found = find(server, files, join(root, 'x/y/z'));
    assert.deepEqual(
      found.map(({ argument }) => argument),
      [`${root}/`, `${root}/x/`, `${root}/x/y/z/`],
    );
    assert.equal(typeOf(found), 'text/c');
  });

  it('looks at a file once in a second at most, and reads it again when it has changed', () => {
    const { files, server } = start();
    const typeNow = () => typeOf(find(server, files, root));
    assert.equal(typeNow(), undefined);
    write('.htaccess', 'ForceType text/a', 1000);
    nowMs += 999;
    assert.equal(typeNow(), undefined);
    nowMs += 1;
    assert.equal(typeNow(), 'text/a');
    const [before] = find(server, files, root);
    nowMs += 1000;
    assert.equal(find(server, files, root)[0], before, 'a file that has not changed is the same section');
    write('.htaccess', 'ForceType text/b', 2000);
    assert.equal(typeNow(), 'text/a');
    nowMs += 1000;
    assert.equal(typeNow(), 'text/b');
    rmSync(join(root, '.htaccess'));
    nowMs += 1000;
    assert.equal(typeNow(), undefined);
  });

  it('reads a file again that has changed just before it was read', () => {
    const config = resolve(`<Directory ${root}>\nAllowOverride All\n</Directory>`);
    const files = new AccessFiles({ config, monotonicMs: () => nowMs, wallMs: Date.now, report: () => {}, calls });
    write('.htaccess', 'ForceType text/a');
    const [before] = find(config.main, files, root);
    nowMs += 1000;
    assert.notEqual(find(config.main, files, root)[0], before);
  });

  it('refuses requests where a file is wrong, and says where', () => {
    write('.htaccess', '\n  Nonsense on\nForceType text/a');
    const { files, server } = start();
    const isWrong = (error: unknown) => {
      assert.ok(error instanceof AccessFileError);
      assert.equal(error.status, 500);
      assert.match(error.message, new RegExp(`^${root}/.htaccess:2:3: directive 'Nonsense' is unknown`));
      return true;
    };
    assert.throws(() => find(server, files, root), isWrong);
    assert.throws(() => find(server, files, root), isWrong, 'also while it is remembered');
    write('.htaccess', 'ForceType text/a', 3000);
    nowMs += 1000;
    assert.equal(typeOf(find(server, files, root)), 'text/a');
  });

  it('refuses requests where a file can not be read or is too long', () => {
    mkdirSync(join(root, '.htaccess'));
    const { files, server } = start();
    assert.throws(() => find(server, files, root), { status: 403, message: /unable to check htaccess file/ });
    rmSync(join(root, '.htaccess'), { recursive: true });
    write('.htaccess', '#'.repeat(1024 * 1024 + 1));
    nowMs += 1000;
    assert.throws(() => find(server, files, root), { status: 500, message: /longer than/ });
  });

  it('reports what Nonfatal lets pass, once each time that the file is read', () => {
    write('.htaccess', 'Nonsense\nRequire all denied\nForceType text/a');
    const { files, server } = start(`<Directory ${root}>\nAllowOverride FileInfo Nonfatal=All\n</Directory>`);
    assert.equal(typeOf(find(server, files, root)), 'text/a');
    find(server, files, root);
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /^1: directive 'Nonsense' is unknown/);
    assert.match(warnings[1] ?? '', /^2: Require is not allowed here/);
  });

  it('uses the defines of the configuration', () => {
    write('.htaccess', 'ForceType text/${' + 'KIND}\n<IfDefine KIND>\nForceType text/${' + 'KIND}-x\n</IfDefine>');
    const { files, server } = start(`Define KIND special\n<Directory ${root}>\nAllowOverride All\n</Directory>`);
    assert.equal(typeOf(find(server, files, root)), 'text/special-x');
  });

  it('keeps one folder under two policies apart', () => {
    write('.htaccess', 'ForceType text/a');
    const config = resolve(`
<Directory ${root}>
AllowOverride All
</Directory>
<VirtualHost *:80>
<Directory ${root}>
AllowOverride AuthConfig
</Directory>
</VirtualHost>`);
    const { files } = start();
    assert.equal(typeOf(find(config.main, files, root)), 'text/a');
    const host = config.servers[1];
    assert.ok(host);
    assert.throws(() => find(host, files, root), { status: 500 });
    assert.equal(typeOf(find(config.main, files, root)), 'text/a');
  });

  it('reads files of file systems that may hang in the background', async () => {
    const config = resolve(`<Directory ${root}>\nAllowOverride All\n</Directory>`);
    const isLocal = (path: string): boolean => !path.includes('/far/');
    mkdirSync(join(root, 'far'));
    writeFileSync(join(root, 'far/.htaccess'), 'ForceType text/far\n');
    const files = new AccessFiles({
      config,
      monotonicMs: () => nowMs,
      wallMs: () => Date.now() + 1_000_000,
      report: () => {},
      calls: new FileCalls({ isLocal }),
    });
    const folder = join(root, 'far');
    assert.throws(() => find(config.main, files, folder), FilesPending);
    const found = await whenFilesReady(() => find(config.main, files, folder));
    assert.equal(typeOf(found), 'text/far');
    nowMs += 4999;
    find(config.main, files, folder);
    nowMs += 1000;
    rmSync(join(root, 'far/.htaccess'));
    assert.throws(() => find(config.main, files, folder), FilesPending);
    const after = await whenFilesReady(() => find(config.main, files, folder));
    assert.notEqual(typeOf(after), 'text/far');
  });
});

describe('usesAccessFiles', () => {
  it('is only true where a folder allows something', () => {
    const uses = (text: string) => usesAccessFiles(resolve(text).main);
    assert.equal(uses(''), false);
    assert.equal(uses('<Directory />\nAllowOverride None\n</Directory>'), false);
    assert.equal(uses('<Directory />\nAllowOverride None\nAllowOverrideList None\n</Directory>'), false);
    assert.equal(uses('<Directory />\nAllowOverride Nonfatal=All\n</Directory>'), true);
    assert.equal(uses('<Directory /srv>\nAllowOverride Limit\n</Directory>'), true);
    assert.equal(uses('<Directory /srv>\nAllowOverrideList Require\n</Directory>'), true);
    assert.equal(uses('<DirectoryMatch /srv>\nAllowOverride All\n</DirectoryMatch>'), false);
  });
});
