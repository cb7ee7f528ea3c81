/**
 * tests/sites/identity: a service on two ports with many process groups, as OpenStack's Keystone ships its
 * configuration: a virtual host for each port, and the same scripts once more by path and handler.
 */

import type { ParityRequest, Scenario } from '../scenario.js';

/** As service.py signs them. */
const demoToken = 'demo.aa94fee639a69756722f016b0f96b689';
const adminToken = 'admin.68d07c0109f7ccde982fb881bc400d5a';

const tokens = '/v3/auth/tokens';
const bodyBytesLimit = 114_688;

function basic(user: string, password: string): readonly [string, string] {
  return ['Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`];
}

function ask(name: string, target: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name, target, status, ...more };
}

function signIn(name: string, body: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  const headers = [['Content-Type', 'application/json']] as const;
  return { name, target: tokens, method: 'POST', body, headers, status, ...more };
}

const credentials = (user: string, password: string): string => JSON.stringify({ auth: { user, password } });

/** Which group answers, and what it is told, by each of the ways to it. */
const groups: readonly ParityRequest[] = [
  ask('the group of the public port', '/group', 200, { shows: '"identity-public"' }),
  ask('the group of the admin port', '/group', 200, { toExtraPort: true, shows: '"identity-admin"' }),
  ask('the group of the public script by path', '/identity/group', 200, { shows: '"identity-public"' }),
  ask('the same on the admin port', '/identity/group', 200, { toExtraPort: true, shows: '"identity-public"' }),
  ask('the group of the admin script by path', '/identity_admin/group', 200, { shows: '"identity-admin"' }),
  ask('the group of the neighbour', '/placement/group', 200, { shows: '"placement"' }),
  ask('a longer name than the path', '/identityx/group', 404, { shows: 'nothing at /identityx/group' }),
];

const authorization: readonly ParityRequest[] = [
  ask('Basic reaches the application', '/v3/whoami', 200, { headers: [basic('demo', 'opensesame')] }),
  ask('Basic beyond ASCII', '/v3/whoami', 200, { headers: [basic('admin', 'tür')], shows: '"admin"' }),
  ask('a wrong password', '/v3/whoami', 401, { headers: [basic('demo', 'wrong')], shows: 'Identity uri=' }),
  ask('no password', '/v3/whoami', 401),
  ask('what is no Basic at all', '/v3/whoami', 401, { headers: [['Authorization', 'Basic %%%=']] }),
  ask('Basic reaches it by path', '/identity/v3/whoami', 200, { headers: [basic('demo', 'opensesame')] }),
  ask('Basic is kept from the neighbour', '/placement/group', 200, {
    headers: [basic('demo', 'opensesame')],
    shows: '"authorization": null',
  }),
];

const byToken = (token: string, subject: string, more: Partial<ParityRequest> = {}): Partial<ParityRequest> => ({
  headers: [
    ['X-Auth-Token', token],
    ['X-Subject-Token', subject],
  ],
  ...more,
});

const tokenRequests: readonly ParityRequest[] = [
  signIn('a token', credentials('demo', 'opensesame'), 201, { shows: demoToken }),
  signIn('a token on the admin port', credentials('admin', 'tür'), 400, { toExtraPort: true }),
  signIn('a token with a password in escapes', '{"auth": {"user": "admin", "password": "t\\u00fcr"}}', 201, {
    toExtraPort: true,
    shows: adminToken,
  }),
  signIn('a token by path', credentials('demo', 'opensesame'), 201, { target: `/identity${tokens}` }),
  signIn('a wrong password for a token', credentials('demo', 'x'), 401),
  signIn('no JSON', 'auth=demo', 400),
  signIn('no body', '', 400),
  signIn('as much as is allowed', ' '.repeat(bodyBytesLimit), 400, { shows: 'Expecting to find auth' }),
  signIn('a byte more than is allowed', ' '.repeat(bodyBytesLimit + 1), 413),
  signIn('a byte more by path', ' '.repeat(bodyBytesLimit + 1), 413, { target: `/identity${tokens}` }),
  signIn('a byte more on the admin port', ' '.repeat(bodyBytesLimit + 1), 413, { toExtraPort: true }),
  {
    name: 'a body in chunks',
    raw: `POST ${tokens} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"aut\r\n0\r\n\r\n`,
    status: 411,
    method: 'POST',
  },
  ask('a token that is valid', tokens, 200, byToken(adminToken, demoToken)),
  ask('HEAD of a token', tokens, 200, byToken(adminToken, demoToken, { method: 'HEAD' })),
  ask('DELETE of a token', tokens, 204, byToken(adminToken, demoToken, { method: 'DELETE' })),
  ask('PUT of a token', tokens, 405, byToken(adminToken, demoToken, { method: 'PUT', body: '{}' })),
  ask('a token that is not', tokens, 404, byToken(adminToken, 'demo.00')),
  ask('without a token', tokens, 401),
];

const pages: readonly ParityRequest[] = [
  ask('versions', '/', 300),
  ask('versions on the admin port', '/', 300, { toExtraPort: true, shows: '"face": "admin"' }),
  ask('versions by path', '/identity', 300, { shows: '/identity/v3/' }),
  ask('versions by path with a slash', '/identity/', 300),
  ask('HEAD of versions', '/', 300, { method: 'HEAD' }),
  ask('a version', '/v3/', 200),
  ask('a version under another name', '/v3', 200, { host: 'cloud.example.com', shows: 'cloud.example.com' }),
  ask('a version for a proxy', '/v3', 200, { headers: [['X-Forwarded-For', '192.0.2.1']] }),
  ask('nothing there', '/v2.0/tenants', 404),
  ask('an encoded slash', '/v3/users/a%2Fb', 404),
  ask('users on the public port', '/v3/users/demo', 403),
  ask('users on the admin port', '/v3/users/d%C3%A9mo%20x', 200, {
    toExtraPort: true,
    headers: [['X-Auth-Token', adminToken]],
  }),
  ask('users for somebody else', '/v3/users/demo', 401, { toExtraPort: true, headers: [['X-Auth-Token', demoToken]] }),
  ask('PATCH of a user', '/v3/users/demo', 200, {
    toExtraPort: true,
    method: 'PATCH',
    body: '{"enabled": false}',
    headers: [['X-Auth-Token', adminToken]],
  }),
  ask('OPTIONS', '/v3', 200, { method: 'OPTIONS' }),
  ask('TRACE', '/v3', 405, { method: 'TRACE' }),
  ask('without a host', '/v3', 400, { host: null }),
];

const errorLogFormat =
  'warning: ErrorLogFormat has no effect: lines of the error log have the form that Apache gives them';

export const identitySite: Scenario = {
  name: 'site: an identity service on two ports',
  config: `
Define PUBLIC_PORT \${PORT}
Define ADMIN_PORT \${PORT2}
Define SERVICE_USER \${RUN_USER}
Define SERVICE_GROUP \${RUN_GROUP}
Define IDENTITY "\${ROOT}/site"
Include \${IDENTITY}/apache/wsgi-identity.conf
`,
  site: 'identity',
  extraPort: true,
  complaints: [25, 52].map((line) => `site/apache/wsgi-identity.conf:${line} ${errorLogFormat}`),
  requests: [...pages, ...tokenRequests, ...authorization, ...groups],
};
