/** The directives about Python in embedded mode: home, path, optimisation, warnings, hash seed, restrictions. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { embedded } from './support/embedded.js';
import { TestServer } from './support/server.js';

const report = `
import json, os, signal, sys, warnings

def attempt(action):
    try:
        return repr(action())
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"

def application(environ, start_response):
    import module
    import hashlib, sqlite3, ssl, zlib
    answer = {
        "prefix": sys.prefix, "executable": sys.executable, "path": sys.path, "argv": sys.argv,
        "optimize": sys.flags.optimize, "hash": str(hash("text")), "randomized": sys.flags.hash_randomization,
        "noBytecode": sys.flags.dont_write_bytecode, "interval": sys.getswitchinterval(),
        "fileNames": sys.getfilesystemencoding(), "folder": os.getcwd(), "user": os.getuid(),
        "variables": [name for name in os.environ if name in ("PYTHONOPTIMIZE", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE")],
        "warning": attempt(lambda: warnings.warn("told", DeprecationWarning)),
        "stdin": attempt(lambda: sys.stdin.read()), "stdout": attempt(lambda: sys.stdout.write("")),
        "signal": attempt(lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL)),
        "ownFirst": bool(sys.getdlopenflags() & os.RTLD_DEEPBIND),
        "libraries": [ssl.OPENSSL_VERSION, sqlite3.sqlite_version, hashlib.new("sha256", b"x").hexdigest()],
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
`;

function makeVenv(folder: string): void {
  const made = spawnSync('/usr/bin/python3', ['-m', 'venv', '--without-pip', join(folder, 'venv')], {
    encoding: 'utf8',
  });
  assert.equal(made.status, 0, made.stderr);
}

async function reportOf(server: TestServer): Promise<Record<string, unknown>> {
  const { status, text } = await server.request('/');
  assert.equal(status, 200, server.errorLog());
  return JSON.parse(text) as Record<string, unknown>;
}

test('everything set', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => {
      makeVenv(folder);
      return `
        WSGIPythonHome ${folder}/venv
        WSGIPythonPath ${folder}/first:${folder}/second
        WSGIPythonOptimize 2
        WSGIPythonWarnings error::DeprecationWarning
        WSGIPythonHashSeed 7
        WSGIDontWriteBytecode On
        WSGISwitchInterval 0.02
        WSGIRestrictStdin On
        WSGIRestrictStdout On
        WSGIApplicationGroup %{GLOBAL}
        WSGIScriptAlias / ${folder}/report.wsgi`;
    },
    files: { 'report.wsgi': report, 'first/more.pth': '../third\n', 'second/x.py': '', 'third/module.py': '' },
    env: { LANG: 'C', LC_ALL: '', LC_CTYPE: '' },
  });
  const { folder } = server.paths;
  const found = await reportOf(server);
  assert.equal(found.prefix, `${folder}/venv`);
  assert.equal(found.executable, `${folder}/venv/bin/python`);
  const path = found.path as string[];
  assert.deepEqual(path.slice(0, 3), [`${folder}/first`, `${folder}/third`, `${folder}/second`]);
  assert(path.some((entry) => entry.startsWith(`${folder}/venv/lib/python3.`) && entry.endsWith('site-packages')));
  assert.deepEqual([found.optimize, found.noBytecode, found.interval, found.argv], [2, 1, 0.02, ['mod_wsgi']]);
  const expected = spawnSync('/usr/bin/python3', ['-c', 'print(hash("text"))'], { env: { PYTHONHASHSEED: '7' } });
  assert.equal(String(found.hash), expected.stdout.toString().trim());
  assert.equal(found.warning, 'DeprecationWarning: told');
  assert.equal(found.stdin, 'OSError: sys.stdin access restricted by mod_wsgi');
  assert.equal(found.stdout, 'OSError: sys.stdout access restricted by mod_wsgi');
  // As the program python does in the C locale.
  assert.equal(found.fileNames, 'utf-8');
  assert.deepEqual(found.variables, [], 'not for programs that the application starts');
  assert.equal(found.folder, '/');
  // Signals stay Node.js's: the server ends in good order.
  assert.match(server.errorLog(), /Ignoring Python signal handler registration for signal 15\./);
  assert(!existsSync(join(folder, 'third/__pycache__')));
});

test('nothing set: random means random, and extension modules use their own libraries', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      StartServers 2
      WSGIPythonHashSeed random
      WSGIRestrictSignal Off
      WSGIPythonPath ${folder}
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/report.wsgi`,
    files: { 'report.wsgi': report, 'module.py': '' },
  });
  const hashes = new Set<unknown>();
  for (let count = 0; count < 40 && hashes.size < 2; count++) hashes.add((await reportOf(server)).hash);
  assert.equal(hashes.size, 2, 'both children have a seed of their own');
  const found = await reportOf(server);
  assert.deepEqual([found.optimize, found.randomized], [0, 1]);
  assert.equal(found.warning, 'None');
  assert.equal(found.signal, 'ValueError: signal only works in main thread of the main interpreter');
  assert.equal(found.ownFirst, true);
  const program =
    'import hashlib, json, sqlite3, ssl; print(json.dumps([ssl.OPENSSL_VERSION, sqlite3.sqlite_version, hashlib.new("sha256", b"x").hexdigest()]))';
  const alone = spawnSync(String(found.executable), ['-c', program], { encoding: 'utf8' });
  assert.deepEqual(found.libraries, JSON.parse(alone.stdout));
});
