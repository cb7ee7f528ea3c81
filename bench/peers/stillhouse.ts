/**
 * Stillhouse itself, with the configuration that Apache gets. In daemon mode StartServers is left to its default.
 */

import { join } from 'node:path';
import { type Mpm, mpmDirectives, siteDirectives } from './apache.js';
import type { Launch, Peer, Site } from './peer.js';

function launchStillhouse(site: Site, directives: string): Launch {
  return {
    files: { 'httpd.conf': `DefaultRuntimeDir ${site.folder}\n${directives}` },
    commands: [[site.tools.node, join(site.tools.program, 'bin/stillhouse'), 'run', '-f', `${site.folder}/httpd.conf`]],
  };
}

/** The MPM's own numbers are those of Apache, so that both have as many children and threads. */
function launchEmbedded(site: Site, mpm: Mpm): Launch {
  const chosen = `LoadModule mpm_${mpm}_module modules/mod_mpm_${mpm}.so\n`;
  return launchStillhouse(site, `${chosen}${mpmDirectives(mpm, site.shape)}${siteDirectives(site, 'embedded')}`);
}

export const stillhouse: Peer = {
  id: 'stillhouse',
  title: 'Stillhouse',
  launch: (site) => launchStillhouse(site, siteDirectives(site, 'daemon')),
};

export const stillhouseEmbedded: readonly Peer[] = [
  {
    id: 'stillhouse-embedded-worker',
    title: 'Stillhouse, embedded, worker',
    note: 'children and threads as Apache has them',
    launch: (site) => launchEmbedded(site, 'worker'),
  },
  {
    id: 'stillhouse-embedded-prefork',
    title: 'Stillhouse, embedded, prefork',
    note: 'one process for each connection, as Apache has them',
    launch: (site) => launchEmbedded(site, 'prefork'),
  },
];
