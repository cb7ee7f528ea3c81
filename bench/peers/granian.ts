/** granian with its WSGI interface: one runtime thread a worker, and as many blocking threads as the others have. */

import { join } from 'node:path';
import { connectionsLimit, listenBacklog, type Peer } from './peer.js';

export const granian: Peer = {
  id: 'granian',
  title: 'granian',
  launch: ({ tools, apps, app, port, documents, shape }) => ({
    commands: [
      [
        join(tools.venv, 'bin/granian'),
        ...['--interface', 'wsgi', '--http', '1', '--host', '127.0.0.1', '--port', String(port)],
        ...[
          '--workers',
          String(shape.processes),
          '--blocking-threads',
          String(shape.threads),
          '--runtime-threads',
          '1',
        ],
        // Counts connections, also idle ones.
        ...['--backlog', String(listenBacklog), '--backpressure', String(connectionsLimit)],
        ...['--static-path-route', '/static', '--static-path-mount', documents],
        ...['--working-dir', apps, '--log-level', 'warning', '--no-ws', `${app}:application`],
      ],
    ],
  }),
};
