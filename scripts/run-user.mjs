// Who the examples run as, and where they may keep things.
//
// Started as root, the server lets its http children and daemon processes run as another user (User and Group in
// httpd.conf). That user must be able to read the program and the site, and a checkout below /root is closed to it. So
// everything that such a user needs is then copied to a folder that it can reach.

import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { CHECKOUT } from './build.mjs';
import { askCommand, SetupError } from './command.mjs';

// utimes() takes whole milliseconds, the file system keeps finer ones.
const MTIME_TOLERANCE_MS = 2;
// Bytecode, and what `manage.py` by hand leaves in an example: database and secrets.
const NOT_PUBLISHED = /\/__pycache__$|\/examples\/[^/]+\/var$/;

/**
 * @typedef {object} RunUser
 * @property {string} user as the User directive takes it
 * @property {string} group as the Group directive takes it
 * @property {{ uid: number, gid: number } | {}} identity for child_process: empty where we are that user already
 */

/** @returns {RunUser} */
export function chooseRunUser() {
  if (process.getuid() !== 0) {
    // A user without a name (a container's random uid) is `#1000` to Apache.
    let user = `#${process.getuid()}`;
    try {
      user = userInfo().username;
    } catch {
      // No entry in passwd.
    }
    return { user, group: askCommand('id', ['-gn']) ?? `#${process.getgid()}`, identity: {} };
  }
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = ['www-data', 'nobody'].map((name) => accounts.find((entry) => entry[0] === name)).find(Boolean);
  if (!account) throw new SetupError('neither www-data nor nobody is a user here; create one: useradd -r www-data');
  const gid = Number(account[3]);
  const groups = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const group = groups.find((entry) => Number(entry[2]) === gid)?.[0] ?? `#${gid}`;
  return { user: account[0], group, identity: { uid: Number(account[2]), gid } };
}

/** Can the user open all these paths? Asked of the system itself, as that user: it knows about every mode and ACL. */
export function canRead(runUser, paths) {
  const test = 'for path; do test -r "$path" || exit 1; if test -d "$path"; then test -x "$path" || exit 1; fi; done';
  return askCommand('/bin/sh', ['-c', test, 'sh', ...paths], { cwd: '/', ...runUser.identity }) !== undefined;
}

function canExecute(runUser, file) {
  return askCommand('/bin/sh', ['-c', 'test -x "$1"', 'sh', file], { cwd: '/', ...runUser.identity }) !== undefined;
}

/**
 * @typedef {object} Places
 * @property {string} state venv, databases, logs: everything that is made on this machine
 * @property {string} program the folder with bin/, dist/, python/ and examples/ that the user can read
 * @property {string} node the Node.js that the user can run
 */

/**
 * @param {RunUser} runUser
 * @returns {Places}
 */
export function choosePlaces(runUser) {
  const inside = join(CHECKOUT, '.example');
  const parts = ['bin', 'dist', 'python', 'examples', 'node_modules'].map((name) => join(CHECKOUT, name));
  if (canRead(runUser, [CHECKOUT, ...parts.filter(existsSync)]) && canExecute(runUser, process.execPath)) {
    if (makeFolder(inside)) return { state: inside, program: CHECKOUT, node: process.execPath };
    return { state: makeFolderOutside(runUser), program: CHECKOUT, node: process.execPath };
  }
  const state = makeFolderOutside(runUser);
  console.error(`stillhouse: ${runUser.user} cannot read ${CHECKOUT}; the example runs from a copy in ${state}`);
  const program = join(state, 'program');
  publishProgram(program);
  return { state, program, node: publishNode(runUser, program) };
}

/** False where we may not write there (a checkout that belongs to somebody else). */
function makeFolder(path) {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    return statSync(path).uid === process.getuid();
  } catch (error) {
    if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') return false;
    throw error;
  }
}

function makeFolderOutside({ identity }) {
  const uid = process.getuid();
  const checkoutHash = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 8);
  const path = `/var/tmp/stillhouse-example-${uid}-${checkoutHash}`;
  if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
  // Anybody may create names in /var/tmp: what is not ours is not used.
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
    throw new SetupError(`${path} is not a folder that only uid ${uid} writes to; remove it, then try again`);
  }
  if (identity.gid !== undefined) {
    chownSync(path, uid, identity.gid);
    chmodSync(path, 0o750);
  }
  return path;
}

function publishProgram(target) {
  mkdirSync(target, { recursive: true, mode: 0o755 });
  const packages = Object.entries(JSON.parse(readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8')).packages);
  const dependencies = packages.filter(([path, entry]) => path !== '' && !entry.dev).map(([path]) => path);
  for (const name of ['package.json', 'bin', 'dist', 'python', 'examples', ...dependencies]) {
    if (existsSync(join(CHECKOUT, name))) copyReadable(join(CHECKOUT, name), join(target, name));
  }
}

/** Copies what is new or changed, readable for everybody who can reach it, and removes what is gone. */
function copyReadable(source, target) {
  const from = statSync(source);
  if (from.isDirectory()) {
    mkdirSync(target, { recursive: true, mode: 0o755 });
    const names = readdirSync(source).filter((name) => !NOT_PUBLISHED.test(join(source, name)));
    for (const name of readdirSync(target)) {
      if (!names.includes(name) && name !== 'node_modules') rmSync(join(target, name), { recursive: true });
    }
    for (const name of names) copyReadable(join(source, name), join(target, name));
    return;
  }
  if (!from.isFile()) return;
  const to = statSync(target, { throwIfNoEntry: false });
  if (to && to.size === from.size && Math.abs(to.mtimeMs - from.mtimeMs) < MTIME_TOLERANCE_MS) return;
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  chmodSync(target, from.mode & 0o100 ? 0o755 : 0o644);
  utimesSync(target, from.atime, from.mtime);
}

/** Node.js installed by a version manager below /root is closed to the user as well. */
function publishNode(runUser, program) {
  if (canExecute(runUser, process.execPath)) return process.execPath;
  const target = join(program, 'node');
  copyReadable(realpathSync(process.execPath), target);
  return target;
}
