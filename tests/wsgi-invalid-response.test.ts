/** Responses that HTTP can't carry, or PEP 3333 does not allow: 500, and a log line that names the mistake. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const mistakes = `
def application(environ, start_response):
    return globals()[environ["PATH_INFO"].strip("/")](start_response)

def answer(start_response, status="200 OK", headers=(), body=(b"body",)):
    start_response(status, list(headers))
    return list(body)

def control_character(start): return answer(start, headers=[("X-A", "a\\x01b")])
def delete_character(start): return answer(start, headers=[("X-A", "a\\x7fb")])
def line_feed(start): return answer(start, headers=[("X-A", "a\\nX-B: b")])
def carriage_return(start): return answer(start, headers=[("X-A", "a\\rb")])
def beyond_latin1(start): return answer(start, headers=[("X-A", "\\u20ac")])
def value_bytes(start): return answer(start, headers=[("X-A", b"a")])
def name_with_space(start): return answer(start, headers=[("X A", "a")])
def name_with_colon(start): return answer(start, headers=[("X:A", "a")])
def name_with_parenthesis(start): return answer(start, headers=[("X(A", "a")])
def name_empty(start): return answer(start, headers=[("", "a")])
def headers_no_list(start): return start("200 OK", (("X-A", "a"),)) and []
def header_no_tuple(start): return answer(start, headers=[["X-A", "a"]])
def status_100(start): return answer(start, "100 Continue")
def status_101(start): return answer(start, "101 Switching Protocols")
def status_103(start): return answer(start, "103 Early Hints")
def status_000(start): return answer(start, "000 Nothing")
def status_short(start): return answer(start, "20 OK")
def status_long(start): return answer(start, "2000 OK")
def status_no_number(start): return answer(start, "OK")
def status_empty(start): return answer(start, "")
def status_bytes(start): return answer(start, b"200 OK")
def status_control(start): return answer(start, "200 O\\x00K")
def length_no_number(start): return answer(start, headers=[("Content-Length", "four")])
def length_negative(start): return answer(start, headers=[("Content-Length", "-1")])
def body_str(start): return answer(start, body=["text"])
def body_none(start): start("200 OK", []); return None
def never_started(start): return [b"body"]
def raises(start): raise KeyError("no such thing")
def raises_after_start(start): start("200 OK", []); raise KeyError("no such thing")
def exits(start): raise SystemExit(3)
`;

/** Function of the application, what the log says. */
const expected: readonly (readonly [string, RegExp])[] = [
  ['control_character', /invalid.*(?:header|X-A)/i],
  ['delete_character', /invalid.*(?:header|X-A)/i],
  ['line_feed', /ValueError: carriage return\/line feed character in header value/],
  ['carriage_return', /ValueError: carriage return\/line feed character in header value/],
  ['beyond_latin1', /UnicodeEncodeError/],
  ['value_bytes', /TypeError: header value must be str, not bytes/],
  ['name_with_space', /ValueError: space character in header name/],
  ['name_with_colon', /invalid.*(?:header|token|X:A)/i],
  ['name_with_parenthesis', /invalid.*(?:header|token|X\(A)/i],
  ['name_empty', /ValueError: header name is empty/],
  ['headers_no_list', /TypeError: start_response\(\) argument 'headers' must be list, not tuple/],
  ['header_no_tuple', /TypeError: each header must be a 2-tuple, not list/],
  ['status_100', /status 100 is not one of a final response/],
  ['status_101', /status 101 is not one of a final response/],
  ['status_103', /status 103 is not one of a final response/],
  ['status_000', /status 000 is not one of a final response/],
  ['status_short', /ValueError: status code must be a 3 digit integer/],
  ['status_long', /ValueError: status code must be a 3 digit integer/],
  ['status_no_number', /ValueError: status code must be a 3 digit integer/],
  ['status_empty', /ValueError: status code must be a 3 digit integer/],
  ['status_bytes', /TypeError: start_response\(\) argument 'status' must be str, not bytes/],
  ['status_control', /ValueError: control character in status reason phrase/],
  ['length_no_number', /ValueError: invalid Content-Length header value: 'four'/],
  ['length_negative', /ValueError: invalid Content-Length header value: '-1'/],
  ['body_str', /TypeError: response iterable must yield bytes, not str/],
  ['body_none', /TypeError: 'NoneType' object is not iterable/],
  ['never_started', /RuntimeError: start_response\(\) must be called before response content is produced/],
  ['raises', /KeyError: 'no such thing'/],
  ['raises_after_start', /KeyError: 'no such thing'/],
  ['exits', /SystemExit exception raised processing WSGI script '.*' for main interpreter.*; ignored\./],
];

test('invalid responses', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/mistakes.wsgi`,
    files: { 'mistakes.wsgi': mistakes },
    allowErrors: [/\[script .*mistakes\.wsgi\]/, /invalid response from the application: /],
  });
  const [pid] = server.daemonPids('app');
  for (const [name, pattern] of expected) {
    await context.test(name, async () => {
      const seen = server.errorLog().length;
      const { status, text, complete } = await server.request(`/${name}`);
      assert.equal(status, 500);
      assert.equal(complete, true);
      // The page says nothing of the reason.
      assert.match(text, /<title>500 Internal Server Error<\/title>/);
      assert.doesNotMatch(text, /Traceback|mistakes/);
      await server.waitForLog(
        new RegExp(`^[^]{${seen}}[^]*\\[client 127\\.0\\.0\\.1:\\d+\\][^\\n]*${pattern.source}`, pattern.flags),
      );
    });
  }
  await context.test('the process lives', () => assert.deepEqual(server.daemonPids('app'), [pid]));
});
