/** Limits on requests, and requests that are none. */

import type { ParityRequest, Scenario } from '../scenario.js';

function raw(name: string, text: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name, raw: text, status, ...more };
}

const host = 'Host: www.example.com\r\n';
const documents = { 'documents/index.html': '<p>home</p>\n' };

/** Every line is one header. */
function headers(count: number): readonly (readonly [string, string])[] {
  return Array.from({ length: count }, (_, index) => [`X-Header-${index}`, 'x'] as const);
}

export const limitScenarios: readonly Scenario[] = [
  {
    name: 'limits on requests',
    config: `
LimitRequestLine 200
LimitRequestFields 10
LimitRequestFieldSize 100
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
`,
    files: documents,
    requests: [
      { name: 'a long request line', target: `/?${'x'.repeat(150)}`, status: 200 },
      { name: 'the longest request line', target: `/?${'x'.repeat(200 - 'GET /? HTTP/1.1'.length)}`, status: 200 },
      {
        name: 'a byte too much in the request line',
        target: `/?${'x'.repeat(201 - 'GET /? HTTP/1.1'.length)}`,
        status: 200,
      },
      {
        name: 'two bytes too much in the request line',
        target: `/?${'x'.repeat(202 - 'GET /? HTTP/1.1'.length)}`,
        status: 414,
      },
      { name: 'far too long a request line', target: `/?${'x'.repeat(5000)}`, status: 414 },
      { name: 'many fields', headers: headers(9), status: 200 },
      { name: 'too many fields', headers: headers(10), status: 400 },
      { name: 'a long field', headers: [['X', 'x'.repeat(96)]], status: 200 },
      { name: 'the longest field', headers: [['X', 'x'.repeat(97)]], status: 200 },
      { name: 'a byte too much in a field', headers: [['X', 'x'.repeat(98)]], status: 200 },
      { name: 'two bytes too much in a field', headers: [['X', 'x'.repeat(99)]], status: 400 },
      { name: 'far too long a field', headers: [['X', 'x'.repeat(5000)]], status: 400 },
    ],
  },
  {
    name: 'limits that nobody set',
    config: `
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
`,
    files: documents,
    requests: [
      {
        name: 'a request line of 8,190 bytes',
        target: `/?${'x'.repeat(8190 - 'GET /? HTTP/1.1'.length)}`,
        status: 200,
      },
      {
        name: 'a request line of 8,192 bytes',
        target: `/?${'x'.repeat(8192 - 'GET /? HTTP/1.1'.length)}`,
        status: 414,
      },
      { name: '100 fields', headers: headers(99), status: 200 },
      { name: '101 fields', headers: headers(100), status: 400 },
      { name: 'a field of 8,000 bytes', headers: [['X', 'x'.repeat(8000)]], status: 200 },
      { name: 'a field of 8,300 bytes', headers: [['X', 'x'.repeat(8300)]], status: 400 },
    ],
  },
  {
    name: 'malformed requests',
    config: `
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
`,
    files: documents,
    requests: [
      raw('nonsense', 'nonsense\r\n\r\n', 400),
      raw('TLS to a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400),
      raw('no version', `GET /\r\n${host}\r\n`, 0),
      raw('an unknown version', `GET / HTTP/3.7\r\n${host}\r\n`, 200),
      raw('version 2.0', `GET / HTTP/2.0\r\n${host}\r\n`, 200),
      raw('version 1.2', `GET / HTTP/1.2\r\n${host}\r\n`, 200),
      raw('version 0.9 in words', `GET / HTTP/0.9\r\n${host}\r\n`, 400),
      raw('a protocol of another name', `GET / SMTP/1.0\r\n${host}\r\n`, 400),
      raw('a protocol in small letters', `GET / http/1.1\r\n${host}\r\n`, 400),
      raw('two blanks in the request line', `GET  / HTTP/1.1\r\n${host}\r\n`, 400),
      raw('a blank in the target', `GET /a b HTTP/1.1\r\n${host}\r\n`, 400),
      raw('a tab in the request line', `GET\t/ HTTP/1.1\r\n${host}\r\n`, 400),
      raw('a method in small letters', `get / HTTP/1.1\r\n${host}\r\n`, 501),
      raw('a method of other characters', `G(T / HTTP/1.1\r\n${host}\r\n`, 400),
      raw('an unknown method', `FROBNICATE / HTTP/1.1\r\n${host}\r\n`, 501),
      raw('a target without a slash', `GET index.html HTTP/1.1\r\n${host}\r\n`, 400),
      raw('a fragment in the target', `GET /#x HTTP/1.1\r\n${host}\r\n`, 400),
      raw('a control character in the target', `GET /\x01 HTTP/1.1\r\n${host}\r\n`, 400),
      raw('bytes beyond ASCII in the target', `GET /caf\xe9 HTTP/1.1\r\n${host}\r\n`, 404),
      raw('CONNECT', `CONNECT www.example.com:80 HTTP/1.1\r\n${host}\r\n`, 405),
      raw('an absolute target of another scheme', `GET ftp://www.example.com/ HTTP/1.1\r\n${host}\r\n`, 400),
      raw('GET *', `GET * HTTP/1.1\r\n${host}\r\n`, 400),
      raw('a header without a colon', `GET / HTTP/1.1\r\n${host}nonsense\r\n\r\n`, 400),
      raw('a header that begins with a blank', `GET / HTTP/1.1\r\n${host} X: 1\r\n\r\n`, 400),
      raw('a folded header', `GET / HTTP/1.1\r\n${host}X: 1\r\n 2\r\n\r\n`, 200),
      raw('a blank before the colon', `GET / HTTP/1.1\r\n${host}X : 1\r\n\r\n`, 400),
      raw('a header without a name', `GET / HTTP/1.1\r\n${host}: 1\r\n\r\n`, 400),
      raw('a control character in a header', `GET / HTTP/1.1\r\n${host}X: a\x01b\r\n\r\n`, 400),
      raw('a NUL in a header', `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 400),
      raw('a carriage return alone in a header', `GET / HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`, 400),
      raw('line feeds alone', 'GET / HTTP/1.1\nHost: www.example.com\n\n', 400),
      raw('empty lines before the request', `\r\n\r\nGET / HTTP/1.1\r\n${host}\r\n`, 200),
      raw('two lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400),
      raw('the same length twice', `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`, 400),
      raw('a length of words', `POST / HTTP/1.1\r\n${host}Content-Length: many\r\n\r\n`, 400),
      raw('a negative length', `POST / HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, 400),
      raw('a length with a sign', `POST / HTTP/1.1\r\n${host}Content-Length: +1\r\n\r\na`, 400),
      raw(
        'length and chunks',
        `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        200,
      ),
      raw('chunks by HTTP/1.0', `POST / HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 200),
      raw('a chunk of nonsense', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n`, 400),
      raw('GET with a length of nothing', `GET / HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`, 200),
    ],
  },
];
