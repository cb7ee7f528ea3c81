/** Finds the shared library of an interpreter, for embedded mode: the interpreter itself knows where it should be. */

import { spawnSync } from 'node:child_process';
import { ProcessError } from '../base/errors.js';
import type { PythonInfo } from './python-probe.js';

/** An interpreter that can be loaded into an http child. */
export interface EmbeddablePython extends PythonInfo {
  /** Path of libpython3.x.so. */
  readonly library: string;
}

const probeMsLimit = 20_000;

// Debian keeps the library in the folder of the architecture, which LIBDIR does not name.
const program = `
import json, os, sys, sysconfig
get = sysconfig.get_config_var
names = [name for name in (get('INSTSONAME'), get('LDLIBRARY')) if name and '.so' in name]
version = f'libpython{sys.version_info[0]}.{sys.version_info[1]}'
names += [version + '.so.1.0', version + '.so.1', version + '.so']
folders = [get('LIBDIR'), get('MULTIARCH') and os.path.join(get('LIBDIR') or '/usr/lib', get('MULTIARCH')), get('LIBPL')]
folders += [os.path.join(sys.base_prefix, 'lib'), os.path.join(sys.base_prefix, 'lib64')]
paths = [os.path.join(folder, name) for folder in folders if folder for name in names]
print(json.dumps(next((path for path in paths if os.path.exists(path)), None)))
`;

/**
 * Runs the interpreter once, as the http children's user where the server is root.
 * @param python what probePython found
 * @throws ProcessError with both cures
 */
export function probeLibpython(
  python: PythonInfo,
  user: { readonly uid: number; readonly gid: number } | undefined,
): EmbeddablePython {
  const result = spawnSync(python.executable, ['-c', program], {
    encoding: 'utf8',
    timeout: probeMsLimit,
    cwd: '/',
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  const library = result.status === 0 ? (JSON.parse(result.stdout) as string | null) : null;
  if (library !== null) return { ...python, library };
  const [major, minor] = python.version;
  throw new ProcessError(
    `embedded mode needs Python as a shared library, and '${python.executable}' (${python.version.join('.')}) has none: ` +
      `install it (Debian: apt-get install libpython${major}.${minor}; pyenv: PYTHON_CONFIGURE_OPTS=--enable-shared), ` +
      "or use daemon mode ('WSGIDaemonProcess NAME threads=15' and 'WSGIProcessGroup NAME')",
  );
}
