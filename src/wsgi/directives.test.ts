import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findIpAddress, isInNetwork } from '../http/ip-network.js';
import { wsgiDirectives } from './directives.js';
import { resolveText } from './resolve-text.test.fixture.js';
import { pythonSettings, wsgiSettings } from './settings.js';

const read = (text: string) => resolveText(text, wsgiDirectives);

describe('the WSGI tables', () => {
  it('document every directive', () => {
    for (const { name, module, summary, syntax, contexts, override } of wsgiDirectives) {
      assert.equal(module, 'mod_wsgi', name);
      assert.match(summary, /^[A-Z].*\.$/s, name);
      assert.notEqual(syntax, '', name);
      assert.equal(contexts.includes('.htaccess'), override !== undefined, name);
    }
  });

  it('take flags of every scope and merge them as mod_wsgi does', () => {
    const { config, messages } = read(
      'WSGIPassAuthorization On\nWSGIErrorOverride on\n<VirtualHost *>\nWSGIPassAuthorization OFF\n</VirtualHost>\n' +
        '<Location /a>\nWSGIChunkedRequest On\nWSGIMapHEADToGET auto\nWSGIProcessGroup inner\n</Location>',
    );
    assert.deepEqual(messages, []);
    assert.equal(config.main.settings.find(wsgiSettings.passAuthorization), true);
    assert.equal(config.servers[1]?.settings.find(wsgiSettings.passAuthorization), false);
    assert.equal(config.servers[1]?.settings.find(wsgiSettings.errorOverride), true);
    const location = config.main.locations[0]?.settings;
    assert.equal(location?.find(wsgiSettings.chunkedRequest), true);
    assert.equal(location?.find(wsgiSettings.mapHeadToGet), 'Auto');
    assert.equal(location?.find(wsgiSettings.processGroup), 'inner');
  });

  it('let a later WSGIRestrictProcess replace, but trusted proxies add up', () => {
    const { settings, messages } = read(
      'WSGIRestrictProcess a\nWSGIRestrictProcess b %{GLOBAL}\nWSGITrustedProxies 10.0.0.0/8\nWSGITrustedProxies FD00::/8 192.0.2.1\n' +
        'WSGITrustedProxyHeaders X-Forwarded-For x-real-ip\nWSGITrustedProxyHeaders X-Forwarded-Proto',
    );
    assert.deepEqual(messages, []);
    assert.deepEqual([...(settings.find(wsgiSettings.restrictProcess) ?? [])], ['b', '']);
    const networks = settings.get(wsgiSettings.trustedProxies, []);
    const isTrusted = (text: string) => {
      const address = findIpAddress(text);
      return address !== undefined && networks.some((network) => isInNetwork(address, network));
    };
    assert.deepEqual(['10.1.2.3', 'fd00::1', '192.0.2.1', '192.0.2.2'].map(isTrusted), [true, true, true, false]);
    assert.deepEqual(settings.find(wsgiSettings.trustedProxyHeaders), [
      'HTTP_X_FORWARDED_FOR',
      'HTTP_X_REAL_IP',
      'HTTP_X_FORWARDED_PROTO',
    ]);
  });

  it('read what concerns Python', () => {
    const { settings, messages } = read(
      'WSGIPythonHome /venv\nWSGIPythonOptimize 2\nWSGIPythonWarnings error\nWSGIPythonWarnings ignore::DeprecationWarning\n' +
        'WSGIPythonHashSeed 4294967295\nWSGIDontWriteBytecode On\nWSGIRestrictSignal Off\nWSGIVerboseDebugging On',
    );
    assert.deepEqual(messages, []);
    assert.equal(settings.find(pythonSettings.pythonHome), '/venv');
    assert.equal(settings.find(pythonSettings.pythonOptimize), 2);
    assert.deepEqual(settings.find(pythonSettings.pythonWarnings), ['error', 'ignore::DeprecationWarning']);
    assert.equal(settings.find(pythonSettings.pythonHashSeed), 4_294_967_295);
    assert.equal(settings.find(pythonSettings.restrictSignal), false);
    assert.equal(read('WSGIPythonHashSeed random').settings.find(pythonSettings.pythonHashSeed), 'random');
  });

  const wrong: readonly [string, RegExp][] = [
    ['WSGIPassAuthorization Yes', /must be On or Off/],
    ['WSGIMapHEADToGET maybe', /must be one of Off, On, Auto/],
    ['WSGIProcessGroup ""', /must not be empty/],
    ['WSGITrustedProxies proxy.example.com', /unable to parse trusted proxy IP address\/subnet of 'proxy.example.com'/],
    ['WSGITrustedProxies 10.0.0.0/99', /unable to parse trusted proxy/],
    ['WSGIPythonOptimize 3', /from 0 to 2/],
    ['WSGIPythonHashSeed 4294967296', /must be "random" or an integer in range \[0; 4294967295\]/],
    ['WSGIPythonHashSeed Random', /must be "random"/],
    ['WSGISwitchInterval 0', /invalid WSGISwitchInterval/],
    ['WSGIPythonHome ""', /invalid WSGIPythonHome/],
    ['<VirtualHost *>\nWSGIPythonHome /a\n</VirtualHost>', /./],
    ['<Directory /a>\nWSGIRestrictStdout On\n</Directory>', /./],
  ];
  for (const [text, message] of wrong) {
    it(`refuse '${text}'`, () => {
      const { problems } = read(text);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.severity, 'error');
      assert.match(problems[0]?.message ?? '', message);
    });
  }

  it('report a header that no proxy sends', () => {
    assert.match(
      read('WSGITrustedProxyHeaders X-Forwarded-Fro').messages[0] ?? '',
      /^warning.*did you mean X-FORWARDED-FOR/,
    );
  });

  it('take the scripts of access and authentication in sections', () => {
    for (const line of [
      'WSGIAccessScript /a.py application-group=%{GLOBAL}',
      'WSGIAuthUserScript a.py',
      'WSGIAuthGroupScript /a.py',
      'WSGIGroupAuthoritative On',
    ]) {
      assert.deepEqual(read(`<Location /a>\n${line}\n</Location>`).messages, [], line);
      assert.match(read(line).messages.join(), /^error/, line);
    }
    assert.match(
      read('<Location /a>\nWSGIGroupAuthoritative Off\n</Location>').messages.join(),
      /^warning: WSGIGroupAuthoritative has no effect/,
    );
  });

  it('accept nothing in silence that this build does not do', () => {
    for (const line of [
      'WSGIPassApacheRequest On',
      'WSGITelemetryService unix:/a',
      'WSGISlowRequests 5',
      'WSGITelemetryOptions All',
    ]) {
      assert.match(read(line).messages.join(), /^warning: WSGI\w+: this build /, line);
    }
    assert.deepEqual(read('WSGIPassApacheRequest off').messages, []);
  });
});
