import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveText } from './resolve-text.test.fixture.js';
import { scriptAliasDirectives } from './script-alias-directives.js';
import { definitionSettings, type WsgiScriptAlias, wsgiSettings } from './settings.js';

function aliasOf(line: string): WsgiScriptAlias {
  const { settings, messages } = resolveText(line, scriptAliasDirectives);
  assert.deepEqual(messages, []);
  const alias = settings.get(definitionSettings.scriptAliases, [])[0];
  assert.ok(alias);
  return alias;
}

describe('WSGIScriptAlias', () => {
  it('keeps path, target and options', () => {
    const alias = aliasOf(
      'WSGIScriptAlias /app "/srv/my app.wsgi" process-group=site application-group=%{GLOBAL} callable-object="app" pass-authorization=on',
    );
    assert.deepEqual(
      { ...alias, position: undefined },
      {
        kind: 'prefix',
        urlPath: '/app',
        target: '/srv/my app.wsgi',
        processGroup: 'site',
        applicationGroup: '',
        callableObject: 'app',
        passAuthorization: true,
        preload: true,
        position: undefined,
      },
    );
  });

  it('makes the target absolute and keeps its slash', () => {
    const alias = aliasOf('WSGIScriptAlias /scripts/ wsgi/');
    assert.equal(alias.target, '/etc/httpd/wsgi/');
    assert.equal(alias.processGroup, undefined);
    assert.equal(alias.passAuthorization, undefined);
  });

  it('loads at start only what depends on no request', () => {
    const options: readonly [string, boolean][] = [
      ['process-group=a application-group=b', true],
      ['process-group=%{GLOBAL} application-group=%{GLOBAL}', true],
      ['process-group=a', false],
      ['application-group=a', false],
      ['process-group=a application-group=%{SERVER}', false],
      ['process-group=%{ENV:x} application-group=a', false],
    ];
    for (const [text, preload] of options) {
      assert.equal(aliasOf(`WSGIScriptAlias / /a.wsgi ${text}`).preload, preload, text);
    }
    assert.equal(aliasOf('WSGIScriptAliasMatch ^/(a) /$1.wsgi process-group=a application-group=b').preload, false);
    assert.equal(aliasOf('WSGIScriptAliasMatch ^/(a) /a.wsgi process-group=a application-group=b').preload, true);
  });

  it('compiles the pattern of WSGIScriptAliasMatch', () => {
    const alias = aliasOf('WSGIScriptAliasMatch "^/([^/]+)" /srv/$1.wsgi callable-object=x');
    assert.equal(alias.kind, 'regex');
    assert.equal(alias.kind === 'regex' && alias.regex.exec('/site/x')?.[1], 'site');
    assert.equal(alias.target, '/srv/$1.wsgi');
    assert.equal(aliasOf('WSGIScriptAliasMatch ^(/srv/.*) $1').target, '$1');
  });

  it('puts the aliases of a virtual host first', () => {
    const { config } = resolveText(
      'WSGIScriptAlias /a /a\nWSGIScriptAlias /b /b\n<VirtualHost *>\nWSGIScriptAlias /c /c\nWSGIScriptAlias /d /d\n</VirtualHost>',
      scriptAliasDirectives,
    );
    const targets = config.servers[1]?.settings.get(definitionSettings.scriptAliases, []).map(({ target }) => target);
    assert.deepEqual(targets, ['/c', '/d', '/a', '/b']);
  });

  const wrong: readonly [string, RegExp][] = [
    ['WSGIScriptAlias /a', /requires at least two arguments/],
    ['WSGIScriptAlias', /requires at least two arguments/],
    ['WSGIScriptAlias a /a', /must start with '\/'/],
    [
      'WSGIScriptAlias / /a procss-group=x',
      /invalid option to WSGI script alias definition.*did you mean 'process-group'/,
    ],
    ['WSGIScriptAlias / /a x', /invalid option to WSGI script alias definition/],
    ['WSGIScriptAlias / /a process-group=', /invalid name for WSGI process group/],
    ['WSGIScriptAlias / /a application-group=""', /invalid name for WSGI application group/],
    ['WSGIScriptAlias / /a callable-object=', /invalid name for WSGI callable object/],
    ['WSGIScriptAlias / /a pass-authorization=1', /invalid value for authorization flag/],
    ['WSGIScriptAliasMatch ( /a', /could not be compiled/],
    ['<Location />\nWSGIScriptAlias / /a\n</Location>', /WSGIScriptAlias/],
  ];
  for (const [text, message] of wrong) {
    it(`refuses '${text}'`, () => {
      const { problems } = resolveText(text, scriptAliasDirectives);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.severity, 'error');
      assert.match(`${problems[0]?.directive} ${problems[0]?.message}`, message);
    });
  }
});

describe('WSGIImportScript', () => {
  it('keeps script and groups', () => {
    const { settings, messages } = resolveText(
      'WSGIImportScript start.py process-group=site application-group=%{GLOBAL}',
      scriptAliasDirectives,
    );
    assert.deepEqual(messages, []);
    const script = settings.get(definitionSettings.importScripts, [])[0];
    assert.deepEqual(
      [script?.path, script?.processGroup, script?.applicationGroup],
      ['/etc/httpd/start.py', 'site', ''],
    );
  });

  const wrong: readonly [string, RegExp][] = [
    ['', /location of import script not supplied/],
    ['/a.py', /name of WSGI application group required/],
    ['/a.py application-group=x', /name of WSGI process group required/],
    ['/a.py process-group=x callable-object=y', /invalid option to WSGI import script definition/],
    ['/a.py process-group= application-group=x', /its value is missing/],
    ['/a.py application-group=x process-group=', /invalid name for WSGI process group/],
    ['/a.py application-group=x process-group=%{ENV:y}', /nothing is expanded here but %\{GLOBAL\}: '%\{ENV:y\}'/],
    ['/a.py application-group=%{SERVER} process-group=y', /nothing is expanded here but %\{GLOBAL\}: '%\{SERVER\}'/],
  ];
  for (const [text, message] of wrong) {
    it(`refuses '${text}'`, () => {
      assert.match(resolveText(`WSGIImportScript ${text}`, scriptAliasDirectives).messages.join(), message);
    });
  }
});

describe('scripts that are loaded at the start', () => {
  it('keep the order of their lines', () => {
    const { config, messages } = resolveText(
      'WSGIScriptAlias /a /a process-group=g application-group=%{GLOBAL}\nWSGIImportScript /b process-group=g application-group=%{GLOBAL}\n' +
        'WSGIScriptAlias /c /c process-group=g\nWSGIScriptAlias /d /d process-group=h application-group=%{GLOBAL}\n' +
        '<VirtualHost *>\nWSGIImportScript /e process-group=g application-group=%{GLOBAL}\n</VirtualHost>',
      scriptAliasDirectives,
    );
    assert.deepEqual(messages, []);
    const loaded = config.servers[1]?.settings.get(definitionSettings.preloadedScripts, []);
    assert.deepEqual(
      loaded?.map(({ path, processGroup }) => `${path} ${processGroup}`),
      ['/a g', '/b g', '/d h', '/e g'],
    );
  });
});

describe('WSGIHandlerScript', () => {
  it('keeps name, script and options; an inner scope overlays by name', () => {
    const { config, messages } = resolveText(
      'WSGIHandlerScript a a.py process-group=%{GLOBAL} application-group=%{ENV:x} pass-authorization=On\nWSGIHandlerScript b /b.py\n' +
        '<VirtualHost *>\nWSGIHandlerScript b "/other b.py"\n</VirtualHost>',
      scriptAliasDirectives,
    );
    assert.deepEqual(messages, []);
    const own = config.main.settings.find(wsgiSettings.handlerScripts)?.get('a');
    assert.deepEqual(
      { ...own, position: undefined },
      {
        name: 'a',
        path: '/etc/httpd/a.py',
        processGroup: '',
        applicationGroup: '%{ENV:x}',
        callableObject: 'handle_request',
        passAuthorization: true,
        position: undefined,
      },
    );
    const inner = config.servers[1]?.settings.find(wsgiSettings.handlerScripts);
    assert.deepEqual(
      [...(inner?.values() ?? [])].map(({ name, path }) => [name, path]),
      [
        ['a', '/etc/httpd/a.py'],
        ['b', '/other b.py'],
      ],
    );
  });

  const wrong: readonly [string, RegExp][] = [
    ['', /name for handler script not supplied/],
    ['name', /location of handler script not supplied/],
    ['name /a.py callable-object=x', /invalid option to WSGI handler script definition/],
    ['wsgi-script /a.py', /there is a handler 'wsgi-script' already/],
    ['name /a.py pass-authorization=maybe', /invalid value for authorization flag/],
  ];
  for (const [text, message] of wrong) {
    it(`refuses '${text}'`, () => {
      assert.match(resolveText(`WSGIHandlerScript ${text}`, scriptAliasDirectives).messages.join(), message);
    });
  }
});

describe('WSGIDispatchScript', () => {
  it('keeps the script; an inner scope takes its place', () => {
    const { config, messages } = resolveText(
      'WSGIDispatchScript a.py application-group=x\n<VirtualHost *>\nWSGIDispatchScript /b.py application-group=%{GLOBAL}\n</VirtualHost>',
      scriptAliasDirectives,
    );
    assert.deepEqual(messages, []);
    assert.deepEqual(
      config.servers.map(({ settings }) => {
        const script = settings.find(wsgiSettings.dispatchScript);
        return [script?.path, script?.applicationGroup];
      }),
      [
        ['/etc/httpd/a.py', 'x'],
        ['/b.py', ''],
      ],
    );
  });

  const wrong: readonly [string, RegExp][] = [
    ['', /location of dispatch script not supplied/],
    ['/a.py process-group=x', /invalid option to WSGI dispatch script definition/],
    ['/a.py application-group=', /invalid name for WSGI application group/],
  ];
  for (const [text, message] of wrong) {
    it(`refuses '${text}'`, () => {
      assert.match(resolveText(`WSGIDispatchScript ${text}`, scriptAliasDirectives).messages.join(), message);
    });
  }
});
