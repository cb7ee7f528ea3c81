// Makes an example ready to serve: Python, packages, folders, database, and the site.conf that `stillhouse run -f` (or
// Apache httpd with mod_wsgi) reads. `npm start` and `npm test` use it; alone it prints where everything is as JSON:
//
//   node scripts/setup.mjs [django|flask|plain] [--port N] [--host ADDRESS]

import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildProgram, CHECKOUT, ensureNodeModules, filesBelow } from './build.mjs';
import { runCommand, runMain, SetupError } from './command.mjs';
import { ensureNewPython } from './new-python.mjs';
import { ensureVenv, FRAMEWORKS } from './python.mjs';
import { choosePlaces, chooseRunUser } from './run-user.mjs';

const MANAGE_TIMEOUT_MS = 2 * 60_000;
const EXAMPLES = ['django', 'flask', 'plain'];

/**
 * @typedef {object} Example
 * @property {string} name django, flask or plain
 * @property {string} config the configuration file to serve
 * @property {string} program the folder of the program to run, which is not always the checkout
 * @property {string} node the Node.js to run it with
 * @property {string} url
 * @property {string} logs
 * @property {string} var what the site writes
 * @property {string} pythonHome
 * @property {string | undefined} passwordFile the administrator's password (Django)
 * @property {boolean} isFirstRun this run made the database
 */

/** npm packages and the compiled program. */
export async function prepareProgram() {
  // Who reads the results may be another user. What is private gets its mode explicitly.
  process.umask(0o022);
  await ensureNodeModules();
  await buildProgram();
}

/** The virtual environment that tests use, with every framework; all of them must be there. */
export async function prepareTestPython() {
  const runUser = chooseRunUser();
  const places = choosePlaces(runUser);
  const folder = join(places.state, 'venv');
  const unavailable = await ensureVenv({ folder, checkout: CHECKOUT, runUser, frameworks: Object.keys(FRAMEWORKS) });
  if (unavailable.length > 0) {
    throw new SetupError(`the tests need ${unavailable.map((key) => FRAMEWORKS[key].name).join(' and ')}`);
  }
  return { venv: folder, newPython: await ensureNewPython(join(places.state, 'new-python')), runUser };
}

/**
 * @param {string} wanted one of EXAMPLES
 * @param {{ host: string, port: number }} address
 * @returns {Promise<Example>} the wanted example, or `plain` where its framework cannot be had
 */
export async function prepareExample(wanted, { host, port }) {
  const runUser = chooseRunUser();
  const places = choosePlaces(runUser);
  const pythonHome = join(places.state, 'venv');
  const frameworks = wanted in FRAMEWORKS ? [wanted] : [];
  const unavailable = await ensureVenv({ folder: pythonHome, checkout: CHECKOUT, runUser, frameworks });
  const name = unavailable.length > 0 ? 'plain' : wanted;
  if (name !== wanted) {
    console.error(
      `stillhouse: ${FRAMEWORKS[wanted].name} cannot be had, neither from PyPI nor from Debian: serving examples/plain`,
    );
  }

  const folder = join(places.state, name);
  const paths = {
    root: join(places.program, 'examples', name),
    var: join(folder, 'var'),
    static: join(folder, 'static'),
    logs: join(folder, 'logs'),
  };
  mkdirSync(folder, { recursive: true });
  mkdirSync(paths.logs, { recursive: true });
  mkdirSync(paths.static, { recursive: true });
  if (!existsSync(paths.var)) {
    // The only folder that the site's user writes to.
    mkdirSync(paths.var, { mode: 0o700 });
    if (runUser.identity.uid !== undefined) chownSync(paths.var, runUser.identity.uid, runUser.identity.gid);
  }
  const config = join(folder, 'site.conf');
  writeIfNew(config, siteConfig({ host, port, runUser, paths, pythonHome }));
  const isFirstRun = name === 'django' && (await prepareDjango({ folder, paths, pythonHome, runUser }));
  return {
    name,
    config,
    program: places.program,
    node: places.node,
    url: `http://${reachableName(host)}:${port}`,
    logs: paths.logs,
    var: paths.var,
    pythonHome,
    passwordFile: name === 'django' ? join(paths.var, 'admin-password') : undefined,
    isFirstRun,
  };
}

function reachableName(host) {
  return ['127.0.0.1', '0.0.0.0', '[::]', '[::1]'].includes(host) ? 'localhost' : host;
}

function siteConfig({ host, port, runUser, paths, pythonHome }) {
  const values = {
    HOST: host,
    PORT: String(port),
    RUN_USER: runUser.user,
    RUN_GROUP: runUser.group,
    SITE_ROOT: paths.root,
    SITE_VAR: paths.var,
    SITE_STATIC: paths.static,
    SITE_LOGS: paths.logs,
    PYTHON_HOME: pythonHome,
  };
  const bad = Object.values(values).find((value) => /["\\\n]|\$\{/.test(value));
  if (bad !== undefined) throw new SetupError(`${JSON.stringify(bad)} cannot stand in a configuration file`);
  const defines = Object.entries(values).map(([name, value]) => `Define ${name} "${value}"\n`);
  return `# Written by scripts/setup.mjs: what is particular to this machine.\n${defines.join('')}
Include "${join(paths.root, 'httpd.conf')}"\n`;
}

function writeIfNew(file, text) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

/** Database, static files and first rows, where something has changed since the last time. True where it was new. */
async function prepareDjango({ folder, paths, pythonHome, runUser }) {
  const database = join(paths.var, 'bookshelf.sqlite3');
  // Outside of var/: a file there is the site's user's to replace.
  const stamp = join(folder, 'prepared');
  const sources = filesBelow(paths.root).filter((file) => !/\.pyc$|\/examples\/django\/var\//.test(file));
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), join(pythonHome, 'stillhouse.json')]) {
    hash.update(`${file}\0`).update(readFileSync(file));
  }
  const fingerprint = hash.digest('hex');
  const isNew = !existsSync(database) || statSync(database).size === 0;
  if (!isNew && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return false;

  const manage = (label, args, identity) =>
    runCommand(label, join(pythonHome, 'bin/python'), [join(paths.root, 'manage.py'), ...args], {
      cwd: '/',
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        STILLHOUSE_EXAMPLE_VAR: paths.var,
        STILLHOUSE_EXAMPLE_STATIC: paths.static,
      },
      timeoutMs: MANAGE_TIMEOUT_MS,
      ...identity,
    });
  await manage('creating the database', ['migrate', '--no-input', '--verbosity', '0'], runUser.identity);
  await manage('filling the database', ['seed'], runUser.identity);
  // As ourselves: the site has no business changing the files that are served in its name.
  await manage('collecting static files', ['collectstatic', '--no-input', '--verbosity', '0'], {});
  writeFileSync(stamp, fingerprint);
  return isNew;
}

/** --example, --port and --host, with their defaults; `PORT` in the environment is one of them. */
export function parseAddress(args) {
  const options = { example: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } };
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const [reason] = error.message.split('. ');
    throw new SetupError(`${reason}; options: --example ${EXAMPLES.join('|')}, --port N, --host ADDRESS`);
  }
  const example = parsed.values.example ?? parsed.positionals[0] ?? 'django';
  if (!EXAMPLES.includes(example)) throw new SetupError(`no example "${example}": there are ${EXAMPLES.join(', ')}`);
  const portText = parsed.values.port ?? process.env.PORT ?? '8000';
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65535) {
    throw new SetupError(`port "${portText}" is not a number from 1 to 65535`);
  }
  return { example, host: parsed.values.host ?? '127.0.0.1', port };
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  await runMain(async () => {
    const { example, ...address } = parseAddress(process.argv.slice(2));
    await prepareProgram();
    console.log(JSON.stringify(await prepareExample(example, address), null, 2));
  });
}
