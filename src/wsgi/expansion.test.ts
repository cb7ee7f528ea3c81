import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Settings, SettingsBuilder } from '../conf/settings.js';
import {
  type ExpansionFacts,
  effectiveApplicationGroup,
  effectiveCallable,
  effectiveProcessGroup,
  expandGroupToken,
  isProcessGroupAllowed,
  scriptApplicationGroup,
} from './expansion.js';
import { wsgiSettings } from './settings.js';

const position = { file: 'a', line: 1, column: 1 };

function facts(changes: Partial<ExpansionFacts> = {}): ExpansionFacts {
  return {
    serverName: 'www.example.com',
    port: 8080,
    host: 'alias.example.com',
    scriptName: '/scripts//foo',
    caseSensitive: true,
    findVariable: () => undefined,
    ...changes,
  };
}

function settings(fill: (scope: SettingsBuilder) => void): Settings {
  const scope = new SettingsBuilder();
  fill(scope);
  return scope.build();
}

describe('expandGroupToken', () => {
  it('expands the tokens of the request', () => {
    assert.equal(expandGroupToken('%{GLOBAL}', facts()), '');
    assert.equal(expandGroupToken('%{SERVER}', facts()), 'www.example.com:8080');
    assert.equal(expandGroupToken('%{HOST}', facts()), 'alias.example.com:8080');
    assert.equal(expandGroupToken('%{RESOURCE}', facts()), 'www.example.com:8080|/scripts/foo');
  });

  it('leaves both standard ports out', () => {
    for (const port of [80, 443]) {
      assert.equal(expandGroupToken('%{SERVER}', facts({ port })), 'www.example.com');
      assert.equal(expandGroupToken('%{RESOURCE}', facts({ port, scriptName: '' })), 'www.example.com|');
    }
  });

  it('falls back to ServerName without a Host header', () => {
    assert.equal(expandGroupToken('%{HOST}', facts({ host: undefined })), 'www.example.com:8080');
    assert.equal(expandGroupToken('%{HOST}', facts({ host: '' })), 'www.example.com:8080');
  });

  it('makes RESOURCE lower case where the file system has no case', () => {
    const name = expandGroupToken('%{RESOURCE}', facts({ scriptName: '/Foo', caseSensitive: false }));
    assert.equal(name, 'www.example.com:8080|/foo');
  });

  it('takes anything but a whole token as a name', () => {
    for (const name of ['site', 'app-%{SERVER}', '%{SERVER}x', '%{NOTHING}', '%', '%{ENV:x', '%{server}', '%{GROUP}']) {
      assert.equal(expandGroupToken(name, facts()), name);
    }
  });

  it('looks variables up, and expands what they hold once', () => {
    const variables = new Map([
      ['plain', 'site'],
      ['token', '%{SERVER}'],
      ['again', '%{ENV:plain}'],
      ['empty', ''],
    ]);
    const known = facts({ findVariable: (name) => variables.get(name) });
    assert.equal(expandGroupToken('%{ENV:plain}', known), 'site');
    assert.equal(expandGroupToken('%{ENV:token}', known), 'www.example.com:8080');
    assert.equal(expandGroupToken('%{ENV:again}', known), '%{ENV:plain}');
    assert.equal(expandGroupToken('%{ENV:empty}', known), '');
    assert.equal(expandGroupToken('%{ENV:missing}', known), '%{ENV:missing}');
  });
});

describe('the groups of a request', () => {
  const configured = settings((scope) => {
    scope.set(wsgiSettings.processGroup, 'site', position);
    scope.set(wsgiSettings.applicationGroup, '%{SERVER}', position);
    scope.set(wsgiSettings.callableObject, 'app', position);
  });

  it('have defaults', () => {
    assert.equal(effectiveProcessGroup(Settings.empty, undefined, facts()), '');
    assert.equal(effectiveApplicationGroup(Settings.empty, undefined, facts()), 'www.example.com:8080|/scripts/foo');
    assert.equal(effectiveCallable(Settings.empty, undefined, facts()), 'application');
  });

  it('come from the settings, and before them from the alias', () => {
    assert.equal(effectiveProcessGroup(configured, undefined, facts()), 'site');
    assert.equal(effectiveProcessGroup(configured, { processGroup: undefined }, facts()), 'site');
    assert.equal(effectiveProcessGroup(configured, { processGroup: '' }, facts()), '');
    assert.equal(effectiveProcessGroup(configured, { processGroup: '%{HOST}' }, facts()), 'alias.example.com:8080');
    assert.equal(effectiveApplicationGroup(configured, undefined, facts()), 'www.example.com:8080');
    assert.equal(effectiveApplicationGroup(configured, { applicationGroup: '' }, facts()), '');
    assert.equal(effectiveCallable(configured, { callableObject: undefined }, facts()), 'app');
    assert.equal(effectiveCallable(configured, { callableObject: '%{ENV:x}' }, facts()), '%{ENV:x}');
  });

  it('name application groups in bytes, as environ does', () => {
    assert.equal(effectiveApplicationGroup(Settings.empty, { applicationGroup: 'café' }, facts()), 'caf\xc3\xa9');
    const mounted = facts({ scriptName: '/caf\xc3\xa9' });
    assert.equal(effectiveApplicationGroup(Settings.empty, undefined, mounted), 'www.example.com:8080|/caf\xc3\xa9');
  });

  it('know two tokens for scripts of the server', () => {
    const known = { serverName: 'www.example.com', port: 80, host: 'alias.example.com' };
    for (const [value, name] of [
      ['', ''],
      ['%{SERVER}', 'www.example.com'],
      ['%{HOST}', 'alias.example.com'],
      ['%{RESOURCE}', '%{RESOURCE}'],
      ['%{ENV:x}', '%{ENV:x}'],
      ['auth', 'auth'],
    ] as const) {
      assert.equal(scriptApplicationGroup(value, known), name);
    }
  });

  it('take a callable from a variable, and from no other token', () => {
    const callable = (value: string) => settings((scope) => scope.set(wsgiSettings.callableObject, value, position));
    const known = facts({ findVariable: (name) => (name === 'x' ? 'main' : undefined) });
    assert.equal(effectiveCallable(callable('%{ENV:x}'), undefined, known), 'main');
    assert.equal(effectiveCallable(callable('%{ENV:y}'), undefined, known), 'application');
    assert.equal(effectiveCallable(callable('%{SERVER}'), undefined, known), 'application');
  });

  it('are bounded by WSGIRestrictProcess', () => {
    const bounded = settings((scope) => scope.set(wsgiSettings.restrictProcess, new Set(['a', '']), position));
    assert.deepEqual(
      ['a', '', 'b'].map((name) => isProcessGroupAllowed(bounded, name)),
      [true, true, false],
    );
    assert.equal(isProcessGroupAllowed(Settings.empty, 'b'), true);
  });
});
