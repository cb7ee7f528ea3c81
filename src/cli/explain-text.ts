/** The text of `explain`: values in, lines out. What came of the request first, then how it came to it, pass by pass. */

import { escapeLogMessage } from '../http/log-escape.js';
import type {
  ConfigLine,
  ExplainedAccess,
  ExplainedGroup,
  ExplainedPass,
  ExplainedRewriting,
  ExplainedSection,
  ExplainedSetting,
  Explanation,
  PassReason,
  Place,
} from '../server/explanation.js';

/** One line, with the place in the configuration that it is about. */
interface Row {
  readonly text: string;
  readonly place?: Place | undefined;
}

/** Places stand in one column, unless the text before them is longer than this. */
const textColumnsLimit = 72;

export function formatExplanation(explanation: Explanation): readonly string[] {
  const { passes } = explanation;
  const lines = [
    ...formatRequest(explanation),
    '',
    ...formatAnswer(explanation),
    ...block('Virtual host', formatHost(explanation)),
    ...passes.flatMap((pass, index) => formatPass(pass, passes.length > 1 ? index + 1 : undefined)),
    ...block('Environment', formatEnvironment(explanation.environment)),
    ...block(
      'Error log',
      explanation.log.map(({ level, message }) => ({ text: `${level}: ${message}` })),
    ),
    ...block(
      'Taken for granted',
      explanation.notes.map((text) => ({ text })),
    ),
  ];
  // What a client or a file has as its name must not drive the terminal.
  return lines.map(escapeLogMessage);
}

function formatRequest({ request }: Explanation): readonly string[] {
  const { from, host, method, scheme, target, to } = request;
  const url = target.startsWith('/') ? `${scheme}://${host ?? '(no Host)'}${target}` : target;
  return [`${method} ${url}`, `from ${from} to ${to}`];
}

/** `200 OK`-like facts that most callers are after. */
function formatAnswer(explanation: Explanation): readonly string[] {
  const { application, contentType, file, handler, location, questions, reason } = explanation;
  const facts: [string, Row][] = [['status', { text: describeStatus(explanation) }]];
  const add = (name: string, text: string, place?: Place): void => {
    facts.push([name, { text, place }]);
  };
  if (reason !== null) add('reason', reason);
  if (location !== null) add('location', location);
  if (contentType !== null && location === null) add('type', contentType);
  if (handler !== null) add('handler', handler);
  if (application === null) {
    if (file !== null) add('file', file);
  } else {
    const { applicationGroup, callable, mountPoint, pathInfo, processGroup, script, scriptName } = application;
    add('script', `${script}  callable '${callable}'`);
    if (mountPoint !== null) add('mounted at', mountPoint);
    add('SCRIPT_NAME', `'${scriptName}'`);
    add('PATH_INFO', `'${pathInfo}'`);
    add('process group', describeGroup(processGroup), processGroup);
    add('application group', applicationGroup);
  }
  for (const { assumed, file: from, line, text } of questions) {
    add('decided by', `${text}  (taken to say: ${assumed})`, { file: from, line });
  }
  const width = Math.max(...facts.map(([name]) => name.length));
  return layOut(facts.map(([name, row]) => ({ ...row, text: `${name.padEnd(width)}  ${row.text}` })));
}

function describeGroup({ name, processes, threads }: ExplainedGroup): string {
  const each = count(threads, 'thread', 'threads');
  if (name === '') return `embedded mode: up to ${count(processes, 'http child', 'http children')} x ${each}`;
  return `'${name}': ${count(processes, 'process', 'processes')} x ${each}`;
}

function describeStatus({ decidedBy, status }: Explanation): string {
  if (decidedBy === 'application') return 'the application decides';
  return status === null ? 'none: no answer comes' : String(status);
}

function formatHost({ virtualHost }: Explanation): readonly Row[] {
  const { addresses, name, why } = virtualHost;
  const shown = addresses.length === 0 ? 'the main server' : addresses.join(' ');
  return [{ text: `${name ?? '(no ServerName)'}  ${shown}`, place: virtualHost }, { text: `  ${why}` }];
}

const reasons: Readonly<Record<PassReason, string>> = {
  request: '',
  rewriting: 'again, as rewriting says',
  index: 'again, for the index of the folder',
  'error document': 'again, for the ErrorDocument',
  application: 'again, as the application says',
};

function formatPass(pass: ExplainedPass, number: number | undefined): readonly string[] {
  const { because, conditions, failure, file, handler, mapping, method, path, query, rewriting, sections, settings } =
    pass;
  const url = `${method} ${path}${query === '' ? '' : `?${query}`}`;
  const head =
    number === undefined ? [] : ['', `Pass ${number}: ${url}${because === 'request' ? '' : `  (${reasons[because]})`}`];
  return [
    ...head,
    ...rewriting.filter(({ where }) => where === 'server').flatMap(formatRewriting),
    ...block('Mapped by', [
      ...(mapping === null ? [] : [lineRow(mapping.line), { text: mapping.text }]).filter((row) => row.text !== ''),
      ...(file === null
        ? []
        : [
            {
              text: `${describeKind(file.kind)} ${file.path}${file.pathInfo === '' ? '' : `  PATH_INFO '${file.pathInfo}'`}`,
            },
          ]),
    ]),
    ...block('Sections, in the order in which they are merged', sections.map(sectionRow)),
    ...block(
      'Conditions tried',
      conditions.map((one) => ({
        ...sectionRow(one),
        text: `${one.holds ? 'holds' : 'fails'}  ${sectionRow(one).text}`,
      })),
    ),
    ...formatAccess(pass.access),
    ...rewriting.filter(({ where }) => where !== 'server').flatMap(formatRewriting),
    ...block('Handler', handler === null ? [] : [{ text: handler.name, place: handler.line ?? undefined }]),
    ...block('Error', failure === null ? [] : [{ text: `${failure.status}  ${failure.message ?? ''}`.trimEnd() }]),
    ...block('Settings in force', settings.flatMap(settingRows)),
  ];
}

function formatRewriting({ outcome, steps, where }: ExplainedRewriting): readonly string[] {
  const rows: Row[] = steps.map(({ file, line, text }) => ({
    text,
    place: file === null || line === null ? undefined : { file, line },
  }));
  return block(`Rewriting ${where === 'server' ? 'of the server' : `in ${where}`}: ${outcome}`, rows);
}

function formatAccess({ decision, lines, user }: ExplainedAccess): readonly string[] {
  const who = user === null ? '' : ` to user '${user}'`;
  if (decision === 'not asked') return [];
  return block(
    `Access: ${decision}${who}`,
    lines.length === 0
      ? [{ text: 'no line says anything about it' }]
      : lines.map((line) => ({ text: line.text, place: line })),
  );
}

/** The lines that made a setting, and under them those that they overrode. */
function settingRows({ lines, overrode }: ExplainedSetting): readonly Row[] {
  return [
    ...lines.map((line) => ({ text: line.text, place: line })),
    ...overrode.map((line) => ({ text: `  overrides ${line.text}`, place: line })),
  ];
}

function formatEnvironment(environment: Explanation['environment']): readonly Row[] {
  return Object.entries(environment).map(([name, value]) => ({ text: `${name}=${value}` }));
}

function lineRow(line: ConfigLine | null): Row {
  return line === null ? { text: '' } : { text: line.text, place: line };
}

function sectionRow(section: ExplainedSection): Row {
  const { argument, kind } = section;
  if (kind === '.htaccess') return { text: `.htaccess of ${argument}`, place: section };
  return { text: `<${`${kind} ${argument}`.trim()}>`, place: section };
}

function describeKind(kind: string): string {
  if (kind === 'directory') return 'folder';
  return kind === 'file' ? 'file' : `${kind}:`;
}

/** A heading with its rows indented under it; nothing where there are none. */
function block(heading: string, rows: readonly Row[]): readonly string[] {
  return rows.length === 0 ? [] : ['', heading, ...layOut(rows)];
}

function layOut(rows: readonly Row[]): readonly string[] {
  const lengths = rows.filter(({ place }) => place !== undefined).map(({ text }) => text.length);
  const width = Math.min(textColumnsLimit, Math.max(0, ...lengths));
  return rows.map(({ place, text }) =>
    place === undefined || place.file === '' ? `  ${text}` : `  ${text.padEnd(width)}  ${place.file}:${place.line}`,
  );
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
