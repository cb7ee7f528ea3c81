/**
 * Rule sets as they are found on real sites, in both modes, with the same outcome as in Apache 2.4.71. Not compared are
 * the request over https and the two with a Host of their own, which fell to another virtual host there.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inDirectory, onServer, type Situation, variable, where } from './rewrite.test.fixture.js';

interface RealWorld {
  readonly name: string;
  readonly lines: string;
  readonly in?: 'directory';
  readonly base?: string;
  readonly requests: readonly (readonly [situation: Situation, expected: string])[];
}

const frontController = `RewriteCond %{REQUEST_FILENAME} !-f
  RewriteCond %{REQUEST_FILENAME} !-d`;

const sets: readonly RealWorld[] = [
  {
    name: 'every plain request to https',
    lines: `RewriteCond %{HTTPS} off
      RewriteRule ^(.*)$ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]`,
    requests: [
      [{ url: '/x/y.txt?a=b' }, '301 https://site.test/x/y.txt?a=b'],
      [{ url: '/x', scheme: 'https' }, 'declined'],
    ],
  },
  {
    name: 'one host name for the site',
    lines: `RewriteCond %{HTTP_HOST} !^www\\. [NC]
      RewriteCond %{HTTP_HOST} ^(.*?)(:\\d+)?$
      RewriteRule ^ http://www.%1%{REQUEST_URI} [L,R=301]`,
    requests: [
      [{ url: '/a%20b' }, '301 http://www.site.test/a%20b'],
      [{ url: '/', headers: { Host: 'WWW.site.test' } }, 'declined'],
    ],
  },
  {
    name: 'mod_wsgi-express: the application behind the static files',
    in: 'directory',
    lines: `${frontController}
      RewriteRule .* - [H=wsgi-handler]`,
    requests: [
      [{ url: '/app/' }, 'declined'],
      [{ url: '/app/x.txt' }, 'declined'],
      [{ url: '/app/no/such' }, 'declined, handler wsgi-handler'],
    ],
  },
  {
    name: 'WordPress',
    in: 'directory',
    base: '/app/',
    lines: `RewriteRule ^index\\.html$ - [L]
      ${frontController}
      RewriteRule . /app/index.html [L]`,
    requests: [
      [{ url: '/app/2020/post?p=1' }, 'again /app/index.html?p=1'],
      [{ url: '/app/x.txt' }, 'declined'],
      [{ url: '/app/index.html' }, 'declined'],
    ],
  },
  {
    name: 'Django behind a script in the same directory',
    in: 'directory',
    lines: `RewriteCond %{REQUEST_FILENAME} !-f
      RewriteRule ^(.*)$ /app/a.wsgi/$1 [QSA,L]`,
    requests: [
      [{ url: '/app/admin/login?next=1' }, 'again /app/a.wsgi/admin/login?next=1'],
      [{ url: '/app/x.txt' }, 'declined'],
    ],
  },
  {
    name: 'a relative script, with PT, which means nothing in a directory',
    in: 'directory',
    lines: `RewriteCond %{REQUEST_FILENAME} !-f
      RewriteRule ^(.*)$ a.wsgi/$1 [QSA,PT,L]`,
    requests: [[{ url: '/app/admin/login?next=1' }, 'again /app/a.wsgi/admin/login?next=1']],
  },
  {
    name: 'Trac at the root, its static files from disk',
    lines: `RewriteRule ^/$ /trac.cgi [PT]
      RewriteRule ^/(chrome/.*)$ /htdocs/$1`,
    requests: [
      [{ url: '/' }, 'passthrough /trac.cgi'],
      [{ url: '/chrome/a.css' }, 'file /srv/www/htdocs/chrome/a.css'],
    ],
  },
  {
    name: 'a trailing slash for pages',
    in: 'directory',
    lines: `RewriteCond %{REQUEST_FILENAME} !-f
      RewriteRule ^(.*[^/])$ /app/$1/ [R=301,L]`,
    requests: [
      [{ url: '/app/foo' }, '301 http://site.test/app/foo/'],
      [{ url: '/app/x.txt' }, 'declined'],
    ],
  },
  {
    name: 'pages without their extension',
    in: 'directory',
    lines: `RewriteCond %{REQUEST_FILENAME}.txt -f
      RewriteRule ^([^.]+)$ $1.txt [L]`,
    requests: [[{ url: '/app/x' }, 'again /app/x.txt']],
  },
  {
    name: 'no pictures for other sites',
    lines: `RewriteCond %{HTTP_REFERER} !^$
      RewriteCond %{HTTP_REFERER} !^http://good [NC]
      RewriteRule \\.(jpg|txt)$ - [F,NC]`,
    requests: [
      [{ url: '/app/x.txt', headers: { Referer: 'http://bad/' } }, '403'],
      [{ url: '/app/x.txt', headers: { Referer: 'HTTP://GOOD/' } }, 'declined'],
      [{ url: '/app/x.txt' }, 'declined'],
    ],
  },
  {
    name: 'a maintenance page while a file exists',
    lines: `RewriteCond %{DOCUMENT_ROOT}/app/x.txt -f
      RewriteCond %{REQUEST_URI} !=/app/index.html
      RewriteRule ^ - [R=503,L]`,
    requests: [
      [{ url: '/q' }, '503'],
      [{ url: '/app/index.html' }, 'declined'],
    ],
  },
  {
    name: 'an old query string to a new path',
    lines: `RewriteCond %{QUERY_STRING} (?:^|&)id=(\\d+)
      RewriteRule ^/old$ /new/%1? [R=301,L]`,
    requests: [
      [{ url: '/old?x=1&id=42' }, '301 http://site.test/new/42'],
      [{ url: '/old?id=x' }, 'declined'],
    ],
  },
  {
    name: 'methods that nobody needs',
    lines: `RewriteCond %{REQUEST_METHOD} ^(TRACE|TRACK|DELETE)
      RewriteRule .* - [F]`,
    requests: [
      [{ url: '/q', method: 'DELETE' }, '403'],
      [{ url: '/q' }, 'declined'],
    ],
  },
  {
    name: 'a directory for each host name',
    lines: `RewriteMap lc int:tolower
      RewriteCond \u0024{lc:%{HTTP_HOST}} ^([^.:]+)\\.test
      RewriteRule ^/(.*)$ /srv/%1/$1`,
    requests: [[{ url: '/q/r', headers: { Host: 'ABC.test' } }, 'file /srv/abc/q/r']],
  },
  {
    name: 'a moved folder, in a directory with RewriteBase',
    in: 'directory',
    base: '/app',
    lines: 'RewriteRule ^p/(.*)$ $1 [R]',
    requests: [[{ url: '/app/p/x.txt' }, '302 http://site.test/app/x.txt']],
  },
  {
    name: 'the same without RewriteBase shows the file path',
    in: 'directory',
    lines: 'RewriteRule ^p/(.*)$ $1 [R]',
    requests: [[{ url: '/app/p/x.txt' }, '302 http://site.test/srv/www/app/x.txt']],
  },
  {
    name: 'requests for hidden files',
    lines: `RewriteCond %{REQUEST_URI} "!(^|/)\\.well-known/([^./]+./?)+$" [NC]
      RewriteCond %{THE_REQUEST} "/\\." [NC]
      RewriteRule "(^|/)\\." - [F]`,
    requests: [
      [{ url: '/.git/config' }, '403'],
      [{ url: '/a.b' }, 'declined'],
    ],
  },
];

for (const { name, lines, in: place, base, requests } of sets) {
  for (const [situation, expected] of requests) {
    test(`${name}: ${situation.url}`, () => {
      const outcome = place === 'directory' ? inDirectory(lines, situation, base) : onServer(lines, situation);
      const handler = outcome.handler === undefined ? '' : `, handler ${outcome.handler}`;
      assert.equal(where(outcome) + handler, expected);
    });
  }
}

test('the load balancing recipe of 2007: a process group chosen at random for each request', () => {
  const lines = `RewriteMap servers rnd:/maps/m.txt
    RewriteRule . - [E=WSGI_DAEMON_PROCESS:\u0024{servers:dynamic|grahamd-1}]`;
  const groups = [0.2, 0.7].map((random) => variable(onServer(lines, { random }), 'WSGI_DAEMON_PROCESS'));
  assert.deepEqual(groups, ['grahamd-1', 'grahamd-2']);
});

test('the Authorization header for the application', () => {
  const lines = 'RewriteRule ^ - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]';
  const outcome = onServer(lines, { headers: { Authorization: 'Basic abc' } });
  assert.equal(variable(outcome, 'HTTP_AUTHORIZATION'), 'Basic abc');
});
