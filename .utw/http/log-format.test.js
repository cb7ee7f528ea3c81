/** Expected values were taken from Apache 2.4.71's own access log for the same requests, except where a comment says so. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeLogMessage } from './log-escape.js';
import { compileLogFormat, LogFormatError, standardLogFormats } from './log-format.js';
import { compileStrftime } from './strftime.js';
process.env.TZ = 'UTC';
const record = {
    remoteAddress: '127.0.0.1',
    remotePort: 33364,
    localAddress: '127.0.0.2',
    localPort: 48011,
    method: 'GET',
    target: '/a.txt?q="1',
    protocol: 'HTTP/1.1',
    path: '/a.txt',
    rawHeaders: ['Host', 'x', 'User-Agent', 'ag"ent\\x\ttab', 'Cookie', 'y=1; x=val ; z=2', 'X-A', '1', 'x-a', '2'],
    status: 200,
    originalStatus: 302,
    bodyBytes: 2,
    receivedBytes: 115,
    sentBytes: 242,
    startedAtMs: 1795202277682.546,
    durationMs: 1234.567,
    user: undefined,
    serverName: 'foo.example',
    canonicalName: 'v1.example',
    canonicalPort: 99,
    requestId: undefined,
    keepaliveCount: 3,
    connectionStatus: '+',
    handler: undefined,
    filename: '/srv/a.txt',
    pid: 5518,
    tid: 255,
    responseHeader: (name) => (name.toLowerCase() === 'x-test' ? 'va"l' : undefined),
    environment: (name) => (name === 'SEEN' ? 'yes' : undefined),
};
const write = (format, changes = {}) => compileLogFormat(format)({ ...record, ...changes });
describe('access-log format', () => {
    for (const [format, expected] of [
        ['%a %{c}a %h %A', '127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.2'],
        ['%b %B', '2 2'],
        ['%{x}C %{X}C %{nope}C', 'val val -'],
        ['%D %T %{s}T %{ms}T %{us}T', '1234567 1 1 1234 1234567'],
        ['%{SEEN}e %{NOPE}e', 'yes -'],
        ['%f %H %k %l %L %m', '/srv/a.txt HTTP/1.1 3 - - GET'],
        ['%{user-agent}i', 'ag\\"ent\\\\x\\ttab'],
        ['%{X-A}i', '1, 2'],
        ['%{x-test}o %{nope}o %{foo}n', 'va\\"l - -'],
        ['%p %{canonical}p %{local}p %{remote}p', '99 99 48011 33364'],
        ['%P %{pid}P %{tid}P %{hextid}P', '5518 5518 255 ff'],
        ['%q', '?q=\\"1'],
        ['%r', 'GET /a.txt?q=\\"1 HTTP/1.1'],
        ['%R %s %<s %>s %u %U', '- 302 302 200 - /a.txt'],
        ['%t', '[20/Nov/2026:19:17:57 +0000]'],
        ['%{begin:}t %{end:}t', '[20/Nov/2026:19:17:57 +0000] [20/Nov/2026:19:17:58 +0000]'],
        ['%{%Y %z}t %{begin:%Y}t %{end:sec}t', '2026 +0000 2026 1795202278'],
        ['%{sec}t %{msec}t %{usec}t', '1795202277 1795202277682 1795202277682546'],
        ['%{msec_frac}t %{usec_frac}t', '682 682546'],
        ['%v %V %X', 'v1.example foo.example +'],
        ['%I %O %S %^FB', '115 242 357 -'],
        ['%200{SEEN}e %!200{SEEN}e %400,200{SEEN}e %!400,501{SEEN}e', 'yes - yes yes'],
        ['100%% \\t|\\n|\\q|', '100% \t|\n|\\q|'],
    ]) {
        it(`writes ${format}`, () => assert.equal(write(format), expected));
    }
    it('writes what Apache writes where there is nothing', () => {
        assert.equal(write('%b %B', { bodyBytes: 0 }), '- 0');
        assert.equal(write('%r|%m', { method: '', target: '' }), '-|-');
        assert.equal(write('%u', { user: '' }), '""');
        assert.equal(write('%q', { target: '/a' }), '');
        assert.equal(write('%r', { protocol: '' }), 'GET /a.txt?q=\\"1');
    });
    it('escapes every byte that is not printable ASCII', () => {
        assert.equal(write('%U', { path: '/\xc3\xbc\x0b\x1b\\\x7f\b\r\n\x00' }), '/\\xc3\\xbc\\v\\x1b\\\\\\x7f\\b\\r\\n\\x00');
        assert.equal(write('%f', { filename: '/\u20ac' }), '/\\xe2\\x82\\xac');
    });
    it('knows the usual nicknames', () => {
        assert.equal(write(standardLogFormats.combined ?? ''), '127.0.0.1 - - [20/Nov/2026:19:17:57 +0000] "GET /a.txt?q=\\"1 HTTP/1.1" 200 2 "-" "ag\\"ent\\\\x\\ttab"');
        assert.match(write(standardLogFormats.vhost_common ?? ''), /^v1\.example 127\.0\.0\.1 - - /);
    });
    it('writes the second anew when it has passed', () => {
        const line = compileLogFormat('%t');
        assert.equal(line(record), '[20/Nov/2026:19:17:57 +0000]');
        assert.equal(line({ ...record, startedAtMs: record.startedAtMs + 1000 }), '[20/Nov/2026:19:17:58 +0000]');
        assert.equal(line(record), '[20/Nov/2026:19:17:57 +0000]');
    });
    for (const [format, offset] of [
        ['ab %Z', 4],
        ['%^zz', 1],
        ['%', 0],
        ['%200', 0],
        ['x %{foo', 3],
        // Apache writes the argument instead of a value for these two.
        ['%{h}T', 0],
        ['%{foo}p', 0],
        ['%i', 0],
    ]) {
        it(`refuses ${format}`, () => {
            assert.throws(() => compileLogFormat(format), (error) => error instanceof LogFormatError && error.offset === offset);
        });
    }
});
describe('strftime', () => {
    it('formats what the C library formats', () => {
        const date = new Date(Date.UTC(2026, 10, 20, 19, 25, 30));
        const all = compileStrftime('%Z|%e|%j|%U|%c|%x|%X|%D|%F|%R|%r|%I|%p|%y|%C|%G|%g|%V|%u|%w|%n|%t|%%|%Q|%k|%l|%s|%h|%a|%A|%B');
        assert.equal(all(date), 'UTC|20|324|46|Fri Nov 20 19:25:30 2026|11/20/26|19:25:30|11/20/26|2026-11-20|19:25|07:25:30 PM|07|PM|26|20|2026|26|47|5|5|\n|\t|%|%Q|19| 7|1795202730|Nov|Fri|Friday|November');
    });
    it('follows ISO 8601 over the turn of the year', () => {
        assert.equal(compileStrftime('%G-W%V-%u')(new Date(Date.UTC(2027, 0, 1))), '2026-W53-5');
        assert.equal(compileStrftime('%G-W%V-%u')(new Date(Date.UTC(2024, 11, 30))), '2025-W01-1');
    });
});
describe('error-log escaping', () => {
    it('escapes controls and keeps readable text', () => {
        assert.equal(escapeLogMessage('a\nb\x1b[31m\\ "ü" \x85'), 'a\\nb\\x1b[31m\\\\ "ü" \\xc2\\x85');
    });
});
//# sourceMappingURL=log-format.test.js.map