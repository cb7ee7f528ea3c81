// Puts each program of dist/ into one file of dist/program/, which Node.js loads in a fraction of the time that it needs for
// four hundred modules, and makes the code cache beside it (src/proc/launch.ts). What bin/stillhouse runs is dist/program/.
//
//   main.js, http-child-main.js                what is run: launches the bundle of the same name
//   main.bundle.cjs, http-child-main.bundle.cjs, password-worker.js, each with its source map
//   main.cache, http-child-main.cache          for this version of Node.js; not published
//   LICENSES.txt                               of the packages whose code is in the bundles

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const SERVED_MS_LIMIT = 20_000;

/** Programs that are launched; the thread that checks passwords is loaded by Node.js itself. */
const PROGRAMS = { main: 'cli/main.js', 'http-child-main': 'server/http-child-main.js' };
const WORKERS = { 'password-worker': 'server/password-worker.js' };

// Loaded by require() it runs; loaded by launch.ts it is a function, which that runs.
const PARAMETERS = 'exports, require, module, __filename, __dirname';
const BUNDLE_START = `(typeof module === "undefined" ? (run) => run : (run) => run(${PARAMETERS}))(function (${PARAMETERS}) {`;
const BUNDLE_END = '});';
const BUNDLE_URL = '"use strict"; const bundleUrl = require("node:url").pathToFileURL(__filename).href;';

export const PROGRAM_FOLDER = join(CHECKOUT, 'dist/program');

/** Makes dist/program/ of what tsc has made of src/. */
export async function bundleProgram() {
  const { build } = await import('esbuild');
  const target = `${PROGRAM_FOLDER}.new`;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const shared = {
    absWorkingDir: CHECKOUT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Its native part is looked for beside its own files.
    external: ['koffi'],
    // hash-wasm has each function in a module of its own there.
    mainFields: ['module', 'main'],
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    // Modules find their neighbours and the Python runtime from here: as deep as dist/server/.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: BUNDLE_URL },
    plugins: [lazyBuiltins],
    metafile: true,
    logLevel: 'error',
  };
  const entries = (programs, ending) =>
    Object.entries(programs).map(([name, path]) => ({ in: `dist/${path}`, out: `${name}${ending}` }));
  const results = await Promise.all([
    build({
      ...shared,
      outdir: target,
      entryPoints: entries(PROGRAMS, '.bundle'),
      outExtension: { '.js': '.cjs' },
      banner: { js: `${BUNDLE_START} ${BUNDLE_URL}` },
      footer: { js: BUNDLE_END },
    }),
    build({ ...shared, outdir: target, entryPoints: entries(WORKERS, '') }),
    build({ ...shared, outfile: join(target, 'launch.js'), entryPoints: ['dist/proc/launch.js'] }),
  ]);
  writeFileSync(join(target, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(
    join(target, 'LICENSES.txt'),
    licences(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
  );
  for (const name of Object.keys(PROGRAMS)) {
    const hash = hashOf(join(target, `${name}.bundle.cjs`));
    writeFileSync(
      join(target, `${name}.js`),
      `require('./launch.js').launch(__dirname, ${JSON.stringify(name)}, ${JSON.stringify(hash)});\n`,
    );
  }
  replaceFolder(target);
  await makeCodeCaches(PROGRAM_FOLDER);
}

/**
 * Runs the server for a moment, so that V8 has compiled what a start and a first request need; scripts/save-code-cache.cjs keeps it.
 * Without Python it serves a file only. Where it does not run at all there is no cache, and starts take longer.
 */
async function makeCodeCaches(folder) {
  const site = mkdtempSync(join(tmpdir(), 'stillhouse-build-'));
  // As root the server's processes run as another user.
  chmodSync(site, 0o755);
  try {
    writeFileSync(join(site, 'index.html'), 'hello\n');
    writeFileSync(join(site, 'site.wsgi'), SCRIPT);
    const problem = (await serveOnce(folder, site, true)) && (await serveOnce(folder, site, false));
    if (problem !== undefined) console.error(`stillhouse: no code cache, starts will take longer: ${problem}`);
    for (const name of Object.keys(PROGRAMS)) {
      const made = join(folder, `${name}.cache.new`);
      if (problem !== undefined) rmSync(made, { force: true });
      else renameSync(made, join(folder, `${name}.cache`));
    }
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}

const SCRIPT = `def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"hello\\n"]
`;

const siteConfig = (site, usesPython) => `Listen 127.0.0.1:0
DefaultRuntimeDir ${site}
DocumentRoot ${site}
ErrorLog ${site}/error_log
CustomLog ${site}/access_log common
DirectoryIndex index.html
${usesPython ? `WSGIDaemonProcess build threads=1\nWSGIScriptAlias /app ${site}/site.wsgi process-group=build` : ''}
<Directory ${site}>
    Require all granted
</Directory>
`;

/** @returns why it failed */
async function serveOnce(folder, site, usesPython) {
  writeFileSync(join(site, 'httpd.conf'), siteConfig(site, usesPython));
  const preload = join(CHECKOUT, 'scripts/save-code-cache.cjs');
  const server = spawn(process.execPath, [join(folder, 'main.js'), 'run', '-f', join(site, 'httpd.conf')], {
    env: { ...process.env, NODE_OPTIONS: `--require "${preload.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => server.kill('SIGKILL'), SERVED_MS_LIMIT);
  let output = '';
  const ended = new Promise((resolve) => server.on('close', (code, signal) => resolve(signal ?? `exit ${code}`)));
  const listening = new Promise((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (data) => {
        output += data;
        const address = /^listening on (\S+)$/m.exec(output);
        if (address !== null && output.includes('\nlogs: ')) resolve(address[1]);
      });
    }
  });
  try {
    const address = await Promise.race([listening, ended.then(() => undefined)]);
    if (address === undefined) return output.trim() || (await ended);
    for (const path of usesPython ? ['app', 'app'] : ['', '']) {
      const response = await fetch(`${address}${path}`);
      if ((await response.text()) !== 'hello\n') return `${response.status} for /${path}`;
    }
    return undefined;
  } catch (error) {
    return `${error.message}\n${output.trim()}`;
  } finally {
    server.kill('SIGTERM');
    await ended;
    clearTimeout(limit);
  }
}

// Large, and needed by some configurations only.
const LAZY_BUILTINS = ['crypto', 'dns/promises', 'fs/promises', 'http', 'tls', 'worker_threads', 'zlib'];

/** Modules of Node.js that are loaded when something of them is used: in their place stand objects with getters. */
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    const namespace = 'lazy-builtin';
    onResolve({ filter: new RegExp(`^(?:node:)?(?:${LAZY_BUILTINS.join('|')})$`) }, ({ path, namespace: from }) =>
      from === namespace ? { path, external: true } : { path: path.replace(/^(?:node:)?/, 'node:'), namespace },
    );
    onLoad({ filter: /./, namespace }, async ({ path }) => {
      const { default: _, ...builtin } = await import(path);
      const define = (name) =>
        `Object.defineProperty(exports, ${JSON.stringify(name)}, { enumerable: true, get: () => require(${JSON.stringify(path)}).${name} });`;
      return { contents: Object.keys(builtin).map(define).join('\n') };
    });
  },
};

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Licence texts of the packages that these files belong to. */
function licences(files) {
  const packages = new Set(
    files.map((file) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean),
  );
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(CHECKOUT, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(CHECKOUT, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : `\n${readFileSync(join(CHECKOUT, folder, file), 'utf8').trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** What runs meanwhile goes on with the files that it has open; only what is started in between could miss one. */
function replaceFolder(made) {
  const former = `${PROGRAM_FOLDER}.old`;
  rmSync(former, { recursive: true, force: true });
  if (existsSync(PROGRAM_FOLDER)) renameSync(PROGRAM_FOLDER, former);
  renameSync(made, PROGRAM_FOLDER);
  rmSync(former, { recursive: true, force: true });
}
