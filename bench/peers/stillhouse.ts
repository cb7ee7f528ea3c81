/**
 * Stillhouse itself, with the configuration that Apache gets. In daemon mode StartServers is left to its default; in
 * embedded mode there are as many http children as others have processes, for each has one Python.
 */

import { join } from 'node:path';
import { siteDirectives } from './apache.js';
import type { Launch, Peer, Site } from './peer.js';

function launchStillhouse(site: Site, directives: string): Launch {
  return {
    files: { 'httpd.conf': `DefaultRuntimeDir ${site.folder}\n${directives}` },
    commands: [[site.tools.node, join(site.tools.program, 'bin/stillhouse'), 'run', '-f', `${site.folder}/httpd.conf`]],
  };
}

function launchEmbedded(site: Site, threadsPerChild: number): Launch {
  const mpm = `StartServers ${site.shape.processes}\nThreadsPerChild ${threadsPerChild}\n`;
  return launchStillhouse(site, `${mpm}${siteDirectives(site, 'embedded')}`);
}

export const stillhouse: Peer = {
  id: 'stillhouse',
  title: 'Stillhouse',
  launch: (site) => launchStillhouse(site, siteDirectives(site, 'daemon')),
};

export const stillhouseEmbedded: readonly Peer[] = [
  {
    id: 'stillhouse-embedded-worker',
    title: 'Stillhouse, embedded',
    note: 'as many request threads in each http child as the shape says',
    launch: (site) => launchEmbedded(site, site.shape.threads),
  },
  {
    id: 'stillhouse-embedded-prefork',
    title: 'Stillhouse, embedded, one thread',
    note: 'one request thread in each http child, as under prefork',
    launch: (site) => launchEmbedded(site, 1),
  },
];
