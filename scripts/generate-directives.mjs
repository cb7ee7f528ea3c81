// Writes docs/directives.md from the directive tables of the program (dist/server/directive-tables.js). With --check it
// only compares and fails if the file is stale. The order is that of the tables, so that a change shows as a change.

import { fileURLToPath } from 'node:url';
import { writeOrCheck } from './generated-file.mjs';

const root = new URL('../', import.meta.url);
const load = (path) => import(new URL(`dist/${path}`, root).href);
const { vocabulary } = await load('server/directive-tables.js');
const { SCOPE_SECTIONS } = await load('conf/section-definition.js');
const { READING_DIRECTIVES, READING_SECTIONS } = await load('conf/vocabulary.js');
const { daemonOptions } = await load('wsgi/daemon-options.js');
const target = fileURLToPath(new URL('docs/directives.md', root));

/** Text as Markdown shows it; what stands in backquotes is left alone. */
function prose(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[<*\\]|\b_(?!\w)|(?<!\w)_\b/g, '\\$&')))
    .join('');
}

function code(text) {
  return `\`${text}\``;
}

/** Facts as one line: `Context: server config. Default: On.` */
function facts(pairs) {
  return pairs
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${value}.`)
    .join(' ');
}

function withDot(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function describe(definition, isSection) {
  const { name, syntax, contexts, override, summary, difference } = definition;
  const args = syntax === '' ? '' : ` ${syntax}`;
  const lines = [
    `### ${isSection ? `\\<${name}>` : name}`,
    '',
    code(isSection ? `<${name}${args}>` : `${name}${args}`),
    '',
    facts([
      ['Context', contexts.join(', ')],
      ['Override', override],
      ['Default', definition.default === undefined ? undefined : prose(definition.default)],
    ]),
    '',
    prose(withDot(summary)),
    '',
  ];
  if (difference !== undefined) lines.push(`Difference: ${prose(withDot(difference))}`, '');
  return lines;
}

function describeOption(name, { syntax, default: standard, summary, difference }) {
  const notes = [
    withDot(summary),
    ...(standard === undefined ? [] : [`Default: ${withDot(standard)}`]),
    ...(difference === undefined ? [] : [`Difference: ${withDot(difference)}`]),
  ];
  return `- ${code(`${name}=${syntax}`)}: ${prose(notes.join(' '))}`;
}

function describeDaemonOptions() {
  return ['Options:', '', ...[...daemonOptions].map(([name, option]) => describeOption(name, option)), ''];
}

/** Directives and sections by module, in the order in which the tables bring the modules. */
function byModule() {
  const modules = new Map();
  const add = (module, entry) => {
    if (!modules.has(module)) modules.set(module, []);
    modules.get(module).push(entry);
  };
  // The core first: its sections are what all the others stand in.
  for (const definition of SCOPE_SECTIONS) add(definition.module, { definition, isSection: true });
  for (const definition of vocabulary.directives()) add(definition.module, { definition, isSection: false });
  for (const definition of vocabulary.sections()) add(definition.module, { definition, isSection: true });
  return modules;
}

const modules = byModule();
const lines = [
  '<!-- Generated from the directive tables by scripts/generate-directives.mjs; edit those. -->',
  '',
  '# Directives',
  '',
  'Everything that may stand in a configuration, by module, with its syntax, where it may stand (context), which class of',
  '`AllowOverride` it belongs to (override), its default, what it does, and where that differs from Apache httpd 2.4 and',
  'mod_wsgi 6.0. A directive of theirs that is not listed is an error that says so, unless it stands in `<IfModule>` of',
  'a module that is not there.',
  '',
  'Context `directory` stands for all sections about a part of the site: Directory, Files, Location and their kin.',
  '`.htaccess` files are looked for where `AllowOverride` or `AllowOverrideList` lets them count.',
  '',
  'Carried out while the files are read, before everything else, as in Apache:',
  `${READING_DIRECTIVES.map(code).join(', ')}, and the sections`,
  `${READING_SECTIONS.map((name) => code(`<${name}>`)).join(', ')}.`,
  '`LoadModule` of a module that is built in is accepted.',
  '',
  ...[...modules].map(([module, entries]) => {
    const names = entries.map(({ definition, isSection }) =>
      code(isSection ? `<${definition.name}>` : definition.name),
    );
    return `- [${module}](#${module}): ${names.join(', ')}`;
  }),
  '',
];
for (const [module, entries] of modules) {
  lines.push(`## ${module}`, '');
  for (const { definition, isSection } of entries) {
    lines.push(...describe(definition, isSection));
    if (definition.name === 'WSGIDaemonProcess') lines.push(...describeDaemonOptions());
  }
}
const text = `${lines.join('\n').trimEnd()}\n`;

writeOrCheck({ target, text, source: 'the directive tables', command: 'node scripts/generate-directives.mjs' });
