/**
 * Where we answer otherwise than Apache 2.4 with Debian's mod_wsgi 4.9, on purpose. Each difference names the cases that
 * show it, and how; a case whose difference is gone fails, so that this list never grows stale. What is simply wrong
 * stands in open-defects.ts. scripts/generate-differences.mjs makes docs/differences.md of both.
 */

import type { Difference } from './answer-comparison.js';
import { openDefects } from './open-defects.js';

/** The headings of docs/differences.md, in their order. */
export const topics = [
  'Requests',
  'What applications see',
  'Responses of applications',
  'Compression',
  'Files',
  'Error pages',
] as const;

export interface KnownDifference {
  readonly topic: (typeof topics)[number];
  /** Why we do it so: a sentence that docs/differences.md shows. */
  readonly reason: string;
  readonly cases: readonly DifferentCase[];
}

export interface DifferentCase {
  readonly scenario: string;
  readonly request: string;
  /**
   * What differs, as answer-comparison.ts names it, and the values on both sides. Where it is the status, all else of the
   * answer is another, too, and is not listed.
   */
  readonly fields: Readonly<Record<string, readonly [apache: string | undefined, stillhouse: string | undefined]>>;
}

const removedIn6 = {
  'environ GATEWAY_INTERFACE': ['CGI/1.1', undefined],
  'environ SERVER_SIGNATURE': ['', undefined],
} as const;

function served(scenario: string, requests: readonly string[], status: string): readonly DifferentCase[] {
  return requests.map((request) => ({ scenario, request, fields: { status: ['200', status] } }));
}

const authKeysUpTo =
  'DOCUMENT_ROOT HTTP_HOST PATH_INFO QUERY_STRING REMOTE_ADDR REMOTE_PORT REQUEST_METHOD REQUEST_URI SCRIPT_NAME ' +
  'SERVER_ADDR SERVER_ADMIN SERVER_NAME SERVER_PORT SERVER_PROTOCOL';

export const knownDifferences: readonly KnownDifference[] = [
  {
    topic: 'What applications see',
    reason: 'mod_wsgi 6 has these keys no more in the environ of its authentication scripts.',
    cases: [
      {
        scenario: 'scripts of mod_wsgi for users',
        request: '/x as keys',
        fields: {
          'environ REMOTE_USER': [
            `${authKeysUpTo} SERVER_SIGNATURE SERVER_SOFTWARE apache.version mod_ssl.is_https mod_ssl.var_lookup mod_wsgi.application_group mod_wsgi.process_group mod_wsgi.script_reloading mod_wsgi.version wsgi.errors`,
            `${authKeysUpTo} SERVER_SOFTWARE apache.version mod_ssl.is_https mod_ssl.var_lookup mod_wsgi.application_group mod_wsgi.process_group mod_wsgi.version wsgi.errors`,
          ],
        },
      },
    ],
  },
  {
    topic: 'What applications see',
    reason:
      "Names and passwords beyond ASCII reach check_password as mod_wsgi 6 has it; Debian's mod_wsgi 4.9 crashes.",
    cases: [
      {
        scenario: 'scripts of mod_wsgi for users',
        request: 'a password in latin-1',
        fields: { status: ['closed without an answer', '200'] },
      },
    ],
  },
  {
    topic: 'Responses of applications',
    reason: 'mod_wsgi 6 takes a status without a reason phrase, as PEP 3333 does not ask for one.',
    cases: [
      {
        scenario: 'responses of applications',
        request: 'status without reason',
        fields: { status: ['500', '200'] },
      },
    ],
  },
  {
    topic: 'What applications see',
    reason: 'mod_wsgi 6 has these CGI variables no more.',
    cases: [
      ...['of a GET', 'of a POST'].map((request) => ({
        scenario: 'the whole environ',
        request,
        fields: { ...removedIn6, 'environ PATH_TRANSLATED': ['${ROOT}/documents/info', undefined] as const },
      })),
      { scenario: 'the whole environ', request: 'of a GET by HTTP/1.0', fields: removedIn6 },
      {
        scenario: 'UseCanonicalName On',
        request: 'by another name',
        fields: { 'environ SERVER_SIGNATURE': ['', undefined] },
      },
    ],
  },
  {
    topic: 'What applications see',
    reason: 'Without a DocumentRoot nothing is served; Apache has a folder compiled in that nobody chose.',
    cases: [
      {
        scenario: 'the whole environ',
        request: 'in a virtual host without names',
        fields: {
          ...removedIn6,
          'environ DOCUMENT_ROOT': ['/var/www/html', '/'],
          'environ CONTEXT_DOCUMENT_ROOT': ['/var/www/html', '/'],
        },
      },
    ],
  },
  {
    topic: 'Responses of applications',
    reason:
      'A response that an exception cut short looks cut short. mod_wsgi ends it in daemon mode as if it were whole ' +
      '(its issue 42).',
    cases: [
      {
        scenario: 'what applications do wrong',
        request: 'starts after output',
        fields: { connection: ['kept', 'closed'], isComplete: ['true', 'false'] },
      },
    ],
  },
  {
    topic: 'Responses of applications',
    reason: 'A header name that HTTP can not carry is an error; Apache makes another header of it.',
    cases: [
      {
        scenario: 'what applications do wrong',
        request: 'header name with colon',
        fields: { status: ['200', '500'] },
      },
    ],
  },
  {
    topic: 'Responses of applications',
    reason: 'The media type goes out as the application wrote it: its case means nothing (RFC 9110 section 8.3.1).',
    cases: [
      {
        scenario: 'responses of applications',
        request: 'type with case',
        fields: { 'header content-type': ['text/html; Charset=UTF-8', 'Text/HTML; Charset=UTF-8'] },
      },
    ],
  },
  {
    topic: 'Responses of applications',
    reason: 'HEAD tells the length of a response whose body the application gave in one piece, as GET would.',
    cases: [
      ...['HEAD with WSGIMapHEADToGET On', 'HEAD with WSGIMapHEADToGET Off', 'HEAD'].map((request) => ({
        scenario: 'request bodies',
        request,
        fields: { 'header content-length': [undefined, '6'] as const },
      })),
      {
        scenario: 'site: a tracker with projects, and two wikis',
        request: 'HEAD of a page',
        fields: { 'header content-length': [undefined, '106'] },
      },
    ],
  },
  {
    topic: 'What applications see',
    reason:
      'Without WSGIMapHEADToGET an application sees GET in place of HEAD where something looks at the response (Auto), as ' +
      'mod_wsgi documents it; before 6.0 it did so only where the line said Auto.',
    cases: [
      {
        scenario: 'site: a bookshop in Django',
        request: 'HEAD of a page',
        fields: { 'header etag': [undefined, '"1d0e133c83adcdd21c2ecd38a7eaeada"'] },
      },
    ],
  },
  {
    topic: 'Requests',
    reason:
      "Methods are those that Node's parser knows (all that are registered); another one ends the connection with 501 " +
      'before there is a host that could have a rule for it.',
    cases: [
      {
        scenario: 'site: a tracker with projects, and two wikis',
        request: 'DEBUG',
        fields: { status: ['403', '501'] },
      },
    ],
  },
  {
    topic: 'Compression',
    reason:
      'A response of an application that is shorter than what tells that it is compressed is not: mod_deflate has that ' +
      'rule, too, but mod_wsgi never lets it see where a response ends.',
    cases: ['dated', 'hello', 'empty', 'too-long', 'missing', 'failing', 'created']
      .map((name) => `/all/${name}`)
      .concat('/head/repeated')
      .map((request) => ({
        scenario: 'DEFLATE',
        request,
        fields: {
          'header content-encoding': ['gzip', undefined] as const,
          ...(request === '/all/dated' ? { 'header etag': ['"app-1-gzip"', '"app-1"'] as const } : {}),
        },
      })),
  },
  {
    topic: 'Compression',
    reason: 'For HEAD nothing is compressed, so nobody knows how long it would be.',
    cases: [{ scenario: 'DEFLATE', request: 'HEAD', fields: { 'header content-length': ['78', undefined] } }],
  },
  {
    topic: 'Compression',
    reason: 'Who has the compressed file is told that it has not changed; Apache does not know its own tag again.',
    cases: [
      {
        scenario: 'DEFLATE',
        request: 'unchanged by the tag of the compressed one',
        fields: { status: ['200', '304'] },
      },
    ],
  },
  {
    topic: 'Compression',
    reason: 'A range is one of the file, whatever codings the client takes: the same bytes each time it goes on.',
    cases: [
      {
        scenario: 'DEFLATE',
        request: 'a range',
        fields: {
          'header etag': ['"6e0-612981d875000-gzip"', '"6e0-612981d875000"'],
          'header content-encoding': ['gzip', undefined],
          'header content-range': ['bytes 4-7/78', 'bytes 4-7/1760'],
          body: ['\0\0\0\0', 'work'],
        },
      },
    ],
  },
  {
    topic: 'What applications see',
    reason:
      'RequestHeader add beside a field of the client loses none of the two; of two in its table Apache shows the last.',
    cases: [
      {
        scenario: 'RequestHeader',
        request: '/added',
        fields: {
          'environ HTTP_X_CLIENT': ['added', 'one, two, added'],
          'environ HTTP_X_ORDER': ['added', 'one, added'],
        },
      },
    ],
  },
  {
    topic: 'What applications see',
    reason:
      'An application that another one sent the request to is told where it comes from (REDIRECT_URL, _STATUS, ' +
      '_QUERY_STRING, _REQUEST_METHOD) and the variables of the configuration, not the whole CGI environment of the other.',
    cases: [
      {
        scenario: 'applications that send elsewhere',
        request: 'another application after a POST',
        fields: { 'environ REDIRECT_REMOTE_ADDR': ['127.0.0.1', undefined] },
      },
    ],
  },
  {
    topic: 'Responses of applications',
    reason:
      'DefaultLanguage and AddLanguage say what files are written in; what language a response has its application says.',
    cases: [
      {
        scenario: 'languages and applications',
        request: 'an application',
        fields: { 'header content-language': ['de', undefined] },
      },
    ],
  },
  {
    topic: 'Files',
    reason: 'HEAD tells the length of a list of files, as GET does.',
    cases: [{ scenario: 'lists of folders', request: 'HEAD', fields: { 'header content-length': [undefined, '734'] } }],
  },
  {
    topic: 'Requests',
    reason: 'After a refused expectation the connection ends: the client may send its body or not.',
    cases: [
      {
        scenario: 'request bodies',
        request: 'an unknown expectation',
        fields: { connection: ['kept', 'closed'] },
      },
    ],
  },
  {
    topic: 'Files',
    reason:
      'A file whose type nobody knows is application/octet-stream: without a type browsers guess, and may take it for a page.',
    cases: [
      {
        scenario: 'site: a tracker with projects, and two wikis',
        request: '/downloads/data.csv',
        fields: { 'header content-type': [undefined, 'application/octet-stream'] },
      },
    ],
  },
  {
    topic: 'Files',
    reason: 'Names that begin with a dot are not served; a folder is seldom meant to show its .git or .env.',
    cases: ['/.hidden', '/.git/config'].map((request) => ({
      scenario: 'static files',
      request,
      fields: { status: ['200', '404'] as const },
    })),
  },
  {
    topic: 'Files',
    reason:
      'Of several ranges the whole file is sent, as RFC 9110 section 14.2 allows: nobody asks for them in earnest.',
    cases: [{ scenario: 'static files', request: 'two Ranges', fields: { status: ['206', '200'] } }],
  },
  {
    topic: 'Files',
    reason: '416 tells the length of the file (RFC 9110 section 15.5.17).',
    cases: [
      {
        scenario: 'static files',
        request: 'Range outside',
        fields: { 'header content-range': [undefined, 'bytes */26'] },
      },
    ],
  },
  {
    topic: 'Error pages',
    reason: '412 has a page like other errors; Apache sends the fields of the file and nothing else.',
    cases: ['If-Match another', 'If-Unmodified-Since an earlier time'].map((request) => ({
      scenario: 'static files',
      request,
      fields: {
        reason: ['Precondition Failed', undefined] as const,
        'header last-modified': ['Fri, 01 Mar 2024 12:00:00 GMT', undefined] as const,
        'header etag': ['"1a-612981d875000"', undefined] as const,
        'header content-type': ['text/plain', undefined] as const,
        body: ['', 'page of 412'] as const,
      },
    })),
  },
  {
    topic: 'Error pages',
    reason:
      '405 tells which methods there are, always (RFC 9110 section 15.5.6), and OPTIONS has no body to have a type.',
    cases: [
      {
        scenario: 'static files',
        request: 'OPTIONS',
        fields: { 'header content-type': ['text/plain', undefined] },
      },
      {
        scenario: 'static files',
        request: 'TRACE',
        fields: { 'header allow': ['', 'GET,HEAD,OPTIONS,POST'] },
      },
      {
        scenario: 'TRACE',
        request: 'Off',
        fields: { 'header allow': ['', 'GET,HEAD,OPTIONS,POST'] },
      },
      {
        scenario: 'site: an identity service on two ports',
        request: 'TRACE',
        fields: { 'header allow': ['', 'GET,HEAD,OPTIONS,POST'] },
      },
      {
        scenario: 'ErrorDocument',
        request: 'PUT',
        fields: { 'header allow': [undefined, 'GET,HEAD,OPTIONS,POST'] },
      },
    ],
  },
  {
    topic: 'Error pages',
    reason: 'The text of ErrorDocument is UTF-8, as the configuration file is.',
    cases: [
      ['ErrorDocument', '/none'],
      ['ErrorDocument', '/single-word/x'],
      ['site: a bookshop in Django', 'an encoded slash'],
      ['site: a bookshop in Django', '/static/none.css'],
    ].map(([scenario = '', request = '']) => ({
      scenario,
      request,
      fields: {
        'header content-type': ['text/html; charset=iso-8859-1', 'text/html; charset=utf-8'] as const,
      },
    })),
  },
  {
    topic: 'Requests',
    reason: 'The limit is what the directive says; Apache takes one byte more.',
    cases: [
      ...served('limits on requests', ['a byte too much in the request line'], '414'),
      ...served('limits on requests', ['a byte too much in a field'], '400'),
    ],
  },
  {
    topic: 'Requests',
    reason:
      'Only HTTP/1.0 and 1.1 are spoken: what calls itself otherwise is another protocol, or somebody who tries whether ' +
      'two servers read it in two ways.',
    cases: [
      ...served('malformed requests', ['an unknown version', 'version 1.2'], '400'),
      ...served('malformed requests', ['version 2.0'], '505'),
      {
        scenario: 'malformed requests',
        request: 'version 0.9 in words',
        fields: { status: ['400', '505'] },
      },
      {
        // Apache answers as HTTP/0.9 does: a body, and nothing before it.
        scenario: 'malformed requests',
        request: 'no version',
        fields: { status: ['closed without an answer', '505'] },
      },
    ],
  },
  {
    topic: 'Requests',
    reason:
      'A request whose framing or lines can be read in two ways is refused (RFC 9112 sections 5.2 and 6.1 allow it); ' +
      'Apache repairs it.',
    cases: served('malformed requests', ['a folded header', 'length and chunks'], '400'),
  },
  {
    topic: 'Requests',
    reason: 'Bytes beyond ASCII, which RFC 3986 has not, are refused in a request target.',
    cases: [
      {
        scenario: 'malformed requests',
        request: 'bytes beyond ASCII in the target',
        fields: { status: ['404', '400'] },
      },
    ],
  },
  {
    topic: 'Requests',
    reason: 'CONNECT is refused before it is a request with a virtual host: nothing can follow on its connection.',
    cases: [
      {
        scenario: 'malformed requests',
        request: 'CONNECT',
        fields: { connection: ['kept', 'closed'], 'header allow': ['GET,HEAD,OPTIONS,POST', undefined] },
      },
    ],
  },
];

/** What is known of a case, on purpose or not. */
function fieldsOf(scenario: string, request: string): ReadonlyMap<string, readonly (string | undefined)[]> {
  const cases = [...knownDifferences, ...openDefects].flatMap((one) => one.cases);
  const fields = cases.filter((one) => one.scenario === scenario && one.request === request).map((one) => one.fields);
  return new Map(fields.flatMap((one) => Object.entries(one)));
}

/** Of the differences found in a case those that nobody knew of, and the fields that are known to differ and don't. */
export function judgeDifferences(
  scenario: string,
  request: string,
  found: readonly Difference[],
): { readonly unknown: readonly Difference[]; readonly gone: readonly string[] } {
  const known = fieldsOf(scenario, request);
  const isKnown = ({ field, apache, stillhouse }: Difference): boolean => {
    const values = known.get(field);
    return values !== undefined && values[0] === apache && values[1] === stillhouse;
  };
  const status = found.find(({ field }) => field === 'status');
  const unknown = status !== undefined && isKnown(status) ? [] : found.filter((one) => !isKnown(one));
  const gone = [...known.keys()].filter((field) => !found.some((one) => one.field === field));
  return { unknown, gone };
}
