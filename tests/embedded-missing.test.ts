/** Without koffi or a shared libpython: embedded mode says what to do, and daemon mode needs neither. */

import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { checkout, runStillhouse } from './support/command.js';
import { embedded } from './support/embedded.js';
import { application, type TestPaths, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const files = { 'hello.wsgi': application('hello') };

/** A Python that knows of no shared library. */
function writeStaticPython({ folder }: Pick<TestPaths, 'folder'>): string {
  const path = join(folder, 'home/bin/python');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\ncase "$2" in *INSTSONAME*) echo null;; *) echo '["${path}", [3, 11, 2], "cpython"]';; esac\n`,
  );
  chmodSync(path, 0o755);
  return join(folder, 'home');
}

test('no shared libpython: the start and check name both cures', embedded, async () => {
  await using server = await TestServer.start({
    config: (paths) => `WSGIPythonHome ${writeStaticPython(paths)}\nWSGIScriptAlias / ${paths.folder}/hello.wsgi`,
    files,
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  const says =
    /embedded mode needs Python as a shared library, and '.*\/home\/bin\/python' \(3\.11\.2\) has none: install it \(Debian: apt-get install libpython3\.11; .*or use daemon mode \('WSGIDaemonProcess NAME threads=15' and 'WSGIProcessGroup NAME'\)/;
  assert.match(server.output(), says);
  const check = await runStillhouse(['check', '-f', `${server.paths.folder}/httpd.conf`]);
  assert.equal(check.exitStatus, 1);
  assert.match(check.stdout + check.stderr, says);
});

/** The program with every package but koffi, as `npm ci --omit=optional` leaves it. */
function copyWithoutKoffi(folder: string): string {
  for (const part of ['bin', 'dist', 'python', 'package.json']) {
    cpSync(join(checkout, part), join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(checkout, 'node_modules'))) {
    if (name !== 'koffi') symlinkSync(join(checkout, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return join(folder, 'bin/stillhouse');
}

test('without koffi', async () => {
  using copy = new TemporaryFolder();
  const runAs = {
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    node: process.execPath,
    program: copyWithoutKoffi(copy.path),
  };
  assert(!existsSync(join(copy.path, 'node_modules/koffi')));
  const says = /embedded mode needs the package koffi, which can't be loaded .*'npm install koffi'.*or use daemon mode/;
  {
    await using server = await TestServer.start({
      config: ({ folder }) => `WSGIScriptAlias / ${folder}/hello.wsgi`,
      files,
      runAs,
      expectStart: false,
    });
    assert.equal(server.ended?.exitStatus, 1);
    assert.match(server.output(), says);
  }
  {
    // Where it is one request among others that asks for embedded mode, the others are served.
    await using server = await TestServer.start({
      config: (paths) =>
        siteConfig('hello.wsgi', 'threads=2', '<Location /embedded>\nWSGIProcessGroup %{GLOBAL}\n</Location>')(paths),
      files,
      runAs,
      allowErrors: [says],
    });
    assert.equal((await server.request('/')).status, 200);
    assert.equal((await server.request('/embedded')).status, 500);
    await server.waitForLog(says);
    assert.equal((await server.request('/')).status, 200);
  }
});
