/**
 * The order in which scopes lie over each other, and each pair of them on its own: for any two scopes there is a
 * variable that only these two set, so that whichever rule is swapped, a case shows it.
 */

import type { Scenario } from '../scenario.js';

/** Every kind of scope, in Apache's order of application. The letters stand for them in the variables. */
const scopes = [
  'server',
  'host',
  'directoryRoot',
  'directoryShort',
  'accessShort',
  'directoryLongMain',
  'directoryLongHost',
  'accessLong',
  'directoryMatch',
  'directoryMatchLong',
  'filesMain',
  'filesMatchHost',
  'filesInDirectory',
  'filesInAccess',
  'locationMain',
  'locationMatchHost',
  'ifServer',
  'ifHost',
  'ifDirectory',
  'ifAccess',
  'ifFiles',
  'elseIfLocation',
  'ifLocation',
  'ifInIf',
] as const;

type Scope = (typeof scopes)[number];

/** The SetEnv lines of one scope. */
function lines(scope: Scope): string {
  const own = scopes.indexOf(scope);
  return scopes
    .map((other, index) => {
      const [first, second] = index < own ? [other, scope] : [scope, other];
      return index === own ? '' : `SetEnv ORDER_${first}_${second} ${scope}\n`;
    })
    .join('');
}

const accessShort = `${lines('accessShort')}`;
const accessLong = `
<If "true">
${lines('ifAccess')}
</If>
<Files "*.wsgi">
${lines('filesInAccess')}
</Files>
${lines('accessLong')}
`;

/** Written in an order that is as far from the order of application as can be. */
const config = `
WSGIDaemonProcess site threads=2
<VirtualHost *:\${PORT}>
ServerName www.example.com
WSGIProcessGroup site
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias /x/y/mount \${ROOT}/short/long/script.wsgi
<If "true">
${lines('ifHost')}
</If>
<LocationMatch "^/x/y">
${lines('locationMatchHost')}
</LocationMatch>
<FilesMatch "script">
${lines('filesMatchHost')}
</FilesMatch>
<DirectoryMatch "^/.*/short/long">
${lines('directoryMatchLong')}
</DirectoryMatch>
<Directory \${ROOT}/short/long>
${lines('directoryLongHost')}
</Directory>
${lines('host')}
</VirtualHost>

<Location /x>
<If "false">
SetEnv ORDER_never 1
</If>
<ElseIf "true">
    ${lines('elseIfLocation')}
    <If "true">
        ${lines('ifInIf')}
    </If>
</ElseIf>
<Else>
SetEnv ORDER_never 2
</Else>
</Location>
<Location />
<If "true">
${lines('ifLocation')}
</If>
${lines('locationMain')}
</Location>
<Files "script.*">
<If "true">
${lines('ifFiles')}
</If>
${lines('filesMain')}
</Files>
<DirectoryMatch "long">
${lines('directoryMatch')}
</DirectoryMatch>
<Directory \${ROOT}/short/long>
<Files script.wsgi>
${lines('filesInDirectory')}
</Files>
<If "true">
${lines('ifDirectory')}
</If>
${lines('directoryLongMain')}
</Directory>
<Directory \${ROOT}/short>
AllowOverride All
Require all granted
${lines('directoryShort')}
</Directory>
<If "true">
${lines('ifServer')}
</If>
<Directory />
${lines('directoryRoot')}
</Directory>
${lines('server')}
`;

const application = `
import json

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    order = {key: value for key, value in environ.items() if key.startswith("ORDER_")}
    # The later of the two must have set it.
    wrong = [key for key, value in order.items() if key.count("_") == 2 and not key.endswith("_" + value)]
    order["ORDER_wrong"] = " ".join(sorted(wrong)) or "nothing"
    return [json.dumps(order).encode("ascii")]
`;

export const mergeOrderScenarios: readonly Scenario[] = [
  {
    name: 'the order of merging',
    config,
    files: {
      'short/.htaccess': accessShort,
      'short/long/.htaccess': accessLong,
      'short/long/script.wsgi': application,
    },
    requests: scopes.slice(1).map((scope, index) => ({
      name: `${scope} lies over all before it`,
      target: '/x/y/mount',
      status: 200,
      environ: [
        ...scopes.slice(0, index + 1).map((before) => `ORDER_${before}_${scope}`),
        ...(index === scopes.length - 2 ? ['ORDER_never', 'ORDER_wrong'] : []),
      ],
      shows: index === scopes.length - 2 ? 'nothing' : scope,
    })),
  },
];
