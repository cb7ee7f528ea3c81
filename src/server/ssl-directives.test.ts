import assert from 'node:assert';
import { describe, it } from 'node:test';
import { DirectiveError } from '../conf/directive.js';
import { settingsOf } from './directive-line.test.fixture.js';
import { effectiveSslOptions, sslDirectives, sslSettings } from './ssl-directives.js';

function versionsOf(text: string): readonly string[] {
  return [...(settingsOf(text, sslDirectives).find(sslSettings.versions) ?? [])];
}

function optionsOf(text: string): readonly string[] {
  return [...effectiveSslOptions(settingsOf(text, sslDirectives).find(sslSettings.options))].sort();
}

describe('SSLProtocol', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1', ['TLSv1.2', 'TLSv1.3']],
    ['SSLProtocol -all +TLSv1.2 +TLSv1.3', ['TLSv1.2', 'TLSv1.3']],
    ['SSLProtocol TLSv1.2', ['TLSv1.2']],
    ['SSLProtocol TLSv1.2 TLSv1.3', ['TLSv1.3']],
    ['SSLProtocol tlsv1.3', ['TLSv1.3']],
  ];
  for (const [text, versions] of cases) it(text, () => assert.deepStrictEqual(versionsOf(text), versions));

  for (const text of ['SSLProtocol SSLv3', 'SSLProtocol TLSv1.4', 'SSLProtocol -all']) {
    it(`${text} is an error`, () => assert.throws(() => versionsOf(text), DirectiveError));
  }
});

describe('SSLOptions', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['SSLOptions +StdEnvVars', ['StdEnvVars']],
    ['SSLOptions StdEnvVars ExportCertData', ['ExportCertData']],
    ['SSLOptions +StdEnvVars +ExportCertData -StdEnvVars', ['ExportCertData']],
    ['SSLOptions +StdEnvVars\nSSLOptions +ExportCertData', ['ExportCertData', 'StdEnvVars']],
  ];
  for (const [text, options] of cases)
    it(text.replace('\n', ', '), () => assert.deepStrictEqual(optionsOf(text), options));

  it('FakeBasicAuth is an error', () => assert.throws(() => optionsOf('SSLOptions +FakeBasicAuth'), /not supported/));
});
