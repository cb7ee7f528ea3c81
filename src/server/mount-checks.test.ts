import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from './config-source.js';
import { checkMounts } from './mount-checks.js';

function check(text: string): string[] {
  const { config } = loadConfig({ file: 'f', serverRoot: '/', text });
  return checkMounts(config).map(({ severity, position, message }) => `${position.line} ${severity}: ${message}`);
}

describe('checkMounts', () => {
  it('warns of a script alias behind one that takes its paths', () => {
    assert.deepEqual(check('WSGIScriptAlias / /a.wsgi\nWSGIScriptAlias /b /b.wsgi'), [
      "2 warning: WSGIScriptAlias /b is never reached: 'WSGIScriptAlias /' (f:1:1) takes its paths; write the longer URL-path first",
    ]);
    assert.equal(check('WSGIScriptAlias /a /a.wsgi\nWSGIScriptAlias /a/ /b.wsgi').length, 1);
    assert.equal(check('WSGIScriptAlias /a /a.wsgi\nWSGIScriptAlias /a /b.wsgi').length, 1);
  });

  it('is content with the right order, and with paths that only begin alike', () => {
    assert.deepEqual(check('WSGIScriptAlias /b /b.wsgi\nWSGIScriptAlias / /a.wsgi'), []);
    assert.deepEqual(check('WSGIScriptAlias /a /a.wsgi\nWSGIScriptAlias /ab /b.wsgi'), []);
    // The second has /a itself.
    assert.deepEqual(check('WSGIScriptAlias /a/ /a/\nWSGIScriptAlias /a /b.wsgi'), []);
  });

  it('knows that Alias and Redirect come first, wherever they stand', () => {
    assert.match(
      check('WSGIScriptAlias /s/app /a.wsgi\nAlias /s /static').join(),
      /^1 warning: .*'Alias \/s' \(f:2:1\) takes its paths; Alias comes first wherever it stands$/,
    );
    assert.match(
      check('WSGIScriptAlias / /a.wsgi\nRedirect / https://example.org/').join(),
      /^1 warning: .*'Redirect \/' .*; Redirect comes first/,
    );
    assert.deepEqual(check('WSGIScriptAlias / /a.wsgi\nAlias /s /static'), []);
  });

  it('says of expressions only what is sure', () => {
    assert.equal(check('AliasMatch ^/a /x\nWSGIScriptAlias /a/b /b.wsgi').length, 1);
    assert.equal(check('WSGIScriptAliasMatch ^/a(.*)$ /x\nWSGIScriptAlias /a/b /b.wsgi').length, 1);
    assert.deepEqual(check('WSGIScriptAliasMatch ^/a$ /x\nWSGIScriptAlias /a /b.wsgi'), []);
    assert.deepEqual(check('WSGIScriptAliasMatch ^/a(?!/c) /x\nWSGIScriptAlias /a /b.wsgi'), []);
    assert.equal(check('WSGIScriptAlias / /x\nWSGIScriptAliasMatch ^/a /b.wsgi').length, 1);
    assert.deepEqual(check('WSGIScriptAlias /a /x\nWSGIScriptAliasMatch /a /b.wsgi'), []);
  });

  it('lets a virtual host take what the main server has', () => {
    const host = (line: string) => `<VirtualHost *:80>\n${line}\n</VirtualHost>`;
    assert.deepEqual(check(`WSGIScriptAlias /a /a.wsgi\n${host('WSGIScriptAlias / /b.wsgi')}`), []);
    // Its Alias lines are searched before all script aliases.
    assert.match(check(`Alias /a /a\n${host('WSGIScriptAlias /a /b.wsgi')}`).join(), /^3 warning/);
  });
});
