/** What the sections mean is compared with Apache in tests/parity/cases/method-limits.ts; here, what they refuse. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import { decideAccess } from '../http/access-rules.js';
import { accessRulesOf } from './access-directives.js';
import { vocabulary } from './directive-tables.js';

function read(text: string): { readonly messages: readonly string[]; readonly admitted: readonly string[] } {
  const file = '/etc/test.conf';
  const parsed = parseConfig({ file, readFile: () => `<Directory />\n${text}\n</Directory>\n`, vocabulary });
  const { config, problems } = resolveConfig(parsed.tree, vocabulary, {});
  const messages = [...parsed.problems, ...problems].map(({ severity, message }) => `${severity}: ${message}`);
  const [directory] = config.main.directories;
  assert(directory !== undefined);
  const rules = accessRulesOf(directory.settings);
  const admitted = ['GET', 'HEAD', 'POST', 'PROPFIND', 'PURGE'].filter(
    (method) => decideAccess(rules, { remoteAddress: '127.0.0.1', method, environment: () => undefined }).allowed,
  );
  return { messages, admitted };
}

const denied = 'Require all denied';

describe('<Limit> and <LimitExcept>', () => {
  for (const [text, admitted] of [
    [`<Limit GET>\n${denied}\n</Limit>`, 'POST PROPFIND PURGE'],
    [`<LimitExcept GET>\n${denied}\n</LimitExcept>`, 'GET HEAD'],
    [`<Limit PURGE>\n${denied}\n</Limit>`, 'GET HEAD POST PROPFIND'],
    ['<LimitExcept GET>\nDeny from all\n</LimitExcept>', 'GET HEAD'],
    [`<LimitExcept GET>\n<Limit POST>\n${denied}\n</Limit>\n</LimitExcept>`, 'GET HEAD PROPFIND PURGE'],
    [`<Limit GET POST>\n<LimitExcept GET>\n${denied}\n</LimitExcept>\n</Limit>`, 'GET HEAD PROPFIND PURGE'],
    // What is no rule of access belongs to the scope, whatever the method.
    [`<Limit PURGE>\nOptions None\n${denied}\n</Limit>`, 'GET HEAD POST PROPFIND'],
  ] as const) {
    it(`'${text.replaceAll('\n', ' ')}' admits ${admitted}`, () => {
      const outcome = read(text);
      assert.deepEqual(outcome.messages, []);
      assert.equal(outcome.admitted.join(' '), admitted);
    });
  }

  for (const [text, message] of [
    ['<Limit TRACE>\n</Limit>', /^error: TRACE cannot be controlled by <Limit>, see TraceEnable/],
    ['<Limit>\n</Limit>', /^error: <Limit> takes at least 1 argument/],
    ['<Limit GET>\n<Limit POST>\n</Limit>\n</Limit>', /^error: <Limit> directive excludes all methods/],
    ['<Limit GET>\n<Limit GET POST>\n</Limit>\n</Limit>', /^error: <Limit> directive specifies methods already/],
    ['<Limit GET>\n<Files x>\n</Files>\n</Limit>', /^error: <Files> may not stand in <Limit>/],
    ['<Limit GET>\n<If true>\n</If>\n</Limit>', /^error: <If> may not stand in <Limit>/],
    ['<Limit get>\n</Limit>', /^warning: 'get' is not GET: methods are compared with their letter case/],
    ['<Limit GET>\nNoSuchLine\n</Limit>', /^error: directive 'NoSuchLine' is unknown/],
  ] as const) {
    it(`reports '${text.replaceAll('\n', ' ')}'`, () => {
      const { messages } = read(text);
      assert.equal(messages.length, 1, messages.join('\n'));
      assert.match(messages[0] ?? '', message);
    });
  }
});
