import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Setting, Settings } from '../conf/settings.js';
import type { PatternRule, SetEnvIfRule } from '../http/set-env-if.js';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { envDirectivesOf, environmentSettings, setEnvIfDirectives } from './env-directives.js';

const read = (text: string) => resolveText(text, envDirectivesOf({ HOME: '/root', EMPTY: '' }), setEnvIfDirectives);

describe('SetEnv, PassEnv and UnsetEnv', () => {
  it('set and take back, over scopes', () => {
    const { config, messages } = read(
      'SetEnv A 1\nSetEnv B "two words"\nSetEnv C\nPassEnv HOME EMPTY\nUnsetEnv A\n' +
        '<Location /x>\nUnsetEnv B HOME\nSetEnv B again\nSetEnv A 3\n</Location>',
    );
    assert.deepEqual(messages, []);
    const outer = config.main.settings;
    assert.deepEqual(Object.fromEntries(outer.find(environmentSettings.environment)?.set ?? []), {
      B: 'two words',
      C: '',
      HOME: '/root',
      EMPTY: '',
    });
    const inner = outer.overlaid(config.main.locations[0]?.settings ?? outer);
    assert.deepEqual(Object.fromEntries(inner.find(environmentSettings.environment)?.set ?? []), {
      B: 'again',
      C: '',
      EMPTY: '',
      A: '3',
    });
  });

  it('report and refuse', () => {
    assert.match(read('PassEnv NOTHING').messages.join(), /^warning: PassEnv variable NOTHING was undefined$/);
    assert.match(read('SetEnv A=1').messages.join(), /^error: 'A=1' is no name of a variable; write SetEnv A 1$/);
    assert.match(read('SetEnv ""').messages.join(), /^error: '' is no name/);
  });
});

describe('SetEnvIf', () => {
  it('makes rules of servers and of sections', () => {
    const { config, messages } = read(
      'SetEnvIf Request_URI "\\.(gif|png)$" image=$1 !text\nBrowserMatchNoCase lynx plain\n' +
        '<Location /a>\nSetEnvIfNoCase ^x- . seen=\n</Location>',
    );
    assert.deepEqual(messages, []);
    const rulesOf = (settings: Settings, setting: Setting<readonly SetEnvIfRule[]>) =>
      settings.get(setting, []).filter((rule): rule is PatternRule => rule.kind === undefined);
    const [uri, browser] = rulesOf(config.main.settings, environmentSettings.serverRules);
    assert.deepEqual(uri?.subject, { kind: 'attribute', attribute: 'Request_URI' });
    assert.deepEqual(uri?.changes, [
      { name: 'image', value: '$1' },
      { name: 'text', value: undefined },
    ]);
    assert.equal(uri?.substitutes, true);
    assert.deepEqual(browser?.subject, { kind: 'name', name: 'User-Agent' });
    assert.equal(browser?.pattern.test('LYNX/2'), true);
    assert.equal(browser?.substitutes, false);
    assert.deepEqual(browser?.changes, [{ name: 'plain', value: '1' }]);
    const sectionSettings = config.main.locations[0]?.settings;
    assert.ok(sectionSettings);
    const [section] = rulesOf(sectionSettings, environmentSettings.sectionRules);
    assert.equal(section?.subject.kind, 'header-pattern');
    assert.deepEqual(section?.changes, [{ name: 'seen', value: '1' }]);
    assert.equal(config.main.locations[0]?.settings.find(environmentSettings.serverRules), undefined);
  });

  it("runs the main server's rules before the virtual host's", () => {
    const { config } = read('BrowserMatch a A\n<VirtualHost *>\nBrowserMatch b B\n</VirtualHost>');
    const rules = config.servers[1]?.settings.get(environmentSettings.serverRules, []) ?? [];
    assert.deepEqual(
      rules.map(({ changes }) => changes[0]?.name),
      ['A', 'B'],
    );
  });

  it('refuses what it cannot use', () => {
    assert.match(read('SetEnvIf Host ( a').messages.join(), /could not be compiled/);
    assert.match(read('SetEnvIf ( a b').messages.join(), /header name regex could not be compiled/);
    assert.match(read('SetEnvIf "" a b').messages.join(), /name of a header or attribute is missing/);
    assert.match(read('SetEnvIf Host a =1').messages.join(), /no name of a variable/);
    assert.match(read('SetEnvIf Host a').messages.join(), /^error/);
    assert.match(read('BrowserMatch a').messages.join(), /^error/);
  });
});
