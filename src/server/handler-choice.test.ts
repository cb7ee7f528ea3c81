import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settingsOf } from './directive-line.test.fixture.js';
import { findHandler } from './handler-choice.js';
import { handlerDirectives } from './handler-directives.js';

function choose(text: string, filename: string): string | undefined {
  return findHandler(settingsOf(text, handlerDirectives), { kind: 'file', filename, rest: '', folder: '/srv' });
}

describe('findHandler', () => {
  it('chooses by SetHandler first, whatever the extension', () => {
    assert.equal(choose('SetHandler wsgi-script\nAddHandler other .py', '/srv/a.py'), 'wsgi-script');
    assert.equal(choose('SetHandler None\nAddHandler other .py', '/srv/a.py'), 'other');
  });

  it('chooses by the last extension that has a handler', () => {
    const text = 'AddHandler wsgi-script .py wsgi\nAddHandler second .fr';
    assert.deepEqual(
      ['a.py', 'a.PY', 'a.wsgi', 'a.py.fr', 'a.fr.py', 'a.py.txt', 'a.txt', 'py', '.py', 'a.'].map((name) =>
        choose(text, `/srv/x.py/${name}`),
      ),
      [
        'wsgi-script',
        'wsgi-script',
        'wsgi-script',
        'second',
        'wsgi-script',
        'wsgi-script',
        undefined,
        undefined,
        'wsgi-script',
        undefined,
      ],
    );
  });

  it('chooses none where nothing is set or it was removed', () => {
    assert.equal(choose('', '/srv/a.py'), undefined);
    assert.equal(choose('AddHandler wsgi-script .py\nRemoveHandler .py', '/srv/a.py'), undefined);
    assert.equal(choose('AddHandler wsgi-script .py', '/srv/constructor'), undefined);
  });
});
