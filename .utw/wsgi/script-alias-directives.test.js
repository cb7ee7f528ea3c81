import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveText } from './resolve-text.test.fixture.js';
import { scriptAliasDirectives } from './script-alias-directives.js';
import { definitionSettings } from './settings.js';
function aliasOf(line) {
    const { settings, messages } = resolveText(line, scriptAliasDirectives);
    assert.deepEqual(messages, []);
    const alias = settings.get(definitionSettings.scriptAliases, [])[0];
    assert.ok(alias);
    return alias;
}
describe('WSGIScriptAlias', () => {
    it('keeps path, target and options', () => {
        const alias = aliasOf('WSGIScriptAlias /app "/srv/my app.wsgi" process-group=site application-group=%{GLOBAL} callable-object="app" pass-authorization=on');
        assert.deepEqual({ ...alias, position: undefined }, {
            kind: 'prefix',
            urlPath: '/app',
            target: '/srv/my app.wsgi',
            processGroup: 'site',
            applicationGroup: '',
            callableObject: 'app',
            passAuthorization: true,
            preload: true,
            position: undefined,
        });
    });
    it('makes the target absolute and keeps its slash', () => {
        const alias = aliasOf('WSGIScriptAlias /scripts/ wsgi/');
        assert.equal(alias.target, '/etc/httpd/wsgi/');
        assert.equal(alias.processGroup, undefined);
        assert.equal(alias.passAuthorization, undefined);
    });
    it('loads at start only what depends on no request', () => {
        const options = [
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
        const { config } = resolveText('WSGIScriptAlias /a /a\nWSGIScriptAlias /b /b\n<VirtualHost *>\nWSGIScriptAlias /c /c\nWSGIScriptAlias /d /d\n</VirtualHost>', scriptAliasDirectives);
        const targets = config.servers[1]?.settings.get(definitionSettings.scriptAliases, []).map(({ target }) => target);
        assert.deepEqual(targets, ['/c', '/d', '/a', '/b']);
    });
    const wrong = [
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
        const { settings, messages } = resolveText('WSGIImportScript start.py process-group=site application-group=%{GLOBAL}', scriptAliasDirectives);
        assert.deepEqual(messages, []);
        const script = settings.get(definitionSettings.importScripts, [])[0];
        assert.deepEqual([script?.path, script?.processGroup, script?.applicationGroup], ['/etc/httpd/start.py', 'site', '']);
    });
    const wrong = [
        ['', /location of import script not supplied/],
        ['/a.py', /name of WSGI application group required/],
        ['/a.py application-group=x', /name of WSGI process group required/],
        ['/a.py process-group=x callable-object=y', /invalid option to WSGI import script definition/],
        ['/a.py process-group= application-group=x', /its value is missing/],
        ['/a.py application-group=x process-group=', /invalid name for WSGI process group/],
    ];
    for (const [text, message] of wrong) {
        it(`refuses '${text}'`, () => {
            assert.match(resolveText(`WSGIImportScript ${text}`, scriptAliasDirectives).messages.join(), message);
        });
    }
});
//# sourceMappingURL=script-alias-directives.test.js.map