/** Stillhouse itself, with the configuration that Apache gets. StartServers is left to its default. */

import { join } from 'node:path';
import { siteDirectives } from './apache.js';
import type { Peer } from './peer.js';

export const stillhouse: Peer = {
  id: 'stillhouse',
  title: 'Stillhouse',
  launch: (site) => ({
    files: { 'httpd.conf': `DefaultRuntimeDir ${site.folder}\n${siteDirectives(site, 'daemon')}` },
    commands: [[site.tools.node, join(site.tools.program, 'bin/stillhouse'), 'run', '-f', `${site.folder}/httpd.conf`]],
  }),
};
