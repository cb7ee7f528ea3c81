/** gunicorn: worker classes gthread and sync, and gthread behind nginx. */

import { join } from 'node:path';
import { type Command, connectionsLimit, keepAliveSeconds, listenBacklog, type Peer, type Site } from './peer.js';

function gunicorn(site: Site, worker: 'gthread' | 'sync', bind: string): Command {
  const { tools, apps, app, shape } = site;
  return [
    join(tools.venv, 'bin/gunicorn'),
    ...['--worker-class', worker, '--workers', String(shape.processes), '--threads', String(shape.threads)],
    ...['--keep-alive', String(keepAliveSeconds), '--worker-connections', String(connectionsLimit)],
    ...['--backlog', String(listenBacklog), '--bind', bind, '--chdir', apps, '--no-control-socket'],
    ...['--worker-tmp-dir', '/dev/shm', '--log-level', 'warning', `${app}:application`],
  ];
}

function nginxConfig({ folder, port, documents }: Site): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `    ${name}_temp_path ${folder}/${name};\n`,
  );
  return `daemon off;
worker_processes auto;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx_error_log warn;
events {
    worker_connections ${connectionsLimit};
}
http {
${temporary.join('')}    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout ${keepAliveSeconds};
    keepalive_requests 1000000000;
    client_max_body_size 0;
    upstream gunicorn {
        server unix:${folder}/gunicorn.sock;
        keepalive 32;
        keepalive_requests 1000000000;
    }
    server {
        listen 127.0.0.1:${port} backlog=${listenBacklog};
        location /static/ {
            alias ${documents}/;
        }
        location / {
            proxy_pass http://gunicorn;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
        }
    }
}
`;
}

export const gunicornPeers: readonly Peer[] = [
  {
    id: 'gunicorn-gthread',
    title: 'gunicorn gthread',
    launch: (site) => ({ commands: [gunicorn(site, 'gthread', `127.0.0.1:${site.port}`)] }),
  },
  {
    id: 'gunicorn-sync',
    title: 'gunicorn sync',
    note: 'has no keep-alive and no threads',
    launch: (site) => ({ commands: [gunicorn(site, 'sync', `127.0.0.1:${site.port}`)] }),
  },
  {
    id: 'nginx-gunicorn',
    title: 'nginx + gunicorn gthread',
    note: 'keep-alive to gunicorn as well; files are nginx alone',
    launch: (site) => ({
      files: { 'nginx.conf': nginxConfig(site) },
      commands: [
        gunicorn(site, 'gthread', `unix:${site.folder}/gunicorn.sock`),
        [
          site.tools.nginx,
          '-p',
          site.folder,
          '-e',
          `${site.folder}/nginx_error_log`,
          '-c',
          `${site.folder}/nginx.conf`,
        ],
      ],
    }),
  },
];
