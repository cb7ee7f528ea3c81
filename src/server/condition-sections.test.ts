/** How If, ElseIf and Else are read. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ConditionalSection, conditionalSections, ownSectionsOf } from '../conf/conditional-sections.js';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import type { Settings } from '../conf/settings.js';
import { formatProblem } from '../conf/source.js';
import { vocabulary } from './directive-tables.js';

function read(text: string) {
  const { problems, tree } = parseConfig({ file: 'site.conf', readFile: () => text, vocabulary });
  const resolved = resolveConfig(tree, vocabulary);
  return { config: resolved.config, messages: [...problems, ...resolved.problems].map(formatProblem) };
}

function shown(settings: Settings): unknown {
  return settings
    .get(conditionalSections, [])
    .map((section: ConditionalSection) => [section.kind, section.condition?.text, shown(section.settings)]);
}

describe('<If>', () => {
  it('is a setting of the scope around it, in the order of merging', () => {
    const { config, messages } = read(`
<If "true">
  <If "false">
  </If>
</If>
<VirtualHost *:80>
  <If "-z 'host'">
  </If>
  <Else>
  </Else>
  <Location /x>
    <If "-n 'location'">
      ForceType text/plain
    </If>
  </Location>
</VirtualHost>
`);
    assert.deepEqual(messages, []);
    const host = config.servers[1];
    assert.ok(host);
    assert.deepEqual(shown(host.settings), [
      ['If', 'true', [['If', 'false', []]]],
      ['If', "-z 'host'", []],
      ['Else', undefined, []],
    ]);
    assert.deepEqual(shown(host.locations[0]?.settings ?? host.settings), [['If', "-n 'location'", []]]);
    assert.deepEqual(
      [host.main ?? host, host].flatMap(ownSectionsOf).map(({ kind, position }) => `${kind} ${position.line}`),
      ['If 2', 'If 3', 'If 7', 'Else 9', 'Location 11', 'If 12'],
    );
  });

  it('points into an expression that is wrong', () => {
    const { messages } = read(`<If "%{NOPE} == 'x'">\n</If>\n  <If 'true &&'>\n</If>\n<If true>\n</If>\n`);
    assert.deepEqual(messages, [
      "site.conf:1:6: error: expression: variable 'NOPE' does not exist",
      'site.conf:3:15: error: expression: the expression ends where a string, variable or number is expected',
    ]);
  });

  it('takes one argument, and Else none', () => {
    const { messages } = read("<If %{A} == 'x'>\n</If>\n<If>\n</If>\n<If true>\n</If>\n<Else true>\n</Else>\n");
    assert.equal(messages.length, 3);
    assert.match(messages[0] ?? '', /^site.conf:1:10: error: <If> takes 1 argument, not 3/);
    assert.match(messages[1] ?? '', /^site.conf:3:1: error: <If> takes 1 argument/);
    assert.match(messages[2] ?? '', /^site.conf:7:7: error: <Else> takes no arguments/);
  });

  it('must come before ElseIf and Else, in the same section', () => {
    const { messages } = read(`
<Else>
</Else>
<If "true">
</If>
<Location /x>
<ElseIf "true">
</ElseIf>
</Location>
<Else>
</Else>
<ElseIf "true">
</ElseIf>
`);
    assert.deepEqual(messages, [
      'site.conf:2:1: error: <Else> needs an <If> or <ElseIf> before it in the same section',
      'site.conf:7:1: error: <ElseIf> needs an <If> or <ElseIf> before it in the same section',
      'site.conf:12:1: error: <ElseIf> needs an <If> or <ElseIf> before it in the same section',
    ]);
  });

  it('holds what may stand in a section, and no folders or paths', () => {
    const { messages } = read(`<If "true">
<Directory />
</Directory>
<Location />
</Location>
DocumentRoot /srv
<Files x>
</Files>
Require all denied
</If>
`);
    assert.deepEqual(
      messages.map((message) => message.replace(/, but in: .*/, '')),
      [
        'site.conf:2:1: error: <Directory> may not stand in <If>',
        'site.conf:4:1: error: <Location> may not stand in <If>',
        'site.conf:6:1: error: DocumentRoot may not stand in <If>',
        'site.conf:7:1: warning: <Files> inside <If> never applies; it is left out',
      ],
    );
  });
});
