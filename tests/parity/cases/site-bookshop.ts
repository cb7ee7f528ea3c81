/**
 * tests/sites/bookshop: a Django project with everything around it that Django's own guide and its users add: HTTP to
 * HTTPS, files, expiry, compression, security headers, and a configuration in several files.
 */

import { certificateFiles } from '../../support/certificates.js';
import type { ParityRequest, Scenario } from '../scenario.js';

const www = 'www.bookshop.example';
const bare = 'bookshop.example';

function plain(target: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: `http ${target}`, target, host: www, status, ...more };
}

function ask(target: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  const { host = www } = more;
  return { name: target, target, host, tls: { serverName: host ?? www }, toExtraPort: true, status, ...more };
}

const gzip = ['Accept-Encoding', 'gzip'] as const;
const fileTime = 'Fri, 01 Mar 2024 12:00:00 GMT';

const toHttps: readonly ParityRequest[] = [
  plain('/', 301, { shows: 'https://www.bookshop.example/' }),
  plain('/books/harbour/?a=1&b=%20', 301),
  plain('/books/caf%C3%A9%2520/', 301),
  plain('/', 301, { name: 'http of the bare name', host: bare }),
  plain('/', 301, { name: 'http of an unknown name', host: 'unknown.example' }),
  plain('/form', 301, { name: 'http POST', method: 'POST', body: 'a=1' }),
  plain('/.well-known/acme-challenge/token', 200, { shows: 'token.thumbprint' }),
  plain('/.well-known/acme-challenge/none', 404),
  ask('/books/harbour/?x=1', 301, { name: 'https of the bare name', host: bare }),
];

const pages: readonly ParityRequest[] = [
  ask('/', 200, { shows: 'href="/static/css/shop.css"' }),
  ask('/', 200, { name: 'in German', headers: [['Accept-Language', 'de-AT,de;q=0.9']], shows: 'lang="de"' }),
  ask('/', 200, { name: 'HEAD of a page', method: 'HEAD' }),
  ask('/books/nihonbashi/', 200, { shows: fileTime }),
  ask('/books/nihonbashi', 301),
  ask('/books/harbour/', 304, { name: 'a page that has not changed', headers: [['If-Modified-Since', fileTime]] }),
  ask('/books/harbour/', 405, { name: 'POST to a page', method: 'POST', body: 'x' }),
  ask('/books/none/', 404),
  ask('/nowhere/', 404),
  ask('/search/?q=stra%C3%9Fe', 200, { shows: 'Die Stra' }),
  ask('/search/?q=%E6%97%A5+x%26y', 200),
  ask('/api/books.json', 200, { shows: '"price": 12' }),
  ask('/api/books.json', 200, { name: 'JSON for another site', headers: [['Origin', 'https://bookshop.example']] }),
  ask('/api/books.json', 200, { name: 'JSON for a stranger', headers: [['Origin', 'https://evil.example']] }),
  ask('/export.csv', 200, { shows: '599,strasse' }),
  ask('/files/a%2Fb', 404, { name: 'an encoded slash' }),
  ask('/files/caf%C3%A9%20%26/x', 200),
  ask('/files/itself', 200, { shows: 'attachment; filename="views.py"' }),
  ask('/broken/', 500, { name: 'a page that fails' }),
  ask('/', 200, { name: 'the name with the port', host: `${www}:\${PORT}`, tls: { serverName: www } }),
];

const forms: readonly ParityRequest[] = [
  ask('/contact/', 200),
  ask('/contact/', 302, {
    name: 'a form',
    method: 'POST',
    body: 'name=ann+b',
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    shows: 'contacted=yes; HttpOnly; Path=/; Secure',
  }),
  ask('/thanks/?name=%3Cann%3E', 200),
  ask('/upload', 405, { name: 'an upload by GET' }),
  ask('/upload', 200, { name: 'an upload', method: 'POST', body: 'x'.repeat(300_000) }),
  ask('/contact/', 413, { name: 'too much for a form', method: 'POST', body: 'x'.repeat(2_097_153) }),
  ask('/upload', 200, { name: 'not too much for an upload', method: 'POST', body: 'x'.repeat(2_097_153) }),
  ask('/basket/harbour', 201, { name: 'PUT', method: 'PUT', body: 'count=1' }),
  ask('/basket/harbour', 204, { name: 'DELETE', method: 'DELETE' }),
  ask('/whoami/', 200, { headers: [['Authorization', 'Basic YW5uOng=']], shows: 'ann https' }),
  ask('/whoami/', 200, { name: 'with a field Proxy', headers: [['Proxy', 'evil:1']], shows: 'no proxy' }),
  ask('/staff/', 403, { shows: 'Not for you' }),
  ask('/staff/', 200, { name: 'staff with a pass', headers: [['X-Office-Pass', 'let me in']], shows: 'staff only' }),
];

const files: readonly ParityRequest[] = [
  ask('/robots.txt', 200),
  ask('/favicon.ico', 200),
  ask('/static/css/shop.css', 200),
  ask('/static/css/shop.0123456789ab.css', 200, { shows: 'immutable' }),
  ask('/static/js/shop.js', 200),
  ask('/static/img/logo.png', 200),
  ask('/static/none.css', 404, { shows: 'Nothing here.' }),
  ask('/static', 301),
  ask('/static/', 403),
  ask('/staticfile', 404, { name: 'a longer name than that of the folder' }),
  ask('/static/%2e%2e/bookshop/settings.py', 404, { name: 'out of the folder' }),
  ask('/static/css/shop.css', 304, {
    name: 'a style sheet that has not changed',
    headers: [['If-Modified-Since', fileTime]],
  }),
  ask('/static/css/shop.css', 206, { name: 'a part of a style sheet', headers: [['Range', 'bytes=0-9']] }),
  ask('/static/css/shop.css', 200, { name: 'POST to a style sheet', method: 'POST', body: 'x' }),
  ask('/static/css/shop.css', 200, { name: 'a compressed style sheet', headers: [gzip] }),
  ask('/static/img/logo.png', 200, { name: 'a picture is not compressed', headers: [gzip] }),
  ask('/export.csv', 200, { name: 'a streamed file is not compressed', headers: [gzip] }),
  ask('/books/strasse/', 200, { name: 'a compressed page', headers: [gzip] }),
  ask('/api/books.json', 200, { name: 'compressed JSON', headers: [gzip] }),
  ask('/search/?q=harbour', 200, {
    name: 'an old browser takes pages only',
    headers: [gzip, ['User-Agent', 'Mozilla/4.08 [en] (Win98; I)']],
  }),
  ask('/media/covers/harbour.png', 200),
  ask('/media/covers/evil.html', 200, { shows: 'application/octet-stream' }),
  ask('/media/private/plan.txt', 403, { shows: 'Not for you' }),
  ask('/media', 404, { name: 'the folder of uploads without its slash' }),
];

export const bookshopSite: Scenario = {
  name: 'site: a bookshop in Django',
  config: `
Define HTTP_PORT \${PORT}
Define HTTPS_PORT \${PORT2}
Define SITE_USER \${RUN_USER}
Define SITE_GROUP \${RUN_GROUP}
Define BOOKSHOP "\${ROOT}/site"
Define VENV "\${PYTHON_HOME}"
Define CERTIFICATES "\${ROOT}/tls"
Include \${BOOKSHOP}/apache/bookshop.conf
`,
  site: 'bookshop',
  files: certificateFiles('server.pem', 'server.key'),
  extraPort: true,
  // The certificate of all tests is for other names: a browser would say the same.
  complaints: [
    "site/apache/conf.d/10-tls.conf:5 warning: the certificate 'tls/server.pem' does not name 'www.bookshop.example' (ServerName)",
    "site/apache/bookshop.conf:106 warning: the certificate 'tls/server.pem' does not name 'bookshop.example' (ServerName)",
  ],
  requests: [...toHttps, ...pages, ...forms, ...files],
};
