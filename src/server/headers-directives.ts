/** mod_headers: Header for responses, RequestHeader for requests. The lines become the rules of http/header-rules.ts. */

import { ApacheRegexError, compileApacheRegex } from '../base/apache-regex.js';
import { toByteString } from '../base/byte-string.js';
import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import { positionAfter, type Word } from '../conf/source.js';
import { cleanValue, compileHeaderFormat, type HeaderFormat, HeaderFormatError } from '../http/header-format.js';
import type { HeaderAction, HeaderRule } from '../http/header-rules.js';
import { allContexts, suggestion } from './directive-arguments.js';
import { compileExpressionWord, compileStringExpressionWord } from './expression-argument.js';

const inOrder = (outer: readonly HeaderRule[], inner: readonly HeaderRule[]): readonly HeaderRule[] => [
  ...outer,
  ...inner,
];

export const headersSettings = Object.freeze({
  /** For every response, errors that the server answers included. */
  always: { id: 'mod_headers.always', merge: inOrder } as Setting<readonly HeaderRule[]>,
  /** For responses of applications and files. */
  onSuccess: { id: 'mod_headers.on-success', merge: inOrder } as Setting<readonly HeaderRule[]>,
  request: { id: 'mod_headers.request', merge: inOrder } as Setting<readonly HeaderRule[]>,
});

const actions = ['set', 'append', 'merge', 'add', 'unset', 'edit', 'edit*', 'echo', 'note', 'setifempty'];

/** How long a message is stands in these; another value than the server's would break it in two, or run two into one. */
const framingNames: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

function applyHeader(line: DirectiveLine, scope: SettingsBuilder): void {
  const words = [...line.args];
  const condition = /^(?:always|onsuccess)$/i.test(words[0]?.text ?? '')
    ? words.shift()?.text.toLowerCase()
    : undefined;
  const rule = parseRule(line, words, false);
  const setting = condition === 'always' ? headersSettings.always : headersSettings.onSuccess;
  scope.update(setting, (previous) => [...(previous ?? []), rule], line.position);
}

function applyRequestHeader(line: DirectiveLine, scope: SettingsBuilder): void {
  const rule = parseRule(line, [...line.args], true);
  scope.update(headersSettings.request, (previous) => [...(previous ?? []), rule], line.position);
}

/** `words`: action, name, and what the action needs. */
function parseRule(line: DirectiveLine, words: readonly Word[], isRequest: boolean): HeaderRule {
  const [actionWord, nameWord, ...rest] = words;
  const kind = actionWord?.text.toLowerCase() ?? '';
  if (!actions.includes(kind)) {
    const near = suggestion(kind, actions);
    throw new DirectiveError(`'${actionWord?.text ?? ''}' must be one of ${actions.join(', ')}${near}`, actionWord);
  }
  if (nameWord === undefined) throw new DirectiveError(`${line.name} ${kind} needs the name of a header`, actionWord);
  const values = kind === 'unset' || kind === 'echo' ? 0 : kind === 'edit' || kind === 'edit*' ? 2 : 1;
  if (rest.length < values) {
    const lacking = values === 2 ? 'a regular expression and its replacement' : 'a value';
    throw new DirectiveError(`${line.name} ${kind} needs ${lacking}`, nameWord);
  }
  const [conditionWord, surplus] = rest.slice(values);
  if (isRequest && kind === 'unset' && /^early$/i.test(conditionWord?.text ?? '') && surplus === undefined) {
    reportEarly(line, nameWord);
    return { action: parseAction(line, kind, nameWord, [], isRequest), condition: undefined };
  }
  if (surplus !== undefined) throw new DirectiveError(`${line.name} has a word too many: '${surplus.text}'`, surplus);
  const action = parseAction(line, kind, nameWord, rest, isRequest);
  return { action, condition: conditionWord === undefined ? undefined : parseCondition(conditionWord) };
}

/**
 * `RequestHeader unset Proxy early` is a line of the httpd.conf that Apache comes with, and nothing here reads that
 * field. Of any other field it matters that rules see it still.
 */
function reportEarly(line: DirectiveLine, name: Word): void {
  if (line.context !== 'server config' && line.context !== 'virtual host') {
    throw new DirectiveError('early may stand in the main server and in virtual hosts only', name);
  }
  if (name.text.toLowerCase() === 'proxy') return;
  line.report('warning', `early: ${name.text} is taken away just before the handler runs, rules before that see it`);
}

function parseAction(
  line: DirectiveLine,
  kind: string,
  nameWord: Word,
  [first, second]: readonly Word[],
  isRequest: boolean,
): HeaderAction {
  if (kind === 'echo') {
    if (isRequest) throw new DirectiveError('echo is for Header: it copies what the request has', nameWord);
    return { kind, pattern: parsePattern(nameWord) };
  }
  const name = parseName(line, kind, nameWord, isRequest);
  switch (kind) {
    case 'unset':
      return { kind, name };
    case 'edit':
    case 'edit*':
      return {
        kind: 'edit',
        name,
        pattern: parsePattern(first as Word),
        replacement: parseFormat(second as Word),
        everyMatch: kind === 'edit*',
      };
    case 'note':
      return { kind, name, note: parseFormat(first as Word) };
    default:
      return {
        kind: kind as 'set' | 'setifempty' | 'add' | 'append' | 'merge',
        name,
        value: parseFormat(first as Word),
      };
  }
}

function parseName(line: DirectiveLine, kind: string, word: Word, isRequest: boolean): string {
  // `X-Name:` is X-Name, as many write it so.
  const name = word.text.split(':')[0] ?? '';
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) throw new DirectiveError(`'${word.text}' is no name of a header`, word);
  const lower = name.toLowerCase();
  const changes = kind !== 'note' && (kind !== 'unset' || isRequest);
  if (framingNames.has(lower) && changes) {
    throw new DirectiveError(`${line.name} ${kind} ${name}: only the server can tell how long a message is`, word);
  }
  if (!isRequest && (lower === 'server' || lower === 'date') && kind !== 'note') {
    const advice = lower === 'server' ? '; ServerTokens says how much the field tells' : '';
    line.report('warning', `the server makes ${name} itself, the line has no effect${advice}`, word.position);
  }
  return name;
}

function parsePattern(word: Word): RegExp {
  try {
    // Values of fields are byte strings.
    return compileApacheRegex(toByteString(word.text));
  } catch (error) {
    if (!(error instanceof ApacheRegexError)) throw error;
    throw new DirectiveError(`regular expression '${word.text}' could not be compiled: ${error.message}`, word);
  }
}

function parseFormat(word: Word): HeaderFormat {
  if (/^expr=/i.test(word.text)) {
    const expression = compileStringExpressionWord(withoutPrefix(word));
    return cleanValue((facts) => expression.read(facts.subject()));
  }
  try {
    return compileHeaderFormat(toByteString(word.text));
  } catch (error) {
    if (!(error instanceof HeaderFormatError)) throw error;
    throw new DirectiveError(error.message, word);
  }
}

function parseCondition(word: Word): HeaderRule['condition'] {
  const { text } = word;
  if (/^early$/i.test(text)) {
    throw new DirectiveError('early is not supported: the line is for tests of modules, leave the word out', word);
  }
  if (/^expr=/i.test(text)) return { kind: 'expression', expression: compileExpressionWord(withoutPrefix(word)) };
  const [, negation, variable] = /^env=(!?)(.*)$/i.exec(text) ?? [];
  if (variable === undefined)
    throw new DirectiveError(`the condition must be env=name, env=!name or expr=expression, not '${text}'`, word);
  if (variable === '') throw new DirectiveError('env= needs the name of a variable', word);
  return { kind: 'variable', variable, absent: negation === '!' };
}

/** Behind `expr=`; a quote may stand in front of that. */
function withoutPrefix({ text, position }: Word): Word {
  const length = 'expr='.length;
  return {
    text: text.slice(length),
    position: positionAfter(position, length + (/\s/.test(text) ? 1 : 0)),
  };
}

export const headersDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'Header',
    module: 'mod_headers',
    contexts: allContexts,
    override: 'FileInfo',
    syntax:
      '[always|onsuccess] set|append|merge|add|unset|edit|edit*|echo|note|setifempty header [expr=value|value [replacement]] [env=[!]variable|expr=expression]',
    args: { min: 2, max: 6 },
    default: 'condition onsuccess',
    summary:
      'Changes the header of responses: set puts a field in place of others, setifempty where there is none, add beside them, append and merge (unless it is there) into their list, unset takes them away, edit and edit* replace the first or every match of a regular expression, echo copies fields of the request whose names match, note copies a field to a note for the log. Lines with always also count for the errors and redirects that the server answers itself; they have a table of their own, so that always set beside a field of the application makes two. In values %t, %D, %l, %{variable}e, %{variable}s and %% stand for the time of the request, how long it took, the load, variables of the request and of TLS, and a percent sign. Lines of inner scopes come after those of outer ones.',
    difference:
      'early, %i and %b are not supported. Content-Length and Transfer-Encoding can not be set. Connection may only say close.',
    apply: applyHeader,
  },
  {
    name: 'RequestHeader',
    module: 'mod_headers',
    contexts: allContexts,
    override: 'FileInfo',
    syntax:
      'set|append|merge|add|unset|edit|edit*|note|setifempty header [expr=value|value [replacement]] [early|env=[!]variable|expr=expression]',
    args: { min: 2, max: 5 },
    summary:
      'Changes the header of requests just before the handler runs: applications and logs see what it makes of it. Actions and values are those of Header.',
    difference:
      'early is accepted behind unset only, and the field is taken away no earlier than others; %i and %b are not supported. Content-Length and Transfer-Encoding can not be changed.',
    apply: applyRequestHeader,
  },
];
