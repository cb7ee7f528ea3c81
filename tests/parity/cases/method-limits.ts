/** <Limit> and <LimitExcept>: rules of access for some methods, of both kinds, in sections and in .htaccess. */

import type { ParityRequest, Scenario } from '../scenario.js';

const methods = ['GET', 'POST', 'PUT', 'PROPFIND'] as const;
/** What a file answers to them where nothing forbids it. */
const admitted: Readonly<Record<(typeof methods)[number], number>> = { GET: 200, POST: 200, PUT: 405, PROPFIND: 405 };

interface Row {
  readonly text: string;
  /** Those of `methods` that are refused, by default with 403. */
  readonly refused: string;
  readonly status?: number;
}

const rows: Readonly<Record<string, Row>> = {
  'deny some': { text: '<Limit POST PUT>\nOrder deny,allow\nDeny from all\n</Limit>', refused: 'POST PUT' },
  'deny others': {
    text: '<LimitExcept GET POST>\nOrder allow,deny\nDeny from all\n</LimitExcept>',
    refused: 'PUT PROPFIND',
  },
  'order of one': { text: '<Limit POST>\nOrder allow,deny\n</Limit>', refused: 'POST' },
  'order of one before all': { text: '<Limit POST>\nOrder allow,deny\n</Limit>\nOrder deny,allow', refused: '' },
  'order of one after all': {
    text: 'Order allow,deny\nAllow from all\n<Limit POST>\nOrder mutual-failure\nDeny from all\n</Limit>',
    refused: 'POST',
  },
  'allow one': { text: 'Order allow,deny\n<Limit GET>\nAllow from all\n</Limit>', refused: 'POST PUT PROPFIND' },
  'satisfy of one': {
    text: 'Require all denied\nOrder deny,allow\n<Limit POST>\nSatisfy Any\n</Limit>',
    refused: 'GET PUT PROPFIND',
  },
  'satisfy of all forgets it': {
    text: 'Require all denied\n<Limit POST>\nSatisfy Any\n</Limit>\nSatisfy All',
    refused: 'GET POST PUT PROPFIND',
  },
  'require nobody for one': { text: '<Limit POST>\nRequire all denied\n</Limit>', refused: 'POST' },
  'require anybody for one': { text: '<Limit POST>\nRequire all granted\n</Limit>', refused: '' },
  'require nobody for others': {
    text: '<LimitExcept GET>\nRequire all denied\n</LimitExcept>',
    refused: 'POST PUT PROPFIND',
  },
  'require beside a rule for all': {
    text: 'Require all denied\n<Limit GET>\nRequire all granted\n</Limit>',
    refused: 'POST PUT PROPFIND',
  },
  'require of two': {
    text: '<Limit POST>\nRequire all granted\n</Limit>\n<Limit GET>\nRequire all denied\n</Limit>',
    refused: 'GET',
  },
  'in RequireAll': {
    text: '<RequireAll>\nRequire all granted\n<Limit POST>\nRequire all denied\n</Limit>\n</RequireAll>',
    refused: 'POST',
  },
  'around RequireAll': {
    text: '<Limit POST>\n<RequireAll>\nRequire all granted\nRequire not ip 127.0.0.1\n</RequireAll>\n</Limit>',
    refused: 'POST',
  },
  'in RequireAny': {
    text: '<RequireAny>\nRequire ip 10.0.0.1\n<Limit GET>\nRequire ip 127.0.0.1\n</Limit>\n</RequireAny>',
    refused: 'POST PUT PROPFIND',
  },
  'in RequireNone': {
    text: '<RequireAll>\nRequire all granted\n<RequireNone>\n<Limit POST>\nRequire ip 127.0.0.1\n</Limit>\n</RequireNone>\n</RequireAll>',
    refused: 'POST',
  },
  'one in the other': {
    text: '<LimitExcept GET>\n<LimitExcept POST>\nRequire all denied\n</LimitExcept>\n</LimitExcept>',
    refused: 'PUT PROPFIND',
  },
  'merged with the outer rules': {
    text: 'AuthMerging And\n<Limit POST>\nRequire all denied\n</Limit>',
    refused: 'POST',
  },
  'merged as one of both': {
    text: 'AuthMerging Or\n<Limit POST>\nRequire all denied\n</Limit>',
    refused: '',
  },
  'letter case': { text: '<Limit post>\nRequire all denied\n</Limit>', refused: '' },
  'users for others': {
    text: '<LimitExcept GET>\nAuthType Basic\nAuthName limits\nAuthUserFile ${ROOT}/users\nRequire valid-user\n</LimitExcept>',
    refused: 'POST PUT PROPFIND',
    status: 401,
  },
  'users, and nobody at all for one': {
    text: 'AuthType Basic\nAuthName limits\nAuthUserFile ${ROOT}/users\nRequire valid-user\n<Limit GET>\nOrder deny,allow\nSatisfy Any\n</Limit>',
    refused: 'POST PUT PROPFIND',
    status: 401,
  },
};

function pathOf(name: string): string {
  return `/${name.replaceAll(/[ ,]+/g, '-')}`;
}

function requestsOf(name: string, { refused, status = 403 }: Row, target: string): ParityRequest[] {
  return methods.map((method) => ({
    name: `${name}, ${method}`,
    method,
    target,
    status: refused.split(' ').includes(method) ? status : admitted[method],
  }));
}

const entries = Object.entries(rows);

interface AccessFile {
  readonly allow: string;
  readonly text: string;
  readonly statuses: Readonly<Record<string, number>>;
}

const forbidPost = '<Limit POST>\nOrder deny,allow\nDeny from all\n</Limit>';
const accessFiles: Readonly<Record<string, AccessFile>> = {
  limit: { allow: 'Limit', text: forbidPost, statuses: { GET: 200, POST: 403 } },
  all: { allow: 'All', text: '<Limit POST>\nRequire all denied\n</Limit>', statuses: { GET: 200, POST: 403 } },
  auth: { allow: 'AuthConfig', text: '<Limit POST>\nRequire all denied\n</Limit>', statuses: { GET: 200, POST: 403 } },
  lacking: { allow: 'FileInfo', text: forbidPost, statuses: { GET: 500 } },
  inside: { allow: 'AuthConfig', text: forbidPost, statuses: { GET: 500 } },
  strange: { allow: 'All', text: '<Limit PURGE>\nRequire all denied\n</Limit>', statuses: { GET: 500 } },
  trace: { allow: 'All', text: '<Limit TRACE>\nRequire all denied\n</Limit>', statuses: { GET: 500 } },
  files: { allow: 'All', text: '<Limit POST>\n<Files x>\n</Files>\n</Limit>', statuses: { GET: 500 } },
  nothing: { allow: 'All', text: '<Limit>\nRequire all denied\n</Limit>', statuses: { GET: 500 } },
  none: {
    allow: 'All',
    text: '<Limit POST>\n<Limit GET>\nRequire all denied\n</Limit>\n</Limit>',
    statuses: { GET: 500 },
  },
  twice: {
    allow: 'All',
    text: '<Limit POST>\n<Limit POST GET>\nRequire all denied\n</Limit>\n</Limit>',
    statuses: { GET: 500 },
  },
};

export const methodLimitScenarios: readonly Scenario[] = [
  {
    name: 'rules for some methods',
    config: `
AliasMatch ^/ \${ROOT}/documents/file.txt
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
${entries.map(([name, { text }]) => `<Location ${pathOf(name)}>\n${text}\n</Location>`).join('\n')}
`,
    files: { 'documents/file.txt': 'file\n', users: 'alice:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n' },
    requests: [
      ...entries.flatMap(([name, row]) => requestsOf(name, row, pathOf(name))),
      { name: 'HEAD is GET', method: 'HEAD', target: pathOf('require of two'), status: 403 },
      { name: 'an inner scope forgets them', target: `${pathOf('require of two')}`, method: 'POST', status: 200 },
    ],
  },
  {
    name: 'rules for a method of their own',
    config: `
AliasMatch ^/ \${ROOT}/documents/file.txt
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
<Location /brew>
    <Limit PURGE>
        Require all denied
    </Limit>
</Location>
`,
    files: { 'documents/file.txt': 'file\n' },
    requests: [
      { name: 'that method', target: '/brew', method: 'PURGE', status: 403 },
      { name: 'another', target: '/brew', status: 200 },
    ],
  },
  {
    name: 'rules for some methods in .htaccess',
    config: `
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
${Object.entries(accessFiles)
  .map(([path, { allow }]) => `<Directory \${ROOT}/documents/${path}>\nAllowOverride ${allow}\n</Directory>`)
  .join('\n')}
`,
    files: Object.fromEntries(
      Object.entries(accessFiles).flatMap(([path, { text }]) => [
        [`documents/${path}/page.txt`, 'page\n'],
        [`documents/${path}/.htaccess`, `${text}\n`],
      ]),
    ),
    requests: Object.entries(accessFiles).flatMap(([path, { statuses }]) =>
      Object.entries(statuses).map(([method, status]) => ({
        name: `${path}, ${method}`,
        method,
        target: `/${path}/page.txt`,
        status,
      })),
    ),
  },
];
