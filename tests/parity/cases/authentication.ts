/** Who may come in with a password: AuthType Basic, its files, and the scripts of mod_wsgi. */

import type { ParityRequest, Scenario } from '../scenario.js';

/** All of them have the password `secret`. The second line of a name does not count. */
const users = `# made by htpasswd
bcrypt:$2y$05$yqf6IgKUuzq9QxchdWA9jOdUnnC6sLeTXXNBjMRPd8mYI656.ylJW
apr1:$apr1$zl6HX6u1$PervOqrXooBqxNJvs5AIx/
sha:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=
sha512:$6$tg7gA636Ue4VENPr$/ctu1imOHIdBGOVRITMtvEjwF4uQRHlz/c3NqLgB/QrthL3FgKs5uDio6GGuCH/5GaS0zY3.FJCSG3AvEyX1K.
sha256:$5$uBKspf4km3VIxC0A$igayThmLX1JTOO6xgf0rsMgKvxqTBPAwE/9F1gGV1w5
md5:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1
plain:secret
empty:
without

  blanks:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=  
further:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=:more:fields
sha:{SHA}ignored
No One:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=
`;

const groups = `# groups
Staff: sha apr1
editors: bcrypt "No One"
staff: md5
none:
`;

const script = `
def allow_access(environ, host):
    path = environ['REQUEST_URI']
    if 'boom' in path:
        raise RuntimeError('no access')
    if 'number' in path:
        return 1
    if 'none' in path:
        return None
    return environ.get('HTTP_X_LET') == 'in' and host.startswith('127.')

def check_password(environ, user, password):
    if user == 'boom':
        raise RuntimeError('no password')
    if user == 'number':
        return 1
    if user == 'nobody':
        return None
    if user == 'renamed':
        return 'another'
    if user == 'bytes':
        return b'another'
    if user == 'latin':
        return password == '\\xe9'
    if user == 'named':
        return 'n\\xe9'
    if user == 'keys':
        return ' '.join(sorted(key for key in environ))
    if user == 'shown':
        return '|'.join(environ.get(key, '-') for key in (
            'SCRIPT_NAME', 'PATH_INFO', 'REQUEST_METHOD', 'REQUEST_URI', 'QUERY_STRING', 'HTTP_AUTHORIZATION',
            'HTTP_X_SEEN', 'FROM_CONFIG', 'REMOTE_USER', 'REMOTE_ADDR', 'mod_wsgi.process_group', 'SERVER_PROTOCOL'))
    return password == 'secret'

def groups_for_user(environ, user):
    if user == 'boom group':
        raise RuntimeError('no groups')
    return {'member': ['staff', b'others'], 'generated': (name for name in ['Staff']), 'lonely': [],
            'text': 'xy', 'number': 5, 'another': ['staff'], 'mixed': ['staff', 3]}.get(user, ['others'])
`;

const siteFiles = {
  users: users,
  groups: groups,
  'auth.py': script,
  'empty.py': 'pass\n',
  'broken.py': '1 / 0\n',
  'documents/page.txt': 'page\n',
  'documents/refused.txt': 'refused\n',
  'elsewhere/refused.txt': 'refused elsewhere\n',
};

function basic(user: string, password = 'secret'): readonly (readonly [string, string])[] {
  return [['Authorization', `Basic ${Buffer.from(`${user}:${password}`, 'latin1').toString('base64')}`]];
}

function ask(target: string, status: number, name: string, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name, target, status, ...more };
}

function asUser(
  target: string,
  status: number,
  user: string,
  more: Partial<ParityRequest> & { readonly password?: string } = {},
): ParityRequest {
  const { password, ...rest } = more;
  return { name: `${target} as ${user}`, target, status, headers: basic(user, password), ...rest };
}

/** A Location for each rule, all of them one file. */
function ruleScenario(
  name: string,
  rules: Readonly<
    Record<string, readonly [text: string, ...requests: (readonly [user: string | undefined, status: number])[]]>
  >,
): Scenario {
  const sections = Object.entries(rules).map(([path, [text]]) => `<Location /${path}>\n${text}\n</Location>`);
  return {
    name,
    config: `
AliasMatch ^/ \${ROOT}/documents/page.txt
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
<Location />
    AuthType Basic
    AuthName "The Site"
    AuthUserFile \${ROOT}/users
    AuthGroupFile \${ROOT}/groups
</Location>
${sections.join('\n')}
`,
    files: siteFiles,
    requests: Object.entries(rules).flatMap(([path, [, ...requests]]) =>
      requests.map(([user, status]) =>
        user === undefined ? ask(`/${path}`, status, `/${path} without a user`) : asUser(`/${path}`, status, user),
      ),
    ),
  };
}

const refusedEnviron = ['REMOTE_USER', 'AUTH_TYPE', 'REDIRECT_REMOTE_USER', 'REDIRECT_STATUS', 'REDIRECT_URL'];

const all = ['bcrypt', 'apr1', 'sha', 'sha512', 'sha256', 'md5', 'blanks', 'further'];

export const authenticationScenarios: readonly Scenario[] = [
  {
    name: 'passwords in files',
    config: `
DocumentRoot \${ROOT}/documents
WSGIDaemonProcess one threads=2
WSGIProcessGroup one
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /passed \${ROOT}/wsgi-scripts/environ.wsgi pass-authorization=On
<Location />
    AuthType Basic
    AuthName "A \\"quoted\\" realm"
    AuthUserFile \${ROOT}/users
    Require valid-user
</Location>
<Location /missing>
    AuthUserFile \${ROOT}/no-such-file
</Location>
<Location /lower>
    AuthType basic
    AuthName plain
</Location>
<Location /cgi>
    CGIPassAuth On
</Location>
WSGIScriptAlias /cgi \${ROOT}/wsgi-scripts/environ.wsgi
<Location /public>
    Require all granted
</Location>
WSGIScriptAlias /public \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /lower \${ROOT}/wsgi-scripts/environ.wsgi
`,
    files: siteFiles,
    requests: [
      ask('/page.txt', 401, 'without credentials'),
      ask('/page.txt', 401, 'HEAD without credentials', { method: 'HEAD' }),
      ask('/page.txt', 401, 'another scheme', {
        headers: [['Authorization', 'Bearer abc']],
        logged: 'client used wrong authentication scheme: /page.txt',
      }),
      ask('/page.txt', 401, 'nothing behind the scheme', { headers: [['Authorization', 'Basic']] }),
      ask('/page.txt', 401, 'nonsense', { headers: [['Authorization', 'Basic !!!']] }),
      ask('/page.txt', 200, 'scheme in small letters', {
        headers: [['Authorization', `basic   ${Buffer.from('sha:secret').toString('base64')}`]],
      }),
      ask('/page.txt', 200, 'without padding', {
        headers: [['Authorization', `Basic ${Buffer.from('sha:secret').toString('base64').replace(/=+$/, '')}`]],
      }),
      ask('/page.txt', 200, 'something behind a zero byte', { headers: basic('sha', 'secret\0more') }),
      ...all.map((user) => asUser('/page.txt', 200, user)),
      ...all.map((user) => ({
        ...asUser('/page.txt', 401, user, { password: 'wrong' }),
        name: `${user}, wrong password`,
      })),
      ...['plain', 'empty', 'without', 'No One '].map((user) => asUser('/page.txt', 401, user)),
      asUser('/page.txt', 200, 'No One'),
      { ...asUser('/page.txt', 401, 'empty', { password: '' }), name: 'empty password for an empty hash' },
      asUser('/page.txt', 401, 'SHA', { logged: 'user SHA not found: /page.txt' }),
      asUser('/page.txt', 401, '', { logged: 'user  not found: /page.txt' }),
      asUser('/page.txt', 401, '#made by htpasswd'),
      {
        ...asUser('/page.txt', 401, 'sha', { password: 'Secret' }),
        name: 'log of a wrong password',
        logged: 'user sha: authentication failure for "/page.txt": Password Mismatch',
      },
      asUser('/missing', 500, 'sha', { logged: 'Could not open password file: ' }),
      asUser('/no-such-page', 404, 'sha'),
      ask('/no-such-page', 401, 'what is not there is hidden, too'),
      asUser('/app/x', 200, 'sha', { environ: ['REMOTE_USER', 'AUTH_TYPE', 'HTTP_AUTHORIZATION'], shows: 'sha' }),
      asUser('/passed/x', 200, 'sha', {
        environ: ['REMOTE_USER', 'AUTH_TYPE', 'HTTP_AUTHORIZATION'],
        shows: 'Basic c2hhO',
      }),
      asUser('/cgi/x', 200, 'sha', {
        environ: ['REMOTE_USER', 'AUTH_TYPE', 'HTTP_AUTHORIZATION'],
        shows: 'Basic c2hhO',
      }),
      asUser('/public/x', 200, 'sha', { environ: ['REMOTE_USER', 'AUTH_TYPE', 'HTTP_AUTHORIZATION'] }),
      asUser('/lower/x', 200, 'sha', { environ: ['REMOTE_USER', 'AUTH_TYPE'], shows: 'basic' }),
      ask('/lower/x', 401, 'AuthType in small letters'),
      ask('/app/x', 401, 'POST without credentials', { method: 'POST', body: 'x=1' }),
    ],
  },
  ruleScenario('Require with users', {
    user: ['Require user sha "No One"', ['sha', 200], ['No One', 200], ['md5', 401], [undefined, 401]],
    'user-case': ['Require user SHA', ['sha', 401]],
    'several-lines': ['Require user md5\nRequire user sha', ['sha', 200], ['md5', 200], ['apr1', 401]],
    group: ['Require group staff', ['sha', 200], ['md5', 200], ['bcrypt', 401], ['blanks', 401], [undefined, 401]],
    'group-case': ['Require group EDITORS', ['bcrypt', 200], ['No One', 200], ['sha', 401]],
    groups: ['Require group none editors', ['bcrypt', 200], ['sha', 401]],
    'user-or-group': ['Require user sha512\nRequire group editors', ['sha512', 200], ['bcrypt', 200], ['sha', 401]],
    'no-group-file': ['AuthGroupFile ${ROOT}/no-such-file\nRequire group staff', ['sha', 401]],
    granted: ['Require all granted', [undefined, 200], ['sha', 200], ['nobody', 200]],
    denied: ['Require all denied', [undefined, 403], ['sha', 403]],
    'ip-or-user': ['Require ip 127\nRequire valid-user', [undefined, 200], ['nobody', 200]],
    'other-ip-or-user': ['Require ip 10.0.0.1\nRequire valid-user', [undefined, 401], ['sha', 200]],
    'ip-and-user': ['<RequireAll>\nRequire ip 127\nRequire valid-user\n</RequireAll>', [undefined, 401], ['sha', 200]],
    'other-ip-and-user': [
      '<RequireAll>\nRequire valid-user\nRequire ip 10.0.0.1\n</RequireAll>',
      [undefined, 403],
      ['sha', 403],
    ],
    'not-user': [
      '<RequireAll>\nRequire valid-user\nRequire not user sha\n</RequireAll>',
      ['sha', 401],
      ['md5', 200],
      [undefined, 401],
    ],
    'granted-not-user': [
      '<RequireAll>\nRequire all granted\nRequire not user sha\n</RequireAll>',
      ['sha', 200],
      [undefined, 200],
    ],
    'not-group': [
      '<RequireAll>\nRequire valid-user\n<RequireNone>\nRequire group staff\nRequire user sha256\n</RequireNone>\n</RequireAll>',
      ['sha', 401],
      ['sha256', 401],
      ['bcrypt', 200],
    ],
    nested: [
      '<RequireAny>\n<RequireAll>\nRequire user sha\nRequire method POST\n</RequireAll>\n<RequireAll>\nRequire group editors\nRequire method GET\n</RequireAll>\n</RequireAny>',
      ['sha', 401],
      ['bcrypt', 200],
      [undefined, 401],
    ],
    'satisfy-any-host': [
      'Order allow,deny\nAllow from 127\nRequire valid-user\nSatisfy any',
      [undefined, 200],
      ['x', 200],
    ],
    'satisfy-any-user': [
      'Order deny,allow\nDeny from all\nRequire valid-user\nSatisfy any',
      [undefined, 401],
      ['sha', 200],
      ['nobody', 401],
    ],
    'satisfy-all': ['Order deny,allow\nDeny from all\nRequire valid-user\nSatisfy all', [undefined, 403], ['sha', 403]],
    'satisfy-all-user': ['Order allow,deny\nAllow from all\nRequire valid-user', [undefined, 401], ['sha', 200]],
    forbidden: [
      'AuthzSendForbiddenOnFailure On\nRequire user sha',
      ['md5', 403],
      ['sha', 200],
      [undefined, 401],
      ['x', 401],
    ],
    'not-authoritative': [
      'AuthBasicAuthoritative Off\nRequire valid-user',
      ['sha', 200],
      ['nobody', 500],
      [undefined, 401],
    ],
    'type-none': ['AuthType None\nRequire valid-user', [undefined, 500], ['sha', 500]],
    'type-none-granted': ['AuthType None\nRequire all granted', [undefined, 200]],
    'merged-or': ['AuthMerging Or\nRequire user sha', ['sha', 200], ['md5', 200]],
  }),
  {
    name: 'authentication that is not complete',
    config: `
AliasMatch ^/ \${ROOT}/documents/page.txt
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
<Location /no-type>
    Require valid-user
</Location>
<Location /no-name>
    AuthType Basic
    AuthUserFile \${ROOT}/users
    Require valid-user
</Location>
<Location /no-file>
    AuthType Basic
    AuthName x
    Require valid-user
</Location>
<Location /no-rule>
    AuthType Basic
    AuthName x
    AuthMerging Off
</Location>
<Location /no-group-file>
    AuthType Basic
    AuthName x
    AuthUserFile \${ROOT}/users
    Require group staff
</Location>
<Location /no-script>
    AuthType Basic
    AuthName x
    AuthBasicProvider wsgi
    Require valid-user
</Location>
<Location /no-group-script>
    AuthType Basic
    AuthName x
    AuthUserFile \${ROOT}/users
    Require wsgi-group staff
</Location>
`,
    files: siteFiles,
    requests: [
      asUser('/no-type', 500, 'sha', { logged: 'Authentication not configured?' }),
      ask('/no-type', 500, '/no-type without a user'),
      asUser('/no-name', 500, 'sha', { logged: 'need AuthName: /no-name' }),
      asUser('/no-file', 500, 'sha', { logged: 'AuthUserFile not specified in the configuration' }),
      ask('/no-file', 401, '/no-file without a user'),
      asUser('/no-rule', 500, 'sha', { logged: 'AuthType configured with no corresponding authorization directives' }),
      ask('/no-rule', 500, '/no-rule without a user'),
      asUser('/no-group-file', 401, 'sha', { logged: 'No group file was specified in the configuration' }),
      asUser('/no-script', 500, 'sha', { logged: 'Location of WSGI user authentication script not provided.' }),
      asUser('/no-group-script', 401, 'sha', { logged: 'Location of WSGI group authorization script not provided.' }),
    ],
  },
  {
    name: 'the page of a refused user',
    config: `
DocumentRoot \${ROOT}/documents
Alias /elsewhere \${ROOT}/elsewhere
WSGIDaemonProcess one threads=2
WSGIProcessGroup one
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
<Directory \${ROOT}>
    Require all granted
</Directory>
<Directory \${ROOT}/documents>
    AuthType Basic
    AuthName site
    AuthUserFile \${ROOT}/users
    Require valid-user
</Directory>
ErrorDocument 401 /refused.txt
<Files other.txt>
    ErrorDocument 401 /elsewhere/refused.txt
</Files>
<Files by-app.txt>
    ErrorDocument 401 /app/refused
</Files>
<Files deep.txt>
    ErrorDocument 401 /by-app.txt
</Files>
<Location /app/closed>
    AuthType Basic
    AuthName app
    AuthUserFile \${ROOT}/users
    Require user sha
    ErrorDocument 401 /app/closed/refused
</Location>
`,
    files: {
      ...siteFiles,
      'documents/other.txt': 'other\n',
      'documents/by-app.txt': 'by app\n',
      'documents/deep.txt': 'deep\n',
    },
    requests: [
      ask('/page.txt', 401, 'a document of the same folder'),
      ask('/other.txt', 401, 'a document of another folder'),
      ask('/deep.txt', 401, 'a document with another section'),
      asUser('/page.txt', 200, 'sha'),
      asUser('/page.txt', 401, 'mallory', { shows: 'refused' }),
      // The status is that of the application.
      asUser('/by-app.txt', 200, 'mallory', { environ: refusedEnviron, shows: 'mallory' }),
      ask('/by-app.txt', 200, '/by-app.txt without a user', { environ: refusedEnviron }),
      asUser('/app/closed/x', 401, 'md5'),
      ask('/app/closed/x', 401, '/app/closed/x without a user'),
    ],
  },
  {
    name: 'authentication in .htaccess',
    config: `
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
    AllowOverride AuthConfig Limit
    AuthName outer
</Directory>
<Directory \${ROOT}/documents/refused>
    AllowOverride FileInfo
</Directory>
`,
    files: {
      ...siteFiles,
      'documents/open/page.txt': 'open\n',
      'documents/closed/page.txt': 'closed\n',
      'documents/closed/.htaccess':
        'AuthType Basic\nAuthUserFile ${ROOT}/users\nAuthGroupFile ${ROOT}/groups\nRequire group staff\n',
      'documents/closed/inner/page.txt': 'inner\n',
      'documents/closed/inner/.htaccess': 'AuthName "inner"\nRequire user bcrypt\n',
      'documents/closed/any/page.txt': 'any\n',
      'documents/closed/any/.htaccess': 'Order deny,allow\nDeny from all\nSatisfy any\n',
      'documents/closed/free/page.txt': 'free\n',
      'documents/closed/free/.htaccess': 'Satisfy any\n',
      'documents/refused/page.txt': 'refused\n',
      'documents/refused/.htaccess': 'AuthType Basic\n',
      'documents/closed/files/page.txt': 'page\n',
      'documents/closed/files/other.txt': 'other\n',
      'documents/closed/files/.htaccess': '<Files other.txt>\nRequire all granted\n</Files>\n',
    },
    requests: [
      ask('/open/page.txt', 200, 'without a rule'),
      ask('/closed/page.txt', 401, 'without a user'),
      asUser('/closed/page.txt', 200, 'sha'),
      asUser('/closed/page.txt', 401, 'bcrypt'),
      ask('/closed/inner/page.txt', 401, 'another realm'),
      asUser('/closed/inner/page.txt', 200, 'bcrypt'),
      asUser('/closed/inner/page.txt', 401, 'sha'),
      ask('/closed/any/page.txt', 401, 'Satisfy any and Deny'),
      asUser('/closed/any/page.txt', 200, 'sha'),
      ask('/closed/free/page.txt', 200, 'Satisfy any alone'),
      ask('/closed/files/page.txt', 401, 'a file beside an open one'),
      ask('/closed/files/other.txt', 200, 'an open file'),
      ask('/refused/page.txt', 500, 'not allowed to say so'),
    ],
  },
  {
    name: 'scripts of mod_wsgi for users',
    config: `
WSGIDaemonProcess one threads=2
WSGIProcessGroup one
WSGIApplicationGroup %{GLOBAL}
SetEnv FROM_CONFIG yes
SetEnvIf Request_URI . FROM_CONFIG=yes
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
<Location />
    AuthType Basic
    AuthName scripts
    AuthBasicProvider wsgi
    WSGIAuthUserScript \${ROOT}/auth.py
    Require valid-user
</Location>
<Location /group>
    WSGIAuthGroupScript \${ROOT}/auth.py application-group=%{GLOBAL}
    WSGIGroupAuthoritative On
    Require wsgi-group staff
</Location>
<Location /groups>
    WSGIAuthGroupScript \${ROOT}/auth.py
    Require wsgi-group x none
</Location>
<Location /empty>
    WSGIAuthUserScript \${ROOT}/empty.py
</Location>
<Location /broken>
    WSGIAuthUserScript \${ROOT}/broken.py
</Location>
<Location /missing>
    WSGIAuthUserScript \${ROOT}/no-such-script.py
</Location>
<Location /empty-groups>
    WSGIAuthGroupScript \${ROOT}/empty.py
    Require wsgi-group staff
</Location>
<Location /both>
    AuthBasicProvider wsgi file
    AuthUserFile \${ROOT}/users
</Location>
<Location /file-first>
    AuthBasicProvider file
    AuthBasicProvider wsgi
    AuthUserFile \${ROOT}/users
</Location>
`,
    files: { ...siteFiles, users: `${users}nobody:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n` },
    requests: [
      ask('/x', 401, 'without credentials'),
      asUser('/x', 200, 'ann', { environ: ['REMOTE_USER', 'AUTH_TYPE', 'HTTP_AUTHORIZATION'], shows: 'ann' }),
      { ...asUser('/x', 401, 'ann', { password: 'wrong' }), name: 'wrong password', logged: 'Password Mismatch' },
      asUser('/x', 401, 'nobody', { logged: 'user nobody not found: /x' }),
      asUser('/x', 200, 'renamed', { environ: ['REMOTE_USER', 'AUTH_TYPE'], shows: 'another' }),
      asUser('/x', 200, 'named', { environ: ['REMOTE_USER'] }),
      asUser('/x', 500, 'boom', { logged: 'no password' }),
      asUser('/x', 500, 'number'),
      asUser('/x', 500, 'bytes'),
      asUser('/x', 200, 'keys', { environ: ['REMOTE_USER'] }),
      asUser('/mount/x?a=1', 200, 'shown', {
        environ: ['REMOTE_USER'],
        headers: [...basic('shown'), ['X-Seen', 'yes']],
        shows: '/mount/x',
      }),
      asUser('/group', 200, 'member', { environ: ['REMOTE_USER'] }),
      asUser('/group', 200, 'generated', { environ: ['REMOTE_USER'] }),
      asUser('/group', 200, 'renamed', { environ: ['REMOTE_USER'] }),
      asUser('/group', 401, 'ann', { logged: 'User is not a member of designated groups.' }),
      asUser('/group', 401, 'lonely', { logged: 'User is not a member of any groups.' }),
      asUser('/group', 401, 'number2'),
      asUser('/group', 401, 'mixed'),
      asUser('/group', 401, 'boom group', { logged: 'no groups' }),
      ask('/group', 401, '/group without a user'),
      asUser('/groups', 200, 'text', { environ: ['REMOTE_USER'] }),
      asUser('/empty', 500, 'ann', { logged: "does not provide 'Basic' auth provider." }),
      asUser('/broken', 500, 'ann', { logged: 'ZeroDivisionError' }),
      asUser('/missing', 500, 'ann'),
      asUser('/empty-groups', 401, 'ann', { logged: 'does not provide group provider.' }),
      asUser('/both', 200, 'nobody', { environ: ['REMOTE_USER'] }),
      asUser('/both', 200, 'ann', { environ: ['REMOTE_USER'] }),
      { ...asUser('/both', 401, 'sha', { password: 'wrong' }), name: 'the first provider that knows the user decides' },
      asUser('/both', 500, 'boom'),
      asUser('/file-first', 200, 'sha', { environ: ['REMOTE_USER'] }),
      asUser('/file-first', 200, 'renamed', { environ: ['REMOTE_USER'] }),
      // The last: Apache's child crashes.
      { ...asUser('/x', 0, 'latin', { password: '\xe9', environ: ['REMOTE_USER'] }), name: 'a password in latin-1' },
    ],
  },
  {
    name: 'scripts of mod_wsgi for hosts',
    config: `
AliasMatch ^/ \${ROOT}/documents/page.txt
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
<Location />
    WSGIAccessScript \${ROOT}/auth.py
</Location>
<Location /require-denied>
    Require all denied
</Location>
<Location /order-denied>
    Order deny,allow
    Deny from all
</Location>
<Location /any>
    Order allow,deny
    Allow from all
    Satisfy any
    AuthType Basic
    AuthName any
    AuthUserFile \${ROOT}/users
    Require valid-user
</Location>
<Location /user>
    AuthType Basic
    AuthName user
    AuthUserFile \${ROOT}/users
    Require valid-user
</Location>
<Location /empty>
    WSGIAccessScript \${ROOT}/empty.py
</Location>
<Location /broken>
    WSGIAccessScript \${ROOT}/broken.py
</Location>
`,
    files: siteFiles,
    requests: [
      ask('/x', 403, 'not let in', { logged: 'Client denied by server configuration: ' }),
      ask('/x', 200, 'let in', { headers: [['X-Let', 'in']] }),
      ask('/none', 200, 'left to others'),
      ask('/number', 403, 'no boolean'),
      ask('/boom', 403, 'an exception', { logged: 'no access' }),
      ask('/require-denied', 403, 'let in, but Require denies', { headers: [['X-Let', 'in']] }),
      ask('/require-denied/none', 403, 'left to Require, which denies'),
      ask('/order-denied', 403, 'let in, but Deny stands', { headers: [['X-Let', 'in']] }),
      ask('/any', 401, 'Satisfy any: not let in'),
      ask('/any', 200, 'Satisfy any: let in', { headers: [['X-Let', 'in']] }),
      asUser('/any', 200, 'sha'),
      ask('/user', 403, 'a user is asked for later'),
      ask('/user', 401, 'let in, then asked for a user', { headers: [['X-Let', 'in']] }),
      ask('/user', 200, 'let in, and a user', { headers: [['X-Let', 'in'], ...basic('sha')] }),
      ask('/empty', 403, 'without the function', { logged: 'does not provide host validator.' }),
      ask('/broken', 403, 'a broken script', { logged: 'ZeroDivisionError' }),
    ],
  },
];
