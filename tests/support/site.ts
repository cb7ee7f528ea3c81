/** The configuration that most tests start from: one script in one daemon process group. */

import { application, type TestPaths } from './server.js';

/**
 * @param script file in the test's folder
 * @param options of WSGIDaemonProcess
 * @param lines further lines
 */
export function siteConfig(script: string, options = '', lines = ''): (paths: TestPaths) => string {
  return ({ folder }) =>
    [
      `WSGIDaemonProcess site ${options}`,
      'WSGIProcessGroup site',
      'WSGIApplicationGroup %{GLOBAL}',
      `WSGIScriptAlias / ${folder}/${script}`,
      lines,
    ].join('\n');
}

/** Passes the test's writable folder to fixtures that keep notes of their requests. */
export function notesConfig({ writable }: TestPaths): string {
  return `SetEnv NOTES_FOLDER ${writable}`;
}

/** version.py under another version, and taking this long to load. */
export function versionScript(version: string, loadSeconds = 0): string {
  return application('version')
    .replace('VERSION = "old"', `VERSION = "${version}"`)
    .replace('LOAD_SECONDS = 0', `LOAD_SECONDS = ${loadSeconds}`);
}
