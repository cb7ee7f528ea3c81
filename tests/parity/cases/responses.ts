/** What applications answer, right and wrong, and what comes of it on the wire. */

import type { ParityRequest, Scenario } from '../scenario.js';

const config = `
WSGIDaemonProcess site threads=5
WSGIProcessGroup site
WSGIScriptAlias /responses \${ROOT}/wsgi-scripts/responses.wsgi
WSGIScriptAlias /misuse \${ROOT}/wsgi-scripts/misuse.wsgi
WSGIScriptAlias /echo \${ROOT}/wsgi-scripts/echo.wsgi
WSGIScriptAlias /chunked \${ROOT}/wsgi-scripts/echo.wsgi
WSGIScriptAlias /environ \${ROOT}/wsgi-scripts/environ.wsgi
<Location /chunked>
    WSGIChunkedRequest On
</Location>
<Location /mapped>
    WSGIMapHEADToGET On
</Location>
<Location /unmapped>
    WSGIMapHEADToGET Off
</Location>
WSGIScriptAlias /mapped \${ROOT}/wsgi-scripts/method.wsgi
WSGIScriptAlias /unmapped \${ROOT}/wsgi-scripts/method.wsgi
WSGIScriptAlias /auto \${ROOT}/wsgi-scripts/method.wsgi
<Directory \${ROOT}>
    Require all granted
</Directory>
`;

function response(name: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: name.replaceAll('-', ' '), target: `/responses/${name}`, status, ...more };
}

function misuse(name: string, status = 500, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: name.replaceAll('-', ' '), target: `/misuse/${name}`, status, ...more };
}

/** A request whose body comes in chunks. */
function chunked(target: string, chunks: string): string {
  return `POST ${target} HTTP/1.1\r\nHost: www.example.com\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`;
}

export const responseScenarios: readonly Scenario[] = [
  {
    name: 'responses of applications',
    config,
    requests: [
      response('hello', 200, { shows: 'Hello World!' }),
      response('unmeasured', 200, { shows: 'Hello World!' }),
      response('no-content', 204),
      response('no-content-with-body', 204),
      response('not-modified', 304),
      response('not-modified-with-type', 304),
      response('cookies', 200),
      response('repeated', 200),
      response('challenges', 401),
      response('repeated-singles', 201),
      response('created', 201),
      response('moved', 302),
      response('teapot', 418),
      response('unknown-status', 799),
      response('missing', 404, { shows: "the application's own page" }),
      response('failing', 500, { shows: "the application's own failure" }),
      response('empty', 200),
      response('without-type', 200),
      response('type-with-case', 200),
      response('latin', 200),
      response('dated', 200),
      {
        ...response('dated', 200),
        name: 'conditions are left to the application',
        headers: [['If-None-Match', '"app-1"']],
      },
      response('empty-header', 200),
      response('writes', 200, { shows: 'written and returned' }),
      response('replaced', 202),
      response('replaced-with-error', 503),
      response('too-long', 200),
      response('file-wrapped', 200),
      response('file-wrapped-from-middle', 200),
      response('memory-wrapped', 200),
      response('generated', 200),
      response('status-without-reason', 500),
      response('logs', 200, { logged: 'a line for the error log' }),
      { ...response('logs', 200), name: 'print goes to the error log', logged: 'printed to stdout' },
      response('large', 200),
      response('sleeps', 200),
      { ...response('hello', 200), name: 'HEAD of a measured response', method: 'HEAD' },
      { ...response('unmeasured', 200), name: 'HEAD of an unmeasured response', method: 'HEAD' },
      { ...response('generated', 200), name: 'HEAD of a generated response', method: 'HEAD' },
      { ...response('empty', 200), name: 'HEAD of an empty response', method: 'HEAD' },
      { ...response('missing', 404), name: 'HEAD of a missing page', method: 'HEAD' },
      {
        name: 'HTTP/1.0',
        raw: 'GET /responses/unmeasured HTTP/1.0\r\nHost: www.example.com\r\n\r\n',
        status: 200,
      },
      {
        name: 'HTTP/1.0 with keep-alive',
        raw: 'GET /responses/hello HTTP/1.0\r\nHost: www.example.com\r\nConnection: keep-alive\r\n\r\n',
        status: 200,
      },
      {
        name: 'Connection: close',
        target: '/responses/hello',
        headers: [['Connection', 'close']],
        status: 200,
      },
      {
        name: 'two requests in one packet',
        raw:
          'GET /responses/hello HTTP/1.1\r\nHost: www.example.com\r\n\r\n' +
          'GET /responses/cookies HTTP/1.1\r\nHost: www.example.com\r\n\r\n',
        answers: 2,
        status: 200,
      },
    ],
  },
  {
    name: 'what the server makes of a response',
    config: `${config}
DocumentRoot \${ROOT}/documents
WSGIScriptAlias /overridden \${ROOT}/wsgi-scripts/responses.wsgi
<Location /overridden>
    WSGIErrorOverride On
    ErrorDocument 404 /missing.txt
</Location>
`,
    files: { 'documents/there.txt': 'there\n', 'documents/missing.txt': 'missing\n' },
    requests: [
      response('sends-elsewhere', 200, { shows: 'there' }),
      { name: 'WSGIErrorOverride', target: '/overridden/failing', status: 500, shows: 'page of 500' },
      { name: 'WSGIErrorOverride and ErrorDocument', target: '/overridden/missing', status: 404, shows: 'missing' },
      { name: 'WSGIErrorOverride of what is no error', target: '/overridden/moved', status: 302 },
    ],
  },
  {
    name: 'what applications do wrong',
    config,
    requests: [
      misuse('raises', 500, { logged: 'ValueError: the application failed' }),
      misuse('raises-after-start'),
      misuse('raises-in-generator', 500, { logged: 'ValueError: the generator failed' }),
      misuse('exits', 500, { logged: 'SystemExit' }),
      misuse('interrupted'),
      misuse('never-starts'),
      misuse('never-starts-and-empty'),
      misuse('returns-none'),
      misuse('returns-str'),
      misuse('returns-bare-bytes'),
      misuse('returns-bytearray'),
      misuse('status-is-bytes'),
      misuse('status-is-number'),
      misuse('status-of-words', 500, { logged: 'status code' }),
      misuse('status-of-two-digits'),
      misuse('status-without-space'),
      misuse('status-with-newline'),
      misuse('headers-are-tuple'),
      misuse('headers-are-dict'),
      misuse('header-is-list'),
      misuse('header-of-three'),
      misuse('header-name-is-bytes'),
      misuse('header-value-is-number'),
      misuse('header-value-with-newline', 500, { logged: 'ValueError' }),
      misuse('header-name-with-space'),
      misuse('header-name-with-colon', 200),
      misuse('header-name-empty'),
      misuse('header-beyond-latin'),
      misuse('length-of-words'),
      misuse('length-negative'),
      misuse('exc-info-is-no-tuple'),
      misuse('writes-str'),
      misuse('starts-after-output', 200),
      misuse('close-raises', 200, { logged: 'ValueError: close failed' }),
      misuse('no-such-mistake', 500, { logged: 'KeyError' }),
    ],
  },
  {
    name: 'request bodies',
    config: `${config}
WSGIScriptAlias /limited \${ROOT}/wsgi-scripts/echo.wsgi
<Location /limited>
    LimitRequestBody 10
    WSGIChunkedRequest On
</Location>
`,
    requests: [
      { name: 'GET without one', target: '/echo', status: 200, shows: 'GET None None ' },
      {
        name: 'POST of a form',
        method: 'POST',
        target: '/echo',
        headers: [['Content-Type', 'application/x-www-form-urlencoded']],
        body: 'a=1&b=%20',
        status: 200,
        shows: 'POST application/x-www-form-urlencoded 9 a=1&b=%20',
      },
      { name: 'POST of nothing', method: 'POST', target: '/echo', body: '', status: 200, shows: 'POST None 0 ' },
      { name: 'POST without a length', method: 'POST', target: '/echo', status: 200, shows: 'POST None None ' },
      { name: 'PUT', method: 'PUT', target: '/echo', body: '\x00\x01\xff', status: 200 },
      { name: 'DELETE with a body', method: 'DELETE', target: '/echo', body: 'x', status: 200 },
      { name: 'PATCH', method: 'PATCH', target: '/echo', body: 'x', status: 200 },
      { name: 'GET with a body', target: '/echo', body: 'body of a GET', status: 200, shows: 'body of a GET' },
      { name: 'a body of 200,000 bytes', method: 'POST', target: '/echo', body: 'x'.repeat(200_000), status: 200 },
      { name: 'PROPFIND', method: 'PROPFIND', target: '/echo', status: 200, shows: 'PROPFIND' },
      { name: 'chunked, and WSGIChunkedRequest is off', raw: chunked('/echo', '5\r\nhello\r\n0\r\n\r\n'), status: 411 },
      {
        name: 'chunked',
        raw: chunked('/chunked', '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'),
        status: 200,
        shows: 'POST None None hello world',
      },
      {
        name: 'chunked with extensions and trailers',
        raw: chunked('/chunked', '5;x=1\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n'),
        status: 200,
        shows: 'hello',
      },
      {
        name: 'chunked and something else',
        raw: chunked('/chunked', '').replace('chunked\r\n\r\n', 'gzip, chunked\r\n\r\n'),
        status: 501,
      },
      {
        name: 'an unknown transfer coding',
        raw: chunked('/chunked', '').replace('chunked\r\n\r\n', 'squeezed\r\n\r\n'),
        status: 400,
      },
      { name: 'as long as LimitRequestBody', method: 'POST', target: '/limited', body: '0123456789', status: 200 },
      { name: 'longer than LimitRequestBody', method: 'POST', target: '/limited', body: '0123456789a', status: 413 },
      {
        name: 'chunked and longer than LimitRequestBody',
        raw: chunked('/limited', '20\r\n01234567890123456789012345678901\r\n0\r\n\r\n'),
        status: 413,
      },
      {
        name: 'Expect: 100-continue',
        method: 'POST',
        target: '/echo',
        headers: [['Expect', '100-continue']],
        body: 'expected',
        status: 200,
        shows: 'expected',
      },
      {
        name: 'Expect: 100-continue for too much',
        raw: 'POST /limited HTTP/1.1\r\nHost: www.example.com\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n',
        status: 413,
      },
      { name: 'an unknown expectation', target: '/echo', headers: [['Expect', 'miracles']], status: 417 },
      { name: 'HEAD with WSGIMapHEADToGET On', method: 'HEAD', target: '/mapped', status: 200 },
      { name: 'HEAD with WSGIMapHEADToGET Off', method: 'HEAD', target: '/unmapped', status: 200 },
      { name: 'HEAD', method: 'HEAD', target: '/auto', status: 200 },
      { name: 'GET with WSGIMapHEADToGET Off', target: '/unmapped', status: 200 },
    ],
  },
];
