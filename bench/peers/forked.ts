/** Servers without a command for several processes of their own: bench/apps/serve.py forks them. */

import { join } from 'node:path';
import type { Launch, Peer, Site } from './peer.js';

function launchForked(site: Site, kind: 'waitress' | 'fastpysgi' | 'bjoern'): Launch {
  const { tools, apps, app, port, shape } = site;
  const numbers = [port, shape.processes, shape.threads].map(String);
  return { commands: [[join(tools.venv, 'bin/python'), '-B', join(apps, 'serve.py'), kind, app, ...numbers]] };
}

export const forkedPeers: readonly Peer[] = [
  {
    id: 'waitress',
    title: 'waitress',
    note: 'one process by itself; forked on a common socket here',
    launch: (site) => launchForked(site, 'waitress'),
  },
  {
    id: 'fastpysgi',
    title: 'FastPySGI',
    note: 'no threads: the application runs on the event loop; processes on a common port (SO_REUSEPORT)',
    launch: (site) => launchForked(site, 'fastpysgi'),
  },
  {
    id: 'bjoern',
    title: 'bjoern',
    note: 'no threads: the application runs on the event loop; forked on a common socket',
    launch: (site) => launchForked(site, 'bjoern'),
  },
];
