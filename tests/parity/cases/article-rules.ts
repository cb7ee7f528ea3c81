/**
 * What the readers of the article of 2012 asked about and were told, rule by rule. Other cases of the same rules stand
 * in articles.ts; how a touched script is loaded again is tested in tests/script-reload.test.ts, as it takes time.
 *
 * | rule of the comments | cases |
 * |---|---|
 * | the order of WSGIScriptAlias, WSGIDaemonProcess and WSGIProcessGroup in one scope does not matter | every order of the three |
 * | of several WSGIProcessGroup in one scope the last one counts | last in the host, last in a section, in two equal sections |
 * | one in a nested scope overrides that of the scope around it, if the request matches it | Location, Directory, Files, If; one of them inside the other; a request that does not match |
 * | by Location a part of the URLs goes to a group of single-threaded processes, the rest to one process with threads | a C extension that is not thread-safe |
 * | without WSGIProcessGroup the daemon processes are not used: a common mistake | `check` warns of a group that nothing runs in: tests/check-output.test.ts |
 * | style sheets are read anew with each request, code is not | articles.ts, 'a file of the media folder' |
 */

import type { ParityRequest, Scenario } from '../scenario.js';

const directives = {
  alias: 'WSGIScriptAlias / ${ROOT}/wsgi-scripts/probe.wsgi',
  daemon: 'WSGIDaemonProcess NAME threads=1',
  group: 'WSGIProcessGroup NAME',
} as const;

type DirectiveName = keyof typeof directives;

const orders: readonly (readonly DirectiveName[])[] = [
  ['alias', 'daemon', 'group'],
  ['alias', 'group', 'daemon'],
  ['daemon', 'alias', 'group'],
  ['daemon', 'group', 'alias'],
  ['group', 'alias', 'daemon'],
  ['group', 'daemon', 'alias'],
];

function hostOf(order: readonly DirectiveName[]): string {
  const name = order.join('-');
  const lines = order.map((one) => `    ${directives[one].replace('NAME', name)}`);
  return `<VirtualHost *:\${PORT}>\n    ServerName ${name}.example\n${lines.join('\n')}\n</VirtualHost>`;
}

const granted = `
<Directory \${ROOT}>
    Require all granted
</Directory>
`;

function probe(target: string, group: string, name: string): ParityRequest {
  return { name, target, status: 200, shows: `process_group = '${group}'` };
}

function threads(target: string, name: string, group: string): ParityRequest {
  const environ = ['mod_wsgi.process_group', 'wsgi.multithread', 'wsgi.multiprocess', 'SCRIPT_NAME', 'PATH_INFO'];
  return { name, target, status: 200, environ, shows: group };
}

export const articleRuleScenarios: readonly Scenario[] = [
  {
    name: 'comments of 2012: every order of WSGIScriptAlias, WSGIDaemonProcess and WSGIProcessGroup',
    config: `${granted}\n${orders.map(hostOf).join('\n')}\n`,
    requests: orders.map((order) => ({
      name: order.join(', '),
      host: `${order.join('-')}.example`,
      status: 200,
      shows: `process_group = '${order.join('-')}'`,
    })),
  },
  {
    name: 'comments of 2012: nested scopes override, also inside each other',
    config: `${granted}
WSGIDaemonProcess one threads=1
WSGIDaemonProcess two threads=1
WSGIDaemonProcess three threads=1
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    <Location /in-location>
        WSGIProcessGroup two
    </Location>
    <Location /in-location/deeper>
        WSGIProcessGroup three
    </Location>
    <Location /condition>
        WSGIProcessGroup two
        <If "%{QUERY_STRING} == 'three'">
            WSGIProcessGroup three
        </If>
    </Location>
    <Directory \${ROOT}/wsgi-scripts>
        WSGIProcessGroup three
        <Files other.wsgi>
            WSGIProcessGroup two
        </Files>
    </Directory>
    WSGIScriptAlias /option \${ROOT}/wsgi-scripts/probe.wsgi process-group=one
    WSGIScriptAlias /outside \${ROOT}/elsewhere/probe.wsgi
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIProcessGroup two
    WSGIProcessGroup one
</VirtualHost>
`,
    files: {
      'elsewhere/probe.wsgi': `
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [("mod_wsgi.process_group = %r" % environ['mod_wsgi.process_group']).encode()]
`,
    },
    requests: [
      probe('/outside', 'one', 'no nested scope matches: the last line of the host'),
      probe('/x', 'three', 'Directory over the host'),
      probe('/in-location', 'two', 'Location over Directory'),
      probe('/in-location/x', 'two', 'below the Location'),
      probe('/in-location/deeper/x', 'three', 'a later, longer Location'),
      probe('/condition', 'two', 'If that does not hold'),
      probe('/condition?three', 'three', 'If that holds'),
      probe('/condition/x?three=1', 'two', 'If that does not hold, with a query'),
      probe('/option', 'one', 'an option of the alias over all of them'),
    ],
  },
  {
    name: 'comments of 2012: a C extension that is not thread-safe',
    config: `${granted}
WSGIDaemonProcess main
WSGIDaemonProcess careful processes=2 threads=1
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    WSGIProcessGroup main
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
    <Location /images/scale>
        WSGIProcessGroup careful
    </Location>
</VirtualHost>
`,
    requests: [
      threads('/', 'the site', 'main'),
      threads('/images/list', 'beside the part', 'main'),
      threads('/images/scale', 'the part', 'careful'),
      threads('/images/scale/x?y', 'below the part', 'careful'),
      threads('/images/scales', 'a longer name', 'main'),
    ],
  },
  {
    name: 'RewriteMap: txt, rnd and int',
    config: `${granted}
WSGIDaemonProcess red threads=1
WSGIDaemonProcess green threads=1
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    RewriteEngine On
    RewriteMap colours txt:\${ROOT}/colours.txt
    RewriteMap dice rnd:\${ROOT}/dice.txt
    RewriteMap untyped \${ROOT}/colours.txt
    RewriteMap up int:toupper
    RewriteMap low int:tolower
    RewriteMap esc int:escape
    RewriteMap unesc int:unescape
    RewriteRule ^/txt/([^/]*) - [E=GROUP:\${colours:$1|green}]
    RewriteRule ^/untyped/([^/]*) - [E=GROUP:\${untyped:$1|green}]
    RewriteRule ^/rnd/([^/]*) - [E=GROUP:\${dice:$1|green}]
    RewriteRule ^/low/([^/]*) - [E=GROUP:\${low:$1}]
    RewriteRule ^/chain/([^/]*) - [E=GROUP:\${colours:\${low:$1}|green}]
    RewriteRule ^/text/(.*) - [E=GROUP:red,E=UP:\${up:$1},E=ESC:\${esc:$1},E=UNESC:\${unesc:$1},E=NONE:\${colours:$1}]
    WSGIScriptAlias /text \${ROOT}/wsgi-scripts/environ.wsgi
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIProcessGroup %{ENV:GROUP}
</VirtualHost>
`,
    files: {
      'colours.txt': '# colours\n\nrose   red    # as they say\nleaf\tgreen\nrose green\nempty\n indented red\n',
      'dice.txt': 'any red|green\none red\nred red|red\n',
    },
    requests: [
      probe('/txt/rose', 'red', 'txt: the first line of a key'),
      probe('/txt/leaf', 'green', 'txt: a tab'),
      probe('/txt/empty', 'green', 'txt: a key without a value'),
      probe('/txt/indented', 'green', 'txt: a line that begins with a blank'),
      probe('/txt/none', 'green', 'txt: the default'),
      probe('/untyped/rose', 'red', 'without a type'),
      probe('/rnd/one', 'red', 'rnd: of one'),
      probe('/rnd/red', 'red', 'rnd: of two that are the same'),
      { name: 'rnd: each of two', target: '/rnd/any', status: 200, repeat: 40, shows: "'green'" },
      probe('/rnd/none', 'green', 'rnd: the default'),
      probe('/low/RED', 'red', 'int:tolower'),
      probe('/chain/ROSE', 'red', 'a map in a map'),
      ...['/text/aB%20c%2541d', '/text/%C3%A4%22~', '/text/'].map((target) => ({
        name: `int: ${target}`,
        target,
        status: 200,
        environ: ['UP', 'ESC', 'UNESC', 'NONE'],
      })),
    ],
  },
];
