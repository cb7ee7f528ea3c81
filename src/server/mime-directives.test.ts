/** The types are those that Apache 2.4.71 sends under the same lines. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectiveError } from '../conf/directive.js';
import { Settings } from '../conf/settings.js';
import { mediaTypeOf, parseMimeTypes } from '../http/media-type.js';
import { dirDirectives, dirSettings } from './dir-directives.js';
import { settingsOf } from './directive-line.test.fixture.js';
import { mediaTypeRulesOf, mimeDirectives, mimeSettings } from './mime-directives.js';

const types = parseMimeTypes(
  '# types\ntext/html html htm\ntext/plain\ttxt\napplication/gzip gz\napplication/pdf pdf\nnothing/here\n',
);
const server = 'AddEncoding x-gzip .gz\nAddCharset UTF-8 .utf8';

function typeOf(name: string, ...scopes: string[]): string {
  let settings = Settings.empty;
  for (const text of [server, ...scopes]) settings = settings.overlaid(settingsOf(text, mimeDirectives));
  const { contentType = '-', contentEncoding } = mediaTypeOf(name, mediaTypeRulesOf(settings, types));
  return contentEncoding === undefined ? contentType : `${contentType} ${contentEncoding}`;
}

describe('media types', () => {
  for (const [name, expected, ...scopes] of [
    ['a.txt', 'text/plain'],
    ['M.TXT', 'text/plain'],
    ['txt', '-'],
    ['.txt', '-'],
    ['o..txt', 'text/plain'],
    ['k.txt.html', 'text/html'],
    ['b.html.xyzzy', 'text/html'],
    ['d.tar.gz', 'application/gzip x-gzip'],
    ['g.utf8.html', 'text/html; charset=utf-8'],
    ['n.pdf.gz.utf8', 'application/gzip; charset=utf-8 x-gzip'],
    ['h.foo', 'application/x-foo', 'AddType application/x-foo foo .html'],
    ['b.html', 'application/x-foo', 'AddType application/x-foo foo .html'],
    ['f.html.gz', 'image/x-force x-gzip', 'ForceType image/x-force'],
    ['g.utf8.html', 'image/x-force', 'ForceType image/x-force'],
    ['g.txt', 'text/plain', 'ForceType image/x-force', 'ForceType None'],
    ['a.txt', 'text/plain; charset=utf-8', 'AddDefaultCharset utf-8'],
    ['a.txt', 'text/plain; charset=iso-8859-1', 'AddDefaultCharset On'],
    ['a.txt', 'text/plain', 'AddDefaultCharset utf-8', 'AddDefaultCharset Off'],
    ['a.pdf', 'application/pdf', 'AddDefaultCharset utf-8'],
    ['h.foo', 'text/html; charset=koi8-r', 'AddDefaultCharset utf-8\nAddType text/html;charset=koi8-r foo'],
    ['g.utf8.foo', 'text/html; charset=utf-8', 'AddType "text/html; charset=koi8-r" foo'],
    ['g.utf8.foo', 'text/html; a=1; charset=utf-8; b=2', 'AddType "text/html; a=1; charset=koi8-r; b=2" foo'],
    ['d.txt.gz.utf8', 'application/gzip', 'RemoveCharset utf8\nRemoveEncoding .gz'],
    // Apache sends no type at all for these three.
    ['a.txt', 'application/octet-stream', 'RemoveType .txt'],
    ['a.foo', 'application/octet-stream', 'AddType text/html foo', 'RemoveType foo'],
    ['a.foo', 'application/octet-stream', 'RemoveType foo\nAddType text/html foo'],
    ['j.html.foo', 'text/html', 'AddType text/x foo', 'RemoveType foo'],
  ] as const) {
    it(`${name} is ${expected} under '${scopes.join(' > ')}'`, () => assert.equal(typeOf(name, ...scopes), expected));
  }

  for (const [name, expected, ...scopes] of [
    ['a.fr.html', 'fr', 'AddLanguage FR .fr'],
    ['a.html.FR', 'fr', 'AddLanguage fr fr'],
    ['a.fr.en.fr', 'fr,en,fr', 'AddLanguage fr .fr\nAddLanguage en .en'],
    ['fr', undefined, 'AddLanguage fr .fr'],
    ['a.html', 'De', 'DefaultLanguage De\nAddLanguage fr .fr'],
    ['a.fr', 'fr', 'DefaultLanguage De\nAddLanguage fr .fr'],
    ['a.fr', undefined, 'AddLanguage fr .fr', 'RemoveLanguage fr'],
    ['a.fr', 'fr-ca', 'AddLanguage fr .fr', 'RemoveLanguage fr', 'AddLanguage fr-CA .fr'],
    ['a.fr', undefined, 'RemoveLanguage fr\nAddLanguage fr .fr'],
  ] as const) {
    it(`${name} is in ${expected} under '${scopes.join(' > ')}'`, () => {
      let settings = Settings.empty;
      for (const text of scopes) settings = settings.overlaid(settingsOf(text, mimeDirectives));
      assert.equal(mediaTypeOf(name, mediaTypeRulesOf(settings, types)).contentLanguage, expected);
    });
  }

  it('reads the path of TypesConfig and refuses what can not be sent', () => {
    assert.equal(settingsOf('TypesConfig conf/mime', mimeDirectives).find(mimeSettings.typesConfig), '/root/conf/mime');
    assert.throws(() => settingsOf('AddType "text/x\tü" a', mimeDirectives), DirectiveError);
    assert.throws(() => settingsOf('AddType text/x .', mimeDirectives), DirectiveError);
    const reports: string[] = [];
    settingsOf('AddType bad x', mimeDirectives, [], reports);
    assert.equal(reports.length, 1);
  });
});

describe('DirectoryIndex', () => {
  const indexOf = (text: string): readonly string[] | undefined =>
    settingsOf(text, dirDirectives).find(dirSettings.directoryIndex);

  it('adds up in a section, is replaced by an inner one, can be disabled', () => {
    assert.deepEqual(indexOf('DirectoryIndex a\nDirectoryIndex b c'), ['a', 'b', 'c']);
    assert.deepEqual(indexOf('DirectoryIndex a\nDirectoryIndex disabled'), []);
    assert.deepEqual(indexOf('DirectoryIndex disabled\nDirectoryIndex b'), ['b']);
    const outer = settingsOf('DirectoryIndex a', dirDirectives);
    const inner = outer.overlaid(settingsOf('DirectoryIndex b', dirDirectives));
    assert.deepEqual(inner.find(dirSettings.directoryIndex), ['b']);
  });
});
