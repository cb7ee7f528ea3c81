/** Who may have what: Require and its combinations, the old Order/Allow/Deny, and how scopes merge. */

import type { ParityRequest, Scenario } from '../scenario.js';

const files = {
  'documents/a/file.txt': 'a\n',
  'documents/a/inner/file.txt': 'inner\n',
  'documents/a/inner/secret.txt': 'secret\n',
  'documents/a/inner/.htaccess': 'Require all denied\n',
};

function allowed(target: string, name = target, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name, target, status: 200, ...more };
}

function denied(target: string, name = target, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name, target, status: 403, ...more };
}

/** A Location for each rule, all of them the same file. */
function ruleScenario(
  name: string,
  rules: Readonly<Record<string, readonly [text: string, status: number]>>,
): Scenario {
  const sections = Object.entries(rules).map(([path, [text]]) => `<Location /${path}>\n${text}\n</Location>`);
  return {
    name,
    config: `
SetEnvIf X-Key "^open$" KEY
SetEnvIf X-Key "^shut$" !KEY
AliasMatch ^/ \${ROOT}/documents/a/file.txt
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
${sections.join('\n')}
`,
    files,
    requests: Object.entries(rules).flatMap(([path, [text, status]]): ParityRequest[] => {
      const usual = { name: path.replaceAll('-', ' '), target: `/${path}`, status };
      if (!text.includes('KEY')) return [usual];
      const withKey = { ...usual, name: `${usual.name}, with the key`, headers: [['X-Key', 'open']] as const };
      return [usual, { ...withKey, status: status === 403 ? 200 : 403 }];
    }),
  };
}

export const accessScenarios: readonly Scenario[] = [
  ruleScenario('Require', {
    'all-granted': ['Require all granted', 200],
    'all-denied': ['Require all denied', 403],
    ip: ['Require ip 127.0.0.1', 200],
    'another-ip': ['Require ip 10.0.0.1', 403],
    'ip-network': ['Require ip 127.0.0.0/8', 200],
    'ip-netmask': ['Require ip 127.0.0.0/255.0.0.0', 200],
    'ip-part': ['Require ip 127', 200],
    'ip-other-part': ['Require ip 10 192.168', 403],
    'ip-six': ['Require ip ::1', 403],
    'several-ips': ['Require ip 10.0.0.1 127.0.0.1', 200],
    'several-lines': ['Require ip 10.0.0.1\nRequire ip 127.0.0.1', 200],
    local: ['Require local', 200],
    'method-get': ['Require method GET', 200],
    'method-post': ['Require method POST', 403],
    env: ['Require env KEY', 403],
    'not-ip': ['<RequireAll>\nRequire all granted\nRequire not ip 127.0.0.1\n</RequireAll>', 403],
    'not-another-ip': ['<RequireAll>\nRequire all granted\nRequire not ip 10.0.0.1\n</RequireAll>', 200],
    'not-env': ['<RequireAll>\nRequire all granted\nRequire not env KEY\n</RequireAll>', 200],
    any: ['<RequireAny>\nRequire ip 10.0.0.1\nRequire local\n</RequireAny>', 200],
    'none-of-any': ['<RequireAny>\nRequire ip 10.0.0.1\nRequire env KEY\n</RequireAny>', 403],
    all: ['<RequireAll>\nRequire ip 127\nRequire env KEY\n</RequireAll>', 403],
    none: ['<RequireAll>\nRequire all granted\n<RequireNone>\nRequire env KEY\n</RequireNone>\n</RequireAll>', 200],
    nested: [
      '<RequireAny>\n<RequireAll>\nRequire ip 127\nRequire method POST\n</RequireAll>\n<RequireAll>\nRequire local\nRequire env KEY\n</RequireAll>\n</RequireAny>',
      403,
    ],
  }),
  ruleScenario('Order, Allow and Deny', {
    'allow-deny-nothing': ['Order allow,deny', 403],
    'deny-allow-nothing': ['Order deny,allow', 200],
    'allow-deny-from-all': ['Order allow,deny\nAllow from all', 200],
    'deny-allow-from-all': ['Order deny,allow\nDeny from all', 403],
    'allow-deny-both': ['Order allow,deny\nAllow from all\nDeny from 127.0.0.1', 403],
    'deny-allow-both': ['Order deny,allow\nDeny from all\nAllow from 127.0.0.1', 200],
    'deny-from-another': ['Order allow,deny\nAllow from all\nDeny from 10.0.0.0/8', 200],
    'allow-from-part': ['Order allow,deny\nAllow from 127', 200],
    'allow-from-env': ['Order deny,allow\nDeny from all\nAllow from env=KEY', 403],
    'deny-from-not-env': ['Order allow,deny\nAllow from all\nDeny from env=!KEY', 403],
    'mutual-failure': ['Order mutual-failure\nAllow from all\nDeny from 10.0.0.1', 200],
    'deny-without-order': ['Deny from all', 403],
    'allow-without-order': ['Allow from 10.0.0.1', 200],
    'order-and-require': ['Order allow,deny\nAllow from all\nRequire all denied', 403],
    'require-and-order': ['Require all granted\nOrder deny,allow\nDeny from all', 403],
    'satisfy-any': ['Order deny,allow\nDeny from all\nRequire all granted\nSatisfy any', 200],
    'satisfy-any-of-none': ['Order deny,allow\nDeny from all\nRequire all denied\nSatisfy any', 403],
  }),
  {
    name: 'access rules of inner and outer sections',
    config: `
DocumentRoot \${ROOT}/documents
<Directory />
    Require all denied
</Directory>
<Directory \${ROOT}/documents/a>
    Require all granted
</Directory>
<Directory \${ROOT}/documents/a/inner>
    <Files "secret*">
        Require all denied
    </Files>
</Directory>
<Directory \${ROOT}/documents/b>
    Require all granted
</Directory>
<DirectoryMatch "/documents/b/[0-9]+/">
    Require all denied
</DirectoryMatch>
<DirectoryMatch "/documents/c/[0-9]+$">
    Require all denied
</DirectoryMatch>
<Directory \${ROOT}/documents/c>
    Require all granted
</Directory>
<Directory \${ROOT}/documents/b/*/open>
    Require all granted
</Directory>
<FilesMatch "\\.(?:bak|old)$">
    Require all denied
</FilesMatch>
<Location /a/by-location>
    Require all denied
</Location>
<Location /b/123/granted.txt>
    Require all granted
</Location>
<LocationMatch "^/a/[^/]+/matched\\.txt$">
    Require all denied
</LocationMatch>
<Directory \${ROOT}/documents/and>
    Require all granted
</Directory>
<Directory \${ROOT}/documents/and/inner>
    AuthMerging And
    Require ip 10.0.0.1
</Directory>
<Directory \${ROOT}/documents/or>
    Require ip 10.0.0.1
</Directory>
<Directory \${ROOT}/documents/or/inner>
    AuthMerging Or
    Require local
</Directory>
<Directory \${ROOT}/documents/old>
    Require all granted
    Order deny,allow
    Deny from all
</Directory>
<Directory \${ROOT}/documents/old/inner>
    Allow from 127.0.0.1
</Directory>
<Directory \${ROOT}/documents/old/replaced>
    Order allow,deny
    Allow from all
</Directory>
`,
    files: {
      ...files,
      'documents/other.txt': 'other\n',
      'documents/a/by-location/file.txt': 'x\n',
      'documents/a/x/matched.txt': 'x\n',
      'documents/a/copy.bak': 'x\n',
      'documents/b/123/file.txt': 'x\n',
      'documents/c/123/file.txt': 'x\n',
      'documents/b/123/granted.txt': 'x\n',
      'documents/b/123/open/file.txt': 'x\n',
      'documents/and/inner/file.txt': 'x\n',
      'documents/or/inner/file.txt': 'x\n',
      'documents/or/file.txt': 'x\n',
      'documents/old/file.txt': 'x\n',
      'documents/old/inner/file.txt': 'x\n',
      'documents/old/replaced/file.txt': 'x\n',
    },
    requests: [
      denied('/other.txt', 'the outermost folder'),
      denied('/none.txt', 'missing where all is denied'),
      allowed('/a/file.txt', 'a folder'),
      { name: 'missing where all is granted', target: '/a/none.txt', status: 404 },
      allowed('/a/inner/file.txt', 'an inner folder'),
      denied('/a/inner/secret.txt', 'Files in a folder'),
      denied('/a/inner/.htaccess', '.htaccess'),
      denied('/a/inner/.htpasswd', 'a missing .htpasswd'),
      denied('/a/copy.bak', 'FilesMatch'),
      denied('/a/by-location/file.txt', 'Location'),
      denied('/a/by-location', 'Location of a folder'),
      denied('/a/./x/../by-location/file.txt', 'Location behind dot segments'),
      denied('/a//by-location//file.txt', 'Location with double slashes'),
      denied('/a/by%2Dlocation/file.txt', 'Location with encoded characters'),
      denied('/a/x/matched.txt', 'LocationMatch'),
      denied('/b/123/file.txt', 'DirectoryMatch'),
      allowed('/c/123/file.txt', 'DirectoryMatch with an end that files are behind'),
      denied('/c/123/', 'DirectoryMatch with an end, the folder itself'),
      allowed('/b/123/granted.txt', 'Location over DirectoryMatch'),
      denied('/b/123/open/file.txt', 'DirectoryMatch over a pattern of Directory'),
      denied('/and/inner/file.txt', 'AuthMerging And'),
      allowed('/or/inner/file.txt', 'AuthMerging Or'),
      denied('/or/file.txt', 'the outer side of AuthMerging Or'),
      denied('/old/file.txt', 'Deny'),
      allowed('/old/inner/file.txt', 'Allow in an inner folder without Order'),
      allowed('/old/replaced/file.txt', 'Order in an inner folder'),
    ],
  },
  {
    name: 'access rules of applications',
    config: `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
WSGIScriptAlias /open \${ROOT}/wsgi-scripts/probe.wsgi
WSGIScriptAlias /shut \${ROOT}/shut/probe.wsgi
WSGIScriptAlias /file \${ROOT}/wsgi-scripts/environ.wsgi
<Directory />
    Require all denied
</Directory>
<Directory \${ROOT}/wsgi-scripts>
    Order deny,allow
    Allow from all
    Require all granted
    <Files environ.wsgi>
        Require not ip 10.0.0.1
        Require ip 10.0.0.2
    </Files>
</Directory>
<Location /open/admin>
    Require all denied
</Location>
`.replace('        Require not ip 10.0.0.1\n', ''),
    files: { 'shut/probe.wsgi': 'application = None\n' },
    requests: [
      allowed('/open'),
      denied('/open/admin/x', 'Location'),
      denied('/open//admin', 'Location with double slashes'),
      allowed('/open/administration', 'a longer name'),
      denied('/shut', 'Directory of the script'),
      denied('/file/x', 'Files of the script'),
    ],
  },
];
