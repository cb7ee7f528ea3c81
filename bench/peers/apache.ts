/** Apache httpd with mod_wsgi, daemon and embedded mode. The part about the site is also what Stillhouse reads. */

import { join } from 'node:path';
import { keepAliveSeconds, type Launch, listenBacklog, type Peer, type Shape, type Site } from './peer.js';

/** What Debian starts, and the most that it allows for a child without ThreadLimit. */
const children = 2;
const threadsPerChild = 64;

/** The lines that Apache and Stillhouse share. */
export function siteDirectives(site: Site, mode: 'daemon' | 'embedded'): string {
  const { port, apps, documents, app, shape, tools } = site;
  const group = [
    `WSGIDaemonProcess bench processes=${shape.processes} threads=${shape.threads} display-name=%{GROUP}`,
    ` python-home=${tools.venv} python-path=${apps}\nWSGIProcessGroup bench`,
  ].join('');
  return `ServerName localhost
Listen 127.0.0.1:${port}
ListenBacklog ${listenBacklog}
Timeout 60
KeepAlive On
KeepAliveTimeout ${keepAliveSeconds}
MaxKeepAliveRequests 0
ErrorLog ${site.folder}/error_log
LogLevel warn
DocumentRoot ${documents}
Alias /static ${documents}
${mode === 'daemon' ? group : `WSGIPythonHome ${tools.venv}\nWSGIPythonPath ${apps}`}
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias / ${apps}/${app}.py
<Directory ${apps}>
    Require all granted
</Directory>
<Directory ${documents}>
    Require all granted
</Directory>
`;
}

export type Mpm = 'event' | 'worker' | 'prefork';

/**
 * A fixed number of children, for a child that ends closes its clients' connections.
 * Its threads only pass on in daemon mode; in embedded mode they run the application, and there are more of them than
 * the others have: with fewer than connections mpm_event closes kept connections under its clients.
 * AsyncRequestWorkerFactor lets it hold thousands of idle connections.
 */
const threadedDirectives = `StartServers ${children}
ServerLimit ${children}
ThreadsPerChild ${threadsPerChild}
MinSpareThreads 1
MaxSpareThreads ${children * threadsPerChild}
MaxRequestWorkers ${children * threadsPerChild}
`;

/** Each serves one connection at a time, and keeps it: as many as the workloads in which it takes part have. */
const preforkChildren = 32;

function preforkDirectives({ processes, threads }: Shape): string {
  const count = threads === 1 ? processes : preforkChildren;
  return `StartServers ${count}
ServerLimit ${count}
MinSpareServers 1
MaxSpareServers ${count}
MaxRequestWorkers ${count}
`;
}

export function mpmDirectives(mpm: Mpm, shape: Shape): string {
  if (mpm === 'prefork') return preforkDirectives(shape);
  return mpm === 'event' ? `${threadedDirectives}AsyncRequestWorkerFactor 200\n` : threadedDirectives;
}

function launchApache(site: Site, mode: 'daemon' | 'embedded', modWsgi: string, mpm: Mpm = 'event'): Launch {
  const { tools, folder } = site;
  const modules = [`mpm_${mpm}`, 'authz_core', 'alias'].map(
    (name) => `LoadModule ${name}_module ${join(tools.apacheModules, `mod_${name}.so`)}\n`,
  );
  const config = `ServerRoot ${folder}
PidFile ${folder}/httpd.pid
DefaultRuntimeDir ${folder}
WSGISocketPrefix ${folder}/wsgi
EnableSendfile On
${mpmDirectives(mpm, site.shape)}${siteDirectives(site, mode)}`;
  return {
    files: { 'httpd.conf': `${modules.join('')}LoadModule wsgi_module ${modWsgi}\n${config}` },
    commands: [[tools.apache, '-d', folder, '-f', join(folder, 'httpd.conf'), '-D', 'FOREGROUND']],
  };
}

const note = 'mpm_event';
const embeddedNote = `${note}; the application in Apache's own ${children}x${threadsPerChild}`;

export const apachePeers: readonly Peer[] = [
  {
    id: 'apache-daemon-4',
    title: 'Apache, mod_wsgi 4 daemon',
    note: `${note}; Debian's mod_wsgi`,
    launch: (site) => launchApache(site, 'daemon', site.tools.modWsgi.debian),
  },
  {
    id: 'apache-daemon-6',
    title: 'Apache, mod_wsgi 6 daemon',
    note: `${note}; mod_wsgi of PyPI`,
    launch: (site) => launchApache(site, 'daemon', site.tools.modWsgi.pypi),
  },
  {
    id: 'apache-embedded-4',
    title: 'Apache, mod_wsgi 4 embedded',
    note: embeddedNote,
    launch: (site) => launchApache(site, 'embedded', site.tools.modWsgi.debian),
  },
  {
    id: 'apache-embedded-6',
    title: 'Apache, mod_wsgi 6 embedded',
    note: embeddedNote,
    launch: (site) => launchApache(site, 'embedded', site.tools.modWsgi.pypi),
  },
  {
    id: 'apache-embedded-worker',
    title: 'Apache, mod_wsgi 6 embedded, worker',
    note: `mpm_worker; the application in Apache's own ${children}x${threadsPerChild}`,
    launch: (site) => launchApache(site, 'embedded', site.tools.modWsgi.pypi, 'worker'),
  },
  {
    id: 'apache-embedded-prefork',
    title: 'Apache, mod_wsgi 6 embedded, prefork',
    note: 'mpm_prefork; one process for each connection',
    launch: (site) => launchApache(site, 'embedded', site.tools.modWsgi.pypi, 'prefork'),
  },
];
