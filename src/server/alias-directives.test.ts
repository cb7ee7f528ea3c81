import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { aliasDirectives, aliasSettings } from './alias-directives.js';
import { redirectSettings } from './redirect-directives.js';

const read = (text: string) => resolveText(text, aliasDirectives);

function redirectOf(line: string) {
  const { settings, messages } = read(line);
  assert.deepEqual(messages, []);
  const [entry] = settings.get(redirectSettings.serverRedirects, []);
  assert.ok(entry);
  return [entry.kind === 'prefix' ? entry.urlPath : entry.pattern, entry.status, entry.url];
}

describe('Alias', () => {
  it('keeps both kinds in order, with absolute targets', () => {
    const { settings, messages } = read('Alias /icons/ icons/\nAliasMatch ^/~(\\w+) /home/$1\nAliasMatch ^(/srv.*) $1');
    assert.deepEqual(messages, []);
    assert.deepEqual(
      settings.get(aliasSettings.aliases, []).map((alias) => [alias.kind, alias.target, alias.position.line]),
      [
        ['prefix', '/etc/httpd/icons/', 1],
        ['regex', '/home/$1', 2],
        ['regex', '$1', 3],
      ],
    );
  });

  it('of a virtual host comes before those of the main server', () => {
    const { config } = read('Alias /a /a\n<VirtualHost *>\nAlias /b /b\nAlias /c /c\n</VirtualHost>');
    assert.deepEqual(
      config.servers[1]?.settings.get(aliasSettings.aliases, []).map(({ target }) => target),
      ['/b', '/c', '/a'],
    );
  });

  it('that an earlier one hides is reported', () => {
    const { messages } = read('Alias /a /x\nAlias /a/b /y\nAlias /ab /z\nAliasMatch ^/m /m\nAlias /m/n /n');
    assert.deepEqual(
      messages.map((message) => message.slice(0, 45)),
      ['warning: Alias /a/b will probably never match', 'warning: Alias /m/n will probably never match'],
    );
  });
});

describe('Redirect', () => {
  it('understands every form of status', () => {
    assert.deepEqual(redirectOf('Redirect /a https://example.com/b'), ['/a', 302, 'https://example.com/b']);
    assert.deepEqual(redirectOf('Redirect Permanent /a /b'), ['/a', 301, '/b']);
    assert.deepEqual(redirectOf('Redirect temp /a /b'), ['/a', 302, '/b']);
    assert.deepEqual(redirectOf('Redirect seeother /a /b'), ['/a', 303, '/b']);
    assert.deepEqual(redirectOf('Redirect 307 /a /b'), ['/a', 307, '/b']);
    assert.deepEqual(redirectOf('Redirect gone /a'), ['/a', 410, undefined]);
    assert.deepEqual(redirectOf('Redirect 404 /a'), ['/a', 404, undefined]);
    assert.deepEqual(redirectOf('RedirectPermanent /a /b'), ['/a', 301, '/b']);
    assert.deepEqual(redirectOf('RedirectTemp /a /b'), ['/a', 302, '/b']);
    assert.deepEqual(redirectOf('RedirectMatch 303 (.*)\\.gif$ https://example.com$1.jpg'), [
      '(.*)\\.gif$',
      303,
      'https://example.com$1.jpg',
    ]);
    assert.deepEqual(redirectOf('RedirectMatch ^/$ /start'), ['^/$', 302, '/start']);
    assert.deepEqual(redirectOf('RedirectMatch gone \\.old$'), ['\\.old$', 410, undefined]);
  });

  it('in a section has a list of its own, and may go without a path', () => {
    const { config, messages } = read(
      '<Location /a>\nRedirect 301 /a/x /b\nRedirect permanent https://example.com/\n</Location>\n<Location /b>\nRedirect gone\n</Location>',
    );
    assert.deepEqual(messages, []);
    const [a, b] = config.main.locations.map(({ settings }) => settings);
    assert.equal(a?.get(redirectSettings.sectionRedirects, []).length, 1);
    assert.equal(a?.get(redirectSettings.serverRedirects, []).length, 0);
    const { status, url } = a?.find(redirectSettings.sectionRedirect) ?? {};
    assert.deepEqual([status, url], [301, 'https://example.com/']);
    assert.equal(b?.find(redirectSettings.sectionRedirect)?.status, 410);
  });

  const wrong: readonly [string, RegExp][] = [
    ['Alias icons /icons', /must start with '\/'/],
    ['Alias /icons ""', /must not be empty/],
    ['AliasMatch [a /a', /could not be compiled/],
    ['<Location /cgi-bin>\nScriptAlias /cgi\n</Location>', /ScriptAlias in <Location> is not supported/],
    ['ScriptAliasMatch (cgi /cgi', /could not be compiled/],
    ['Redirect often /a /b', /'often' is no status/],
    ['Redirect 99 /a /b', /'99' is no status/],
    ['Redirect 200 /a', /'200' is no status/],
    ['Redirect permanent /a', /URL to redirect to is missing/],
    ['Redirect /a', /URL to redirect to is missing/],
    ['Redirect gone', /needs a path/],
    ['Redirect gone /a /b', /not valid for status 410/],
    ['Redirect /a b', /cannot redirect to 'b'/],
    ['Redirect a /b', /must start with '\/'/],
    ['RedirectMatch ( /b', /could not be compiled/],
    ['RedirectRelative maybe', /must be On or Off/],
    ['<Location /a>\nRedirect 301 %{HTTP_HOST}\n</Location>', /expressions in Redirect/],
  ];
  for (const [text, message] of wrong) {
    it(`or Alias is refused: '${text}'`, () => {
      const { problems } = read(text);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.severity, 'error');
      assert.match(problems[0]?.message ?? '', message);
    });
  }
});
