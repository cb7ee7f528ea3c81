/** chroot of WSGIDaemonProcess: the processes see a folder as their root, and scripts by their paths in it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { isRoot, unprivilegedUser } from './support/accounts.js';
import { identityOf, openFiles, threadNames } from './support/processes.js';
import { TestServer } from './support/server.js';

const rootOnly = { skip: isRoot ? false : 'needs root' };

const inspect = `
import json
import os
import sys

AT_IMPORT = os.getcwd()


def application(environ, start_response):
    if environ["QUERY_STRING"] == "fail":
        raise ValueError("as asked for")
    names = ("SCRIPT_FILENAME", "DOCUMENT_ROOT", "CONTEXT_DOCUMENT_ROOT", "mod_wsgi.process_group")
    report = {name: environ.get(name) for name in names}
    report.update(root=sorted(os.listdir("/")), cwd=AT_IMPORT, file=__file__, path=sys.path[0], pid=os.getpid())
    for module in ("colorsys", "mod_of_archive", "mod_of_site", "wave"):
        try:
            report[module] = __import__(module).__file__
        except ImportError as error:
            report[module] = str(error)
    # A working folder outside would be a way out.
    os.chdir("../../../../..")
    report["above"] = sorted(os.listdir("."))
    body = json.dumps(report).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]
`;

test('the folder is the root of the processes', rootOnly, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => {
      const jail = `${folder}/jail`;
      // Of Python's library only what the test asks for: the rest was loaded outside.
      const library = pythonLibrary();
      mkdirSync(`${jail}${library.folder}`, { recursive: true });
      for (const name of ['os.py', 'colorsys.py']) {
        cpSync(`${library.folder}/${name}`, `${jail}${library.folder}/${name}`);
      }
      // On sys.path, not there outside: Python must not remember that.
      mkdirSync(`${jail}${library.archive}`);
      writeFileSync(`${jail}${library.archive}/mod_of_archive.py`, '');
      return `
        User www-data
        Group www-data
        WSGIDaemonProcess jail chroot=${jail} home=/work python-path=/site threads=2
        WSGIApplicationGroup %{GLOBAL}
        DocumentRoot ${jail}/work
        WSGIScriptAlias /early ${jail}/work/early.wsgi process-group=jail application-group=%{GLOBAL}
        WSGIScriptAlias /outside ${folder}/outside.wsgi process-group=jail
        WSGIScriptAlias /neighbour ${jail}-other/neighbour.wsgi process-group=jail
        WSGIImportScript /work/import.py process-group=jail application-group=%{GLOBAL}
        WSGIScriptAlias / ${jail}/work/site.wsgi
        WSGIProcessGroup jail`;
    },
    files: {
      'jail/work/site.wsgi': inspect,
      'jail/work/early.wsgi': `import sys\nsys.stderr.write("early at " + __file__ + "\\n")\n${inspect}`,
      'jail/work/import.py': 'import sys\nsys.stderr.write("imported at " + __file__ + "\\n")\n',
      'jail/site/mod_of_site.py': '',
      'outside.wsgi': inspect,
      'jail-other/neighbour.wsgi': inspect,
    },
    allowErrors: [
      /early at \/work\/early\.wsgi|imported at \/work\/import\.py/,
      /ValueError|Traceback|File "\/work\/site\.wsgi"|as asked for|\^\^\^/,
      /not located within chroot directory/,
    ],
  });
  const { folder } = server.paths;
  const jail = `${folder}/jail`;
  assert.match(server.errorLog(), /imported at \/work\/import\.py/);
  assert.match(server.errorLog(), /early at \/work\/early\.wsgi/);

  const response = await server.request('/');
  assert.equal(response.status, 200, server.errorLog());
  const {
    pid,
    colorsys,
    mod_of_archive: archived,
    wave,
    ...report
  } = JSON.parse(response.text) as Record<string, unknown>;
  assert.deepEqual(report, {
    SCRIPT_FILENAME: '/work/site.wsgi',
    DOCUMENT_ROOT: '/work',
    CONTEXT_DOCUMENT_ROOT: '/work',
    'mod_wsgi.process_group': 'jail',
    root: ['site', 'usr', 'work'],
    above: ['site', 'usr', 'work'],
    cwd: '/work',
    path: '/work',
    file: '/work/site.wsgi',
    mod_of_site: '/site/mod_of_site.py',
  });
  assert.match(String(colorsys), /^\/usr\/.*\/colorsys\.py$/, "the library's part inside is found");
  assert.match(String(archived), /\.zip\/mod_of_archive\.py$/);
  assert.equal(wave, "No module named 'wave'", 'the part outside is not');
  assert.equal(pid, server.daemonPids('jail')[0]);
  assert.equal(readlinkSync(`/proc/${pid}/root`), jail);
  const files = openFiles(Number(pid)).filter((path) => path.startsWith('/'));
  assert(files.length > 0);
  for (const path of files) assert(!statSync(path).isDirectory(), `the open folder ${path} is a way out`);
  assert(identityOf(Number(pid)).uids.every((uid) => uid !== 0));
  assert(threadNames(Number(pid)).includes('wsgi-request-1'), 'threads have their names without /proc');

  // A traceback needs modules of Python's that are loaded late.
  assert.equal((await server.request('/?fail')).status, 500);
  assert.match(server.errorLog(), /File "\/work\/site\.wsgi", line \d+, in application/);
  assert.match(server.errorLog(), /raise ValueError\("as asked for"\)/);
  assert.doesNotMatch(server.errorLog(), /can't be shown/);

  for (const [url, script] of [
    ['/outside', `${folder}/outside.wsgi`],
    ['/neighbour', `${jail}-other/neighbour.wsgi`],
  ]) {
    assert.equal((await server.request(url ?? '')).status, 500, url);
    assert(
      server.errorLog().includes(`WSGI script '${script}' not located within chroot directory '${jail}'.`),
      server.errorLog(),
    );
  }
  assert.equal((await server.request('/early')).status, 200);
  assert.equal(server.daemonPids('jail')[0], pid, 'the same process all the time');
});

test('a document root outside is not shown, a library that is missing is reported', rootOnly, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      User www-data
      Group www-data
      DocumentRoot ${folder}
      WSGIDaemonProcess jail chroot=${folder}/jail/ threads=2
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/jail/site.wsgi process-group=jail`,
    files: { 'jail/site.wsgi': inspect },
  });
  const response = await server.request('/');
  assert.equal(response.status, 200, server.errorLog());
  const report = JSON.parse(response.text) as Record<string, unknown>;
  assert.deepEqual(
    [report.SCRIPT_FILENAME, report.DOCUMENT_ROOT, report.CONTEXT_DOCUMENT_ROOT, report.cwd],
    ['/site.wsgi', null, null, '/'],
  );
  assert.match(server.errorLog(), /:warn\].* chroot folder '.*\/jail.*' has no Python standard library at '\/usr\/lib/);
});

test('a folder that is not there', rootOnly, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `WSGIDaemonProcess jail chroot=${folder}/none`,
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /daemon process group 'jail': chroot=.*\/none: there is no such folder/);
});

test('without root it is an error at start', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `WSGIDaemonProcess jail chroot=${folder}`,
    runAs: unprivilegedUser(),
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /'jail': Cannot chroot WSGI daemon process when not root: start the server as root/);
});

/** Where the system's Python has its library, and the archive that it asks first, which is not there as a rule. */
function pythonLibrary(): { readonly folder: string; readonly archive: string } {
  const program = 'import os, sys; print(os.__file__); print([path for path in sys.path if path.endswith(".zip")][0])';
  const result = spawnSync('/usr/bin/python3', ['-c', program], { encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
  const [module = '', archive = ''] = result.stdout.trim().split('\n');
  return { folder: dirname(module), archive };
}
