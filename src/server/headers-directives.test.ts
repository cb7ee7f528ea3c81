import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { headersDirectives, headersSettings } from './headers-directives.js';

const read = (text: string) => resolveText(text, headersDirectives);

describe('Header and RequestHeader', () => {
  it('become rules, inner ones behind outer ones', () => {
    const { config, messages } = read(
      'Header set X-A: 1\nHeader Always EDIT* X-B o O env=!C\nRequestHeader unset X-C env=D\n' +
        '<Location /x>\nHeader onsuccess unset X-A\nHeader echo ^X\n</Location>',
    );
    assert.deepEqual(messages, []);
    const inner = config.main.settings.overlaid(config.main.locations[0]?.settings ?? config.main.settings);
    const describeRules = (setting: typeof headersSettings.always) =>
      inner
        .get(setting, [])
        .map(({ action, condition }) => [
          action.kind,
          action.kind === 'echo' ? action.pattern.source : action.name,
          condition?.kind === 'variable' ? `${condition.absent ? '!' : ''}${condition.variable}` : '',
        ]);
    assert.deepEqual(
      describeRules(headersSettings.onSuccess).map(([kind, name]) => `${kind} ${name}`),
      ['set X-A', 'unset X-A', 'echo ^X'],
    );
    assert.deepEqual(describeRules(headersSettings.always), [['edit', 'X-B', '!C']]);
    assert.deepEqual(describeRules(headersSettings.request), [['unset', 'X-C', 'D']]);
  });

  const wrong: readonly [line: string, message: RegExp][] = [
    ['Header sett X 1', /must be one of set, .*did you mean 'set'/],
    ['Header always', /takes at least|argument/],
    ['Header set', /argument/],
    ['Header set X', /needs a value/],
    ['Header edit X o', /a regular expression and its replacement/],
    ['Header edit X ( o', /could not be compiled/],
    ['Header echo (', /could not be compiled/],
    ['Header set X 1 2', /the condition must be/],
    ['Header set X 1 env=A b', /a word too many/],
    ['Header unset X env=', /needs the name of a variable/],
    ['Header unset X 1', /the condition must be env=name/],
    ['Header set X 1 early', /early is not supported/],
    ['Header unset X early', /early is not supported/],
    ['RequestHeader set X 1 early', /early is not supported/],
    ['Header set X 1 "expr=true =="', /^expression: /],
    ['Header set X "expr=%{HTTP_HOST"', /^expression: /],
    ['Header set X %z', /unrecognized header format %z/],
    ['Header set "X Y" 1', /no name of a header/],
    ['Header set Content-Length 1', /only the server can tell/],
    ['RequestHeader unset Transfer-Encoding', /only the server can tell/],
    ['RequestHeader echo X', /echo is for Header/],
    ['RequestHeader always set X 1', /'always' must be one of/],
  ];
  for (const [line, message] of wrong) {
    it(`refuse '${line}'`, () => {
      const { problems } = read(line);
      assert.equal(problems.length, 1, problems.map((one) => one.message).join('\n'));
      assert.equal(problems[0]?.severity, 'error');
      assert.match(problems[0]?.message ?? '', message);
    });
  }

  it('take away Proxy early in silence, and say of others that rules see them', () => {
    assert.deepEqual(read('RequestHeader unset Proxy early').messages, []);
    assert.match(
      read('RequestHeader unset X-Y early').messages.join(),
      /^warning: early: X-Y .* rules before that see it$/,
    );
  });

  it('warn of fields that the server makes', () => {
    assert.match(read('Header unset Server').messages.join(), /^warning: .*no effect; ServerTokens/);
    assert.match(read('Header set Date now').messages.join(), /^warning: .*no effect$/);
    assert.deepEqual(read('Header unset Content-Length\nHeader note Server s').messages, []);
  });
});
