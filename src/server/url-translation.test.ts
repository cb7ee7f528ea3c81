import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wsgiDirectives } from '../wsgi/directives.js';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { aliasDirectives } from './alias-directives.js';
import { CompiledServer } from './compiled-server.js';
import { coreServerDirectives } from './core-server-directives.js';
import { escapePath, translateUrl } from './url-translation.js';

function translator(text: string): (uri: string) => unknown {
  const { config, problems } = resolveText(text, coreServerDirectives, aliasDirectives, wsgiDirectives);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  const server = new CompiledServer(config.main);
  return (uri) => {
    const found = translateUrl(server, uri);
    if (found.kind === 'file') return `${found.path} in ${found.root}`;
    if (found.kind === 'script') return `script ${found.target} + ${found.rest}`;
    return found.kind === 'redirect' ? `${found.status} ${found.url}` : 'none';
  };
}

describe('translateUrl', () => {
  it('goes through Redirect, Alias, WSGIScriptAlias and DocumentRoot in this order', () => {
    const translate = translator(
      'DocumentRoot /srv/docs\nWSGIScriptAlias /app /srv/app.wsgi\nAlias /app/static /srv/static\nRedirect /app/static/old http://new.example/x\nRedirectMatch 410 ^/gone$\nRedirectMatch ^/m/(.*) /n/$1',
    );
    assert.equal(translate('/app/static/old/a b'), '302 http://new.example/x/a%20b');
    assert.equal(translate('/app/static/a'), '/srv/static/a in /srv/static');
    assert.equal(translate('/app/x/y'), 'script /srv/app.wsgi + /x/y');
    assert.equal(translate('/app'), 'script /srv/app.wsgi + ');
    assert.equal(translate('/apple'), '/srv/docs/apple in /srv/docs');
    assert.equal(translate('/gone'), '410 undefined');
    assert.equal(translate('/m/a?b'), '302 /n/a?b');
  });

  it('gives nothing without a DocumentRoot', () => {
    assert.equal(translator('Alias /a /b')('/c'), 'none');
  });

  it('hands the whole path to a script at the root', () => {
    const translate = translator('WSGIScriptAlias / /srv/site.wsgi');
    assert.deepEqual(
      ['/', '/x', '//x', '/a/b'].map(translate),
      ['', '', '', ''].map((_, index) => `script /srv/site.wsgi + ${['/', '/x', '//x', '/a/b'][index]}`),
    );
  });

  it('takes the first alias that matches', () => {
    const translate = translator('Alias /a/b /one\nAlias /a /two\nAliasMatch ^/c/(.*)\\.html$ /html/$1');
    assert.deepEqual(['/a/b/x', '/a/x', '/c/y.html'].map(translate), [
      '/one/x in /one',
      '/two/x in /two',
      '/html/y in /html/y',
    ]);
  });

  it('closes what ScriptAlias names, where no alias before it takes the path', () => {
    const translate = translator(
      'DocumentRoot /srv\nAlias /cgi-bin/open /open\nScriptAlias /cgi-bin/ /srv/cgi-bin/\nScriptAliasMatch ^/run/(.*) /cgi/$1',
    );
    assert.deepEqual(['/cgi-bin/a.pl', '/cgi-bin/open/a', '/run/x', '/cgi-bin', '/other'].map(translate), [
      '404 undefined',
      '/open/a in /open',
      '404 undefined',
      '/srv/cgi-bin in /srv',
      '/srv/other in /srv',
    ]);
  });

  it('turns the bytes of a path into the name of a file', () => {
    const translate = translator('DocumentRoot /srv\nAlias /ü /u');
    assert.equal(translate('/caf\xc3\xa9'), '/srv/café in /srv');
    assert.equal(translate('/\xff'), '/srv/\ufffd in /srv');
  });

  it('adds groups to the target of WSGIScriptAliasMatch', () => {
    const translate = translator('WSGIScriptAliasMatch ^/sites/([^/]+) /srv/$1.wsgi');
    assert.equal(translate('/sites/one/two'), 'script /srv/one.wsgi + /two');
  });
});

describe('escapePath', () => {
  it('makes what decodes to the same path again', () => {
    assert.equal(escapePath('/100%/a%41?b#c'), '/100%25/a%2541%3fb%23c');
  });

  it('encodes what can not stand in a URL', () => {
    assert.equal(escapePath('/a b"<>\\^`{|}\xe9\n\x7f'), '/a%20b%22%3c%3e%5c%5e%60%7b%7c%7d%e9%0a%7f');
    assert.equal(escapePath("/Az09-_.+!*'(),:@&=~;$"), "/Az09-_.+!*'(),:@&=~;$");
  });
});
