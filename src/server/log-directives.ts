/**
 * The directives of the logs: LogFormat, CustomLog and TransferLog (mod_log_config), ErrorLog and LogLevel (core).
 * Nicknames are looked up when the configuration is complete, as in Apache, so a LogFormat line may follow its use.
 */

import { type DirectiveDefinition, DirectiveError, type DirectiveLine, firstWord } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import { type Position, type Problem, positionAfter, type Word } from '../conf/source.js';
import type { Expression, ExpressionSubject } from '../http/expression/expression.js';
import { type CompiledLogFormat, compileLogFormat, LogFormatError, standardLogFormats } from '../http/log-format.js';
import {
  findLogLevel,
  type LogLevels,
  logLevelNames,
  mergeLogLevels,
  moduleShortName,
  noLogLevels,
} from './error-log.js';
import { compileExpressionWord } from './expression-argument.js';
import { parsePipeCommand } from './pipe-command.js';

/** One CustomLog, GlobalLog or TransferLog line. */
export interface LogLine {
  /** Absolute. */
  readonly path: string;
  /** A nickname or a format string; undefined for the default format. */
  readonly format: string | undefined;
  readonly condition: LogCondition | undefined;
  readonly position: Position;
}

/** Only requests that have (or with `absent` lack) an environment variable, or for which an expression holds. */
export type LogCondition =
  | { readonly kind: 'variable'; readonly variable: string; readonly absent: boolean }
  | { readonly kind: 'expression'; readonly expression: Expression };

/** An access log ready for use. */
export interface AccessLog {
  readonly path: string;
  readonly format: CompiledLogFormat;
  readonly condition: LogCondition | undefined;
}

/** Nickname to format string. */
export const logFormats: Setting<ReadonlyMap<string, string>> = {
  id: 'mod_log_config.formats',
  merge: (outer, inner) => new Map([...outer, ...inner]),
};

/** What TransferLog writes: a format string or nickname. */
export const defaultLogFormat: Setting<string> = { id: 'mod_log_config.default-format' };

/** A virtual host with log lines of its own does not write to the main server's logs. */
export const logLines: Setting<readonly LogLine[]> = { id: 'mod_log_config.logs' };

/** Of GlobalLog: the requests of all servers, whatever log lines they have. */
export const globalLogLines: Setting<readonly LogLine[]> = { id: 'mod_log_config.global-logs' };

export const errorLogPath: Setting<string> = { id: 'core.error-log' };
export const logLevels: Setting<LogLevels> = { id: 'core.log-level', merge: mergeLogLevels };

/**
 * The access logs of one server scope. A name without '%' that no LogFormat defines is an error here; Apache writes the
 * name itself as every line of the log.
 */
export function resolveAccessLogs(settings: Settings): {
  readonly logs: readonly AccessLog[];
  readonly problems: readonly Problem[];
} {
  const formats = settings.get(logFormats, new Map<string, string>());
  const logs: AccessLog[] = [];
  const problems: Problem[] = [];
  const lines = [...settings.get(globalLogLines, []), ...settings.get(logLines, [])];
  for (const { path, format, condition, position } of lines) {
    const wanted = format ?? settings.get(defaultLogFormat, 'common');
    const text =
      formats.get(wanted) ?? (Object.hasOwn(standardLogFormats, wanted) ? standardLogFormats[wanted] : wanted);
    if (text === undefined || (text === wanted && !text.includes('%'))) {
      problems.push({
        severity: 'error',
        position,
        message: `no LogFormat line defines '${wanted}'`,
        directive: format === undefined ? 'TransferLog' : 'CustomLog',
      });
    } else {
      logs.push({ path, format: compileLogFormat(text), condition });
    }
  }
  return { logs, problems };
}

/** Whether a request goes to a log with this condition. What was no request has no `subject`, and goes. */
export function isLogConditionMet(
  condition: LogCondition | undefined,
  environment: (name: string) => string | undefined,
  subject?: () => ExpressionSubject,
): boolean {
  switch (condition?.kind) {
    case undefined:
      return true;
    case 'variable':
      return (environment(condition.variable) === undefined) === condition.absent;
    case 'expression':
      return subject === undefined || condition.expression.holds(subject());
  }
}

/** The format string checked, with the message pointing at the word that holds it. */
function checkFormat(word: Word): string {
  try {
    compileLogFormat(word.text);
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error;
    throw new DirectiveError(`${error.message}, at character ${error.offset + 1} of the format`, word);
  }
  return word.text;
}

function parseLogPath(word: Word, line: DirectiveLine): string {
  if (word.text === '') throw new DirectiveError(`${line.name} needs a file name`, word);
  if (word.text.startsWith('|')) {
    if (parsePipeCommand(word.text)[0] === undefined)
      throw new DirectiveError(`${line.name} needs a program behind the |`, word);
    return word.text;
  }
  if (/^syslog(?::|$)/i.test(word.text)) {
    throw new DirectiveError(`logging to syslog is not supported yet: write to a file instead of '${word.text}'`, word);
  }
  return line.serverRootRelative(word.text);
}

function parseCondition(word: Word): LogCondition {
  if (/^expr=/i.test(word.text)) {
    const text = word.text.slice('expr='.length);
    const position = positionAfter(word.position, 'expr='.length);
    return { kind: 'expression', expression: compileExpressionWord({ text, position }) };
  }
  const found = /^env=(!?)(.*)$/is.exec(word.text);
  if (found === null)
    throw new DirectiveError(`the condition must be env=name, env=!name or expr=expression, not '${word.text}'`, word);
  const variable = found[2] ?? '';
  if (variable === '') throw new DirectiveError('env= needs the name of an environment variable', word);
  return { kind: 'variable', variable, absent: found[1] === '!' };
}

/** The words of CustomLog and GlobalLog. */
function parseLogLine(line: DirectiveLine): LogLine {
  const path = parseLogPath(firstWord(line), line);
  const format = line.args[1];
  const conditionWord = line.args[2];
  const condition = conditionWord === undefined ? undefined : parseCondition(conditionWord);
  const text = format?.text.includes('%') ? checkFormat(format) : format?.text;
  return { path, format: text, condition, position: line.position };
}

function parseLogLevels(words: readonly Word[]): LogLevels {
  let levels = noLogLevels;
  for (const word of words) {
    const colon = word.text.indexOf(':');
    const level = findLogLevel(word.text.slice(colon + 1));
    if (level === undefined) {
      throw new DirectiveError(`'${word.text}' is no log level: use one of ${logLevelNames.join(', ')}`, word);
    }
    levels = mergeLogLevels(
      levels,
      colon < 0
        ? { default: level, modules: new Map() }
        : { default: undefined, modules: new Map([[moduleShortName(word.text.slice(0, colon)), level]]) },
    );
  }
  return levels;
}

const serverContexts = ['server config', 'virtual host'] as const;

/** mod_log_config's directives. */
export const logDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'LogFormat',
    module: 'mod_log_config',
    contexts: serverContexts,
    syntax: 'format|nickname [nickname]',
    args: { min: 1, max: 2 },
    default: '"%h %l %u %t \\"%r\\" %>s %b"',
    summary:
      'Defines an access-log format. With a nickname the format gets that name, for use in CustomLog; without one it becomes the format of the TransferLog lines. common, combined and vhost_common are defined beforehand.',
    difference: 'combined and vhost_common need no LogFormat line of their own.',
    apply(line, scope) {
      const format = firstWord(line);
      const nickname = line.args[1];
      if (nickname === undefined) {
        scope.set(defaultLogFormat, format.text.includes('%') ? checkFormat(format) : format.text, line.position);
      } else {
        const text = checkFormat(format);
        scope.update(logFormats, (previous) => new Map([...(previous ?? []), [nickname.text, text]]), line.position);
      }
    },
  },
  {
    name: 'CustomLog',
    module: 'mod_log_config',
    contexts: serverContexts,
    syntax: 'file|pipe format|nickname [env=[!]environment-variable|expr=expression]',
    args: { min: 2, max: 3 },
    summary:
      'Writes an access log. The file is relative to ServerRoot; "|program" has a program read the log, "|$command" a command of the shell. Several lines write several logs; a virtual host with log lines of its own does not write to those of the main server. With env= only requests that have, or with ! lack, the variable are logged, with expr= those for which the [expression](expressions.md) holds.',
    difference:
      'syslog is not supported yet. The program of a piped log is started by each configuration anew: at a reload two run for a while. An undefined nickname is an error.',
    apply(line, scope) {
      const added = parseLogLine(line);
      scope.update(logLines, (previous) => [...(previous ?? []), added], line.position);
    },
  },
  {
    name: 'GlobalLog',
    module: 'mod_log_config',
    contexts: ['server config'],
    syntax: 'file|pipe format|nickname [env=[!]environment-variable|expr=expression]',
    args: { min: 2, max: 3 },
    summary:
      'Writes an access log as CustomLog does, with the requests of all virtual hosts, also of those that have log lines of their own.',
    difference: 'As with CustomLog.',
    apply(line, scope) {
      const added = parseLogLine(line);
      scope.update(globalLogLines, (previous) => [...(previous ?? []), added], line.position);
    },
  },
  {
    name: 'TransferLog',
    module: 'mod_log_config',
    contexts: serverContexts,
    syntax: 'file|pipe',
    args: { min: 1, max: 1 },
    summary: 'Writes an access log in the format that the last LogFormat line without a nickname set, or in common.',
    apply(line, scope) {
      const path = parseLogPath(firstWord(line), line);
      const added: LogLine = { path, format: undefined, condition: undefined, position: line.position };
      scope.update(logLines, (previous) => [...(previous ?? []), added], line.position);
    },
  },
];

/** The core's directives of the error log. */
export const errorLogDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'ErrorLog',
    module: 'core',
    contexts: serverContexts,
    syntax: 'file|pipe',
    args: { min: 1, max: 1 },
    default: 'logs/error_log',
    summary: 'The file for errors and warnings, relative to ServerRoot, or a program that reads them.',
    difference: 'syslog is not supported yet.',
    apply(line, scope) {
      scope.set(errorLogPath, parseLogPath(firstWord(line), line), line.position);
    },
  },
  {
    name: 'ErrorLogFormat',
    module: 'core',
    contexts: serverContexts,
    syntax: '[connection|request] format',
    args: { min: 1, max: 2 },
    summary: 'The form of the lines in the error log.',
    difference: "Without effect, and a warning says so: lines have the form that Apache's have without this directive.",
    apply(line) {
      line.report(
        'warning',
        'ErrorLogFormat has no effect: lines of the error log have the form that Apache gives them',
      );
    },
  },
  {
    name: 'LogLevel',
    module: 'core',
    contexts: [...serverContexts, 'directory'],
    syntax: '[module:]level [module:level] ...',
    args: { min: 1, max: Number.MAX_SAFE_INTEGER },
    default: 'warn',
    summary:
      'How grave a message must be to be written to the error log, for all modules or for one: LogLevel info wsgi:debug. A module may be written as wsgi, mod_wsgi, wsgi_module or mod_wsgi.c.',
    difference: 'A module that does not exist is not an error.',
    apply(line, scope) {
      const levels = parseLogLevels(line.args);
      scope.update(logLevels, (previous) => mergeLogLevels(previous ?? noLogLevels, levels), line.position);
    },
  },
];
