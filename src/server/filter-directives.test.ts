import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { expiresDirectives, findExpiryRules } from './expires-directives.js';
import { filterDirectives, findDeflateRules } from './filter-directives.js';

const read = (text: string) => resolveText(text, expiresDirectives, filterDirectives);

describe('AddOutputFilterByType and SetOutputFilter', () => {
  it('add up in a scope, and an inner scope has types of its own', () => {
    const { config, messages, settings } = read(
      'AddOutputFilterByType DEFLATE text/html Text/CSS\nAddOutputFilterByType deflate text/xml\nDeflateCompressionLevel 1\n' +
        'DeflateFilterNote ratio\nDeflateFilterNote Input in\nDeflateAlterETag nochange\n' +
        '<Location /x>\nAddOutputFilterByType DEFLATE text/plain\nSetOutputFilter DEFLATE\n</Location>',
    );
    assert.deepEqual(messages, []);
    const rules = findDeflateRules(settings);
    assert.deepEqual([...(rules?.types ?? [])], ['text/html', 'text/css', 'text/xml']);
    assert.deepEqual([rules?.always, rules?.level, rules?.etag], [false, 1, 'NoChange']);
    assert.deepEqual(
      [...(rules?.notes ?? [])],
      [
        ['Ratio', 'ratio'],
        ['Input', 'in'],
      ],
    );
    const inner = findDeflateRules(settings.overlaid(config.main.locations[0]?.settings ?? settings));
    assert.deepEqual([[...(inner?.types ?? [])], inner?.always, inner?.level], [['text/plain'], true, 1]);
  });

  it('are all that compresses', () => {
    assert.equal(findDeflateRules(read('DeflateCompressionLevel 9\nDeflateBufferSize 8192').settings), undefined);
  });

  for (const [line, message] of [
    ['AddOutputFilterByType INFLATE;DEFLATE text/html', /output filter 'INFLATE' is not supported/],
    ['AddOutputFilterByType DEFLATE', /argument/],
    ['SetOutputFilter INCLUDES', /'INCLUDES' is not supported/],
    ['DeflateCompressionLevel 10', /from 1 to 9/],
    ['DeflateWindowSize 16', /from 1 to 15/],
    ['DeflateAlterETag maybe', /must be one of AddSuffix/],
    ['DeflateFilterNote Speed x', /must be one of Input/],
    ['ExpiresByType text A1', /it has no slash/],
    ['ExpiresByType text/html soon', /bad expires code: 'soon'/],
    ['ExpiresDefault A', /bad expires code/],
    ['ExpiresActive yes', /must be On or Off/],
  ] as const) {
    it(`refuse '${line}'`, () => assert.match(read(line).messages.join('\n'), message));
  }
});

describe('Expires', () => {
  it('needs ExpiresActive and something to say', () => {
    assert.equal(findExpiryRules(read('ExpiresDefault A1').settings), undefined);
    assert.equal(findExpiryRules(read('ExpiresActive On').settings), undefined);
    const { config, settings } = read(
      'ExpiresActive On\nExpiresByType Text/HTML A1\nExpiresByType image/* A2\n' +
        '<Location /x>\nExpiresByType text/html A3\n</Location>\n<Location /y>\nExpiresActive Off\n</Location>',
    );
    const [x, y] = config.main.locations.map((section) => findExpiryRules(settings.overlaid(section.settings)));
    assert.deepEqual(
      [...(x?.byType ?? [])].map(([type, { seconds }]) => [type, seconds]),
      [
        ['text/html', 3],
        ['image/*', 2],
      ],
    );
    assert.equal(y, undefined);
  });
});
