/** uWSGI: its HTTP router in front of the workers, and workers that speak HTTP themselves. */

import { join } from 'node:path';
import { type Command, keepAliveSeconds, type Peer, type Site } from './peer.js';

function uwsgi(site: Site, http: readonly string[]): Command {
  const { tools, apps, app, documents, shape } = site;
  return [
    join(tools.venv, 'bin/uwsgi'),
    ...http,
    ...['--master', '--processes', String(shape.processes), '--threads', String(shape.threads)],
    ...['--virtualenv', tools.venv, '--pythonpath', apps, '--module', `${app}:application`],
    ...['--static-map', `/static=${documents}`, '--listen', '1024', '--socket-timeout', '60'],
    // strict would end it at an option that this version does not know.
    ...['--strict', '--need-app', '--die-on-term', '--disable-logging', '--log-master'],
  ];
}

export const uwsgiPeers: readonly Peer[] = [
  {
    id: 'uwsgi-http',
    title: 'uWSGI http router',
    launch: (site) => ({
      commands: [
        uwsgi(site, [
          ...['--http', `127.0.0.1:${site.port}`, `--http-keepalive=${keepAliveSeconds}`, '--http-auto-chunked'],
          ...['--socket', `${site.folder}/uwsgi.sock`],
        ]),
      ],
    }),
  },
  {
    id: 'uwsgi-http-socket',
    title: 'uWSGI http-socket',
    note: 'without keep-alive: a connection that is kept holds a thread of it',
    // It closes connections without a word: the header tells the clients, as HTTP asks for.
    launch: (site) => ({
      commands: [uwsgi(site, ['--http-socket', `127.0.0.1:${site.port}`, '--add-header', 'Connection: close'])],
    }),
  },
];
