/** The configuration that tests of the prefork MPM start from: one script in one daemon process group. */

import type { TestPaths } from './server.js';
import { notesConfig, siteConfig } from './site.js';

/**
 * @param numbers lines of the MPM
 * @param options of WSGIDaemonProcess
 * @param lines further lines
 */
export function preforkConfig(
  numbers: Readonly<Record<string, number>>,
  options = 'threads=5',
  lines = '',
): (paths: TestPaths) => string {
  const counts = Object.entries(numbers).map(([name, number]) => `${name} ${number}`);
  return (paths) =>
    [
      'LoadModule mpm_prefork_module modules/mod_mpm_prefork.so',
      '<IfModule mpm_prefork_module>',
      ...counts,
      '</IfModule>',
      notesConfig(paths),
      siteConfig('sleep.wsgi', options, lines)(paths),
    ].join('\n');
}
