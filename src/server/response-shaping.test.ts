import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, it } from 'node:test';
import type { Settings } from '../conf/settings.js';
import type { ResponseOrigin } from '../http/response-sink.js';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { expiresDirectives } from './expires-directives.js';
import { filterDirectives } from './filter-directives.js';
import { headersDirectives } from './headers-directives.js';
import { findOutputRules } from './output-rules.js';
import type { RequestContext } from './request-context.js';
import { type ShapedHead, shapeResponse } from './response-shaping.js';

interface Asked {
  readonly status?: number;
  readonly origin?: ResponseOrigin;
  readonly bodyBytes?: number;
  readonly request?: IncomingHttpHeaders;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isOfCompressed?: boolean;
}

function settingsOf(text: string): Settings {
  const { messages, settings } = resolveText(text, headersDirectives, expiresDirectives, filterDirectives);
  assert.deepEqual(messages, []);
  return settings;
}

function shape(text: string, headers: readonly string[], asked: Asked = {}): ShapedHead {
  const rules = findOutputRules(settingsOf(text));
  assert.ok(rules !== undefined);
  const context = {
    incoming: { headers: asked.request ?? { 'accept-encoding': 'gzip' }, rawHeaders: [] },
    environment: new Map(Object.entries(asked.environment ?? {})),
    startedAtMs: Date.parse('2026-01-01T00:00:00Z'),
    startedAtMonotonicMs: 0,
    connection: { secure: undefined },
    filename: undefined,
  };
  return shapeResponse(rules, context as unknown as RequestContext, {
    status: asked.status ?? 200,
    headers,
    bodyBytes: asked.bodyBytes,
    origin: asked.origin ?? 'application',
    isOfCompressed: asked.isOfCompressed ?? false,
  });
}

const html = ['Content-Type', 'text/html; charset=utf-8', 'ETag', '"a"', 'Content-Length', '1000'];
const packed = ['ETag', '"a-gzip"', 'Vary', 'Accept-Encoding', 'Content-Encoding', 'gzip'];

describe('shapeResponse: compression', () => {
  const deflate = 'AddOutputFilterByType DEFLATE text/html';
  const sorted = (headers: readonly string[]): string[] =>
    headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : [])).sort();

  it('changes what tells of the body', () => {
    const { deflate: rules, headers } = shape(deflate, html);
    assert.ok(rules !== undefined);
    assert.deepEqual(sorted(headers), sorted([...packed, 'Content-Type', 'text/html; charset=utf-8']));
  });

  const plain: readonly [what: string, headers: readonly string[], asked: Asked, varies: boolean][] = [
    ['another type', ['Content-Type', 'text/plain'], {}, false],
    ['no type', [], {}, false],
    ['another status', html, { status: 404 }, false],
    ['a page of the server', html, { origin: 'server' }, false],
    ['no-gzip', html, { environment: { 'no-gzip': '1' } }, false],
    ['an encoding', [...html, 'Content-Encoding', 'br'], {}, false],
    ['a client without gzip', html, { request: {} }, true],
    ['a short file', html, { origin: 'file', bodyBytes: 68 }, false],
    ['a short response', html, { bodyBytes: 68 }, true],
    ['a range', [...html, 'Content-Range', 'bytes 0-1/9'], { status: 206, origin: 'file', bodyBytes: 2 }, true],
    ['a file that has not changed', html, { status: 304, origin: 'file' }, false],
  ];
  for (const [what, headers, asked, varies] of plain) {
    it(`leaves ${what} alone`, () => {
      const shaped = shape(deflate, headers, asked);
      assert.equal(shaped.deflate, undefined);
      assert.equal(shaped.headers.includes('gzip'), false);
      assert.equal(shaped.headers.includes('Vary'), varies);
    });
  }

  it('knows the tag of the compressed file', () => {
    const shaped = shape(deflate, html, { status: 304, origin: 'file', isOfCompressed: true });
    assert.equal(shaped.deflate, undefined);
    assert.ok(shaped.headers.includes('"a-gzip"') && shaped.headers.includes('Vary'));
  });

  it('can be for everything, forced, and without a tag', () => {
    assert.ok(shape('SetOutputFilter DEFLATE', [], { status: 404 }).deflate !== undefined);
    const forced = shape('SetOutputFilter DEFLATE', [], { request: {}, environment: { 'force-gzip': '' } });
    assert.ok(forced.deflate !== undefined);
    assert.equal(shape(`${deflate}\nDeflateAlterETag Remove`, html).headers.includes('ETag'), false);
    assert.ok(shape(`${deflate}\nDeflateAlterETag NoChange`, html).headers.includes('"a"'));
  });
});

describe('shapeResponse: expiry', () => {
  const expires = 'ExpiresActive On\nExpiresByType text/html A60\nExpiresDefault M60';
  const added = ['Cache-Control', 'max-age=60', 'Expires', 'Thu, 01 Jan 2026 00:01:00 GMT'];

  it('is for responses and redirects without one', () => {
    const type = ['Content-Type', 'text/html'];
    assert.deepEqual(shape(expires, type).headers, [...added, ...type]);
    assert.deepEqual(shape(expires, type, { status: 302, origin: 'server' }).headers, [...added, ...type]);
    assert.deepEqual(shape(expires, type, { status: 404 }).headers, type);
    assert.deepEqual(shape(expires, ['Expires', '0', ...type]).headers, ['Expires', '0', ...type]);
    assert.deepEqual(shape(expires, ['Content-Type', 'a/b']).headers, ['Content-Type', 'a/b']);
    const file = ['Last-Modified', 'Wed, 31 Dec 2025 23:59:50 GMT', 'Content-Type', 'a/b'];
    assert.deepEqual(shape(expires, file, { origin: 'file' }).headers.slice(2, 4), ['Cache-Control', 'max-age=50']);
    assert.deepEqual(shape(expires, ['Cache-Control', 'private', ...type]).headers.slice(0, 2), [
      'Cache-Control',
      'private, max-age=60',
    ]);
  });
});

describe('shapeResponse: header lines', () => {
  it('come last, those with always for what the server answers as well', () => {
    const lines =
      'Header set A success\nHeader always set A always\nHeader unset Content-Encoding\nSetOutputFilter DEFLATE';
    assert.deepEqual(shape(lines, ['A', 'own', 'A', 'too']).headers, [
      'A',
      'always',
      'A',
      'success',
      'Vary',
      'Accept-Encoding',
    ]);
    assert.deepEqual(shape(lines, ['A', 'own'], { origin: 'server' }).headers, ['A', 'always', 'A', 'own']);
  });

  it('see one value of what an application says twice, and Vary names each once', () => {
    const { headers } = shape('Header edit* A , ;\nHeader merge Vary b\nHeader append Vary A', [
      'A',
      '1',
      'Set-Cookie',
      'x',
      'a',
      '2',
      'Set-Cookie',
      'y',
      'Vary',
      'a, B',
    ]);
    assert.deepEqual(headers, ['Set-Cookie', 'x', 'Set-Cookie', 'y', 'A', '1; 2', 'Vary', 'a, B']);
  });

  it('do not reach what is not theirs', () => {
    const { closes, headers } = shape(
      'Header set Connection close\nHeader set Keep-Alive x\nHeader set Content-Type "a/b"',
      html,
    );
    assert.equal(closes, true);
    assert.deepEqual(headers, ['ETag', '"a"', 'Content-Length', '1000', 'Content-Type', 'a/b']);
    assert.equal(shape('Header set Connection keep-alive', html).closes, false);
  });

  it('may ask about the response', () => {
    const lines = 'Header set A "expr=%{resp:ETag} %{CONTENT_TYPE}" "expr=%{REQUEST_STATUS} == 201"';
    assert.ok(shape(lines, html, { status: 201 }).headers.includes('"a" text/html; charset=utf-8'));
    assert.equal(shape(lines, html).headers.includes('A'), false);
  });
});
