// Writes docs/differences.md from the known differences of the parity tests, each of which is proven by a case that Apache
// and Stillhouse answer differently. With --check it only compares and fails if the file is stale.

import { fileURLToPath } from 'node:url';
import { buildTests } from './build.mjs';
import { writeOrCheck } from './generated-file.mjs';

const root = new URL('../', import.meta.url);
await buildTests();
const load = (name) => import(new URL(`build/tests/tests/parity/${name}.js`, root).href);
const { knownDifferences, topics } = await load('known-differences');
const { openDefects } = await load('open-defects');
const target = fileURLToPath(new URL('docs/differences.md', root));
const VALUE_CHARACTERS = 60;

/** Text as Markdown shows it; names of fields and paths keep their underlines. */
function prose(text) {
  return text.replace(/[<*\\`]|\b_(?!\w)|(?<!\w)_\b/g, '\\$&');
}

function show(value) {
  if (value === undefined) return 'none';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what can't be shown is left out
  const printable = value.replace(/[\0-\x1f]/g, '');
  if (printable === '') return 'nothing';
  const shown = printable.length > VALUE_CHARACTERS ? `${printable.slice(0, VALUE_CHARACTERS)}...` : printable;
  return `\`${shown}\``;
}

/** The first case stands for all, with the first field of it. */
function describe({ reason, cases }) {
  const [first] = cases;
  const [field, [apache, stillhouse]] = Object.entries(first.fields)[0];
  const more = cases.length > 1 ? ` (${cases.length} cases)` : '';
  const example = `${prose(first.scenario)}, ${prose(first.request)}: ${field} ${show(apache)}, here ${show(stillhouse)}`;
  return [`- ${prose(reason)}`, `  *${example}*${more}`];
}

const lines = [
  '<!-- Generated from tests/parity/known-differences.ts by scripts/generate-differences.mjs; edit that. -->',
  '',
  '# Known differences',
  '',
  'What is answered otherwise than by Apache 2.4 with mod_wsgi 4.9, and why. Each difference was seen by asking both',
  'servers the same under the same configuration (`tests/parity`); behind it stands one case, with what Apache answers and',
  'what Stillhouse does. A difference that is not in this list fails the tests, and so does one that is gone.',
  '',
  'Which directives differ says [directives.md](directives.md), how processes do [from Apache](from-apache.md).',
  '',
];
for (const topic of topics) {
  const ofTopic = knownDifferences.filter((one) => one.topic === topic);
  if (ofTopic.length > 0) lines.push(`## ${topic}`, '', ...ofTopic.flatMap(describe), '');
}
if (openDefects.length > 0) lines.push('## To be mended', '', ...openDefects.flatMap(describe), '');
const text = `${lines.join('\n').trimEnd()}\n`;

writeOrCheck({ target, text, source: 'the known differences', command: 'node scripts/generate-differences.mjs' });
