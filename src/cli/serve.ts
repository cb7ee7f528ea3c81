/** `stillhouse serve`: one application by one command, with mod_wsgi-express's options and defaults. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../base/errors.js';
import { findUnprivilegedUser } from '../server/accounts.js';
import { loadConfig } from '../server/config-source.js';
import type { LoadedSource } from '../server/parent.js';
import { checkScripts } from '../server/script-checks.js';
import { checkConfig } from '../server/start-checks.js';
import { runParent } from './run.js';
import {
  type Application,
  formatServeConfig,
  generatedScriptName,
  parseApplication,
  type ServeOptions,
} from './serve-config.js';

/** As commander hands them over. */
export interface ServeFlags extends ServeOptions {
  readonly printConfig?: boolean;
}

/** @returns the exit status */
export async function serve(app: string, flags: ServeFlags): Promise<number> {
  const folder = process.cwd();
  const needsScript = parseApplication(app, flags.callableObject, folder, '').scriptText !== undefined;
  // A script that has to be made lies beside nothing of the user's.
  const scratch =
    needsScript && flags.printConfig !== true ? mkdtempSync(join(tmpdir(), 'stillhouse-serve-')) : undefined;
  try {
    const application = parseApplication(
      app,
      flags.callableObject,
      folder,
      join(scratch ?? folder, generatedScriptName),
    );
    if (application.scriptText === undefined) checkScript(application.script);
    for (const [, script] of flags.serviceScript ?? []) checkScript(resolve(folder, script));
    const identity =
      flags.printConfig === true
        ? { user: flags.user, mayStayRoot: false }
        : chooseIdentity(flags, application, folder);
    const text = formatServeConfig(
      { ...flags, user: identity.user, pythonHome: flags.pythonHome ?? process.env.VIRTUAL_ENV },
      application,
      folder,
    );
    if (flags.printConfig === true) {
      printConfig(text, application);
      return 0;
    }
    if (scratch !== undefined && application.scriptText !== undefined) writeScript(scratch, application);
    if (flags.logDirectory !== undefined) mkdirSync(flags.logDirectory, { recursive: true });
    const load = (): LoadedSource => {
      const loaded = loadConfig({ file: '<stillhouse serve>', serverRoot: folder, text });
      return {
        ...loaded,
        problems: [...loaded.problems, ...checkConfig(loaded.config), ...checkScripts(loaded.config)],
      };
    };
    return await runParent(load, identity.mayStayRoot);
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

function checkScript(script: string): void {
  const found = statSync(script, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`there is no file '${script}'`);
  if (!found.isFile()) throw new UsageError(`'${script}' is not a file`);
}

function writeScript(scratch: string, application: Application): void {
  writeFileSync(application.script, application.scriptText ?? '', { mode: 0o644 });
  // The processes that read it may run as another user.
  spawnSync('chmod', ['755', scratch]);
}

function printConfig(text: string, application: Application): void {
  process.stdout.write(text);
  if (application.scriptText !== undefined) {
    process.stdout.write(`\n# ${application.script} holds:\n`);
    process.stdout.write(application.scriptText.replace(/^/gm, '# ').replace(/# $/, ''));
  }
}

/**
 * Started as root without --user: an unprivileged user if it can read the application, else root itself (a container's
 * /root, a private folder), which is said aloud.
 */
function chooseIdentity(
  flags: ServeFlags,
  application: Application,
  folder: string,
): { readonly user: string | undefined; readonly mayStayRoot: boolean } {
  if (process.getuid?.() !== 0 || flags.user !== undefined) return { user: flags.user, mayStayRoot: false };
  const account = findUnprivilegedUser();
  const withUser = new Set((flags.serviceUser ?? []).map(([name]) => name));
  const needed = [
    application.scriptText === undefined ? application.script : folder,
    resolve(folder, flags.workingDirectory ?? '.'),
    ...(flags.serviceScript ?? []).flatMap(([name, script]) => (withUser.has(name) ? [] : [resolve(folder, script)])),
  ];
  const unreadable = account === undefined ? needed[0] : needed.find((path) => !canRead(path, account));
  if (account !== undefined && unreadable === undefined) return { user: account.name, mayStayRoot: false };
  const who = account === undefined ? 'no unprivileged user' : `user '${account.name}'`;
  console.error(
    `stillhouse: warning: ${who} can't read '${unreadable}': everything runs as root; choose a user with --user`,
  );
  return { user: undefined, mayStayRoot: true };
}

function canRead(path: string, account: { uid: number; gid: number }): boolean {
  const { uid, gid } = account;
  return existsSync(path) && spawnSync('test', ['-r', path], { uid, gid }).status === 0;
}
