/** Messages about a part of a line point at that part: behind variables, on continued lines, inside of quotes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../conf/memory-files.test.fixture.js';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import { vocabulary } from './directive-tables.js';

/** The text with a `^` in front of what the one message about it points at. */
function pointedAt(text: string): string {
  const file = '/main.conf';
  const { tree, problems } = parseConfig({ ...memoryFiles({ [file]: text }), vocabulary });
  const all = [...problems, ...resolveConfig(tree, vocabulary).problems];
  assert.equal(all.length, 1, all.map(({ message }) => message).join('\n'));
  const { line = 0, column = 0 } = all[0]?.position ?? {};
  const lines = text.split('\n');
  const at = (lines[line - 1] ?? '').slice(0, column - 1);
  lines[line - 1] = `${at}^${(lines[line - 1] ?? '').slice(column - 1)}`;
  return lines.join('\n');
}

const define = 'Define LONG /a/long/value/of/a/variable\n';

for (const [name, marked] of Object.entries({
  'an option': 'WSGIDaemonProcess g ^threds=5\n',
  'the value of an option': 'WSGIDaemonProcess g threads=^x\n',
  'an option behind blanks': '  WSGIDaemonProcess \t  g   ^threds=5\n',
  'an option on a continued line': 'WSGIDaemonProcess g threads=5 \\\n    processes=1 \\\n  ^threds=5\n',
  'an option behind variables': `${define}WSGIDaemonProcess g home=\${LONG} python-path=\${LONG}:\${LONG}/x threads=^x\n`,
  'an option between variables': `${define}WSGIDaemonProcess g home=\${LONG} ^threds=1 python-path=\${LONG}\n`,
  'an option on a line after a variable': `${define}WSGIDaemonProcess g home=\${LONG}/x \\\n ^threds=1\n`,
  'an expression': '<If "%{REQUEST_URI} ==^= \'/x\'">\n</If>\n',
  'an expression on a continued line': '<If "%{REQUEST_URI} \\\n  ==^= \'/x\'">\n</If>\n',
  'an expression behind expr=': 'Header set X 1 "expr=%{REQUEST_URI} ==^= 1"\n',
})) {
  test(name, () => {
    assert.equal(pointedAt(marked.replace('^', '')), marked);
  });
}
