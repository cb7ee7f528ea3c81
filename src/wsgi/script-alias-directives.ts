/** WSGIScriptAlias, WSGIHandlerScript, WSGIDispatchScript, WSGIImportScript: which scripts there are, where they run. */

import { ApacheRegexError, compileApacheRegex } from '../base/apache-regex.js';
import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { SettingsBuilder } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import { servers, serversAndSections, wsgi } from './directive-shapes.js';
import { parseOnOff, parseText } from './option-values.js';
import { type OptionWord, splitRawArguments, unknownOption } from './raw-arguments.js';
import {
  definitionSettings,
  type PreloadedScript,
  type WsgiDispatchScript,
  type WsgiHandlerScript,
  type WsgiImportScript,
  type WsgiScriptAlias,
  wsgiSettings,
} from './settings.js';

const aliasOptions = ['process-group', 'application-group', 'callable-object', 'pass-authorization'];
const importOptions = ['process-group', 'application-group'];
const handlerOptions = ['process-group', 'application-group', 'pass-authorization'];
const dispatchOptions = ['application-group'];

/** The name of a group with %{GLOBAL} as the empty name that it stands for. @throws DirectiveError */
function parseGroupName(value: Word, what: string): string {
  return parseText(value, what) === '%{GLOBAL}' ? '' : value.text;
}

function findOption(options: readonly OptionWord[], name: string): Word | undefined {
  return options.findLast((option) => option.name.text === name)?.value;
}

/** The script's path made absolute; a slash at its end is kept, as the rest of the request path follows it. */
function parseScriptPath(word: Word, line: DirectiveLine): string {
  const path = line.serverRootRelative(word.text);
  return word.text.endsWith('/') && !path.endsWith('/') ? `${path}/` : path;
}

function compile(word: Word): RegExp {
  try {
    return compileApacheRegex(word.text);
  } catch (error) {
    if (!(error instanceof ApacheRegexError)) throw error;
    throw new DirectiveError(`regular expression '${word.text}' could not be compiled: ${error.message}`, word);
  }
}

function parseAlias(line: DirectiveLine, isRegex: boolean): WsgiScriptAlias {
  const what = 'WSGI script alias';
  const { words, options } = splitRawArguments(line, 2, what);
  const [location, script] = words;
  if (location === undefined || script === undefined || location.text === '' || script.text === '') {
    throw new DirectiveError(`${line.name} requires at least two arguments, a URL-path and a script`, location);
  }
  for (const option of options) {
    if (!aliasOptions.includes(option.name.text)) throw unknownOption(option, what, aliasOptions);
  }
  if (!isRegex && !location.text.startsWith('/')) {
    throw new DirectiveError(`the URL-path of ${line.name} must start with '/', not '${location.text}'`, location);
  }
  const process = findOption(options, 'process-group');
  const application = findOption(options, 'application-group');
  const callable = findOption(options, 'callable-object');
  const authorization = findOption(options, 'pass-authorization');
  const processGroup = process && parseGroupName(process, 'name for WSGI process group');
  const applicationGroup = application && parseGroupName(application, 'name for WSGI application group');
  const isFixed = (group: string | undefined) => group !== undefined && !group.includes('%{');
  const shared = {
    processGroup,
    applicationGroup,
    callableObject: callable && parseText(callable, 'name for WSGI callable object'),
    passAuthorization: authorization && parseOnOff(authorization, 'value for authorization flag'),
    preload: isFixed(processGroup) && isFixed(applicationGroup) && !(isRegex && script.text.includes('$')),
    position: line.position,
  };
  if (!isRegex) {
    return { ...shared, kind: 'prefix', urlPath: location.text, target: parseScriptPath(script, line) };
  }
  // $1 at the start may bring the whole path with it; then there is nothing to make absolute yet.
  const target = script.text.startsWith('$') ? script.text : parseScriptPath(script, line);
  return { ...shared, kind: 'regex', pattern: location.text, regex: compile(location), target };
}

function applyAlias(line: DirectiveLine, scope: SettingsBuilder, isRegex: boolean): void {
  const alias = parseAlias(line, isRegex);
  scope.update(definitionSettings.scriptAliases, (previous) => [...(previous ?? []), alias], line.position);
  const { applicationGroup, processGroup, target: path } = alias;
  if (alias.preload && processGroup !== undefined && applicationGroup !== undefined) {
    addPreload({ path, processGroup, applicationGroup }, line, scope);
  }
}

function addPreload(script: PreloadedScript, line: DirectiveLine, scope: SettingsBuilder): void {
  scope.update(definitionSettings.preloadedScripts, (previous) => [...(previous ?? []), script], line.position);
}

function applyImport(line: DirectiveLine, scope: SettingsBuilder): void {
  const what = 'WSGI import script';
  const { words, options } = splitRawArguments(line, 1, what);
  const script = words[0];
  if (script === undefined || script.text === '') throw new DirectiveError('location of import script not supplied');
  for (const option of options) {
    if (!importOptions.includes(option.name.text)) throw unknownOption(option, what, importOptions);
  }
  const application = findOption(options, 'application-group');
  const process = findOption(options, 'process-group');
  if (application === undefined) {
    throw new DirectiveError('name of WSGI application group required: add application-group=%{GLOBAL}');
  }
  if (process === undefined) throw new DirectiveError('name of WSGI process group required: add process-group=name');
  for (const value of [process, application]) {
    // When the script is loaded there is no request from which a name could be made.
    if (value.text.startsWith('%{') && value.text !== '%{GLOBAL}') {
      throw new DirectiveError(`nothing is expanded here but %{GLOBAL}: '${value.text}' names no group`, value);
    }
  }
  const entry: WsgiImportScript = {
    path: parseScriptPath(script, line),
    processGroup: parseGroupName(process, 'name for WSGI process group'),
    applicationGroup: parseGroupName(application, 'name for WSGI application group'),
    position: line.position,
  };
  scope.update(definitionSettings.importScripts, (previous) => [...(previous ?? []), entry], line.position);
  addPreload(entry, line, scope);
}

function applyHandler(line: DirectiveLine, scope: SettingsBuilder): void {
  const what = 'WSGI handler script';
  const { words, options } = splitRawArguments(line, 2, what);
  const [name, script] = words;
  if (name === undefined || name.text === '') throw new DirectiveError('name for handler script not supplied', name);
  if (script === undefined || script.text === '') {
    throw new DirectiveError('location of handler script not supplied', script);
  }
  for (const option of options) {
    if (!handlerOptions.includes(option.name.text)) throw unknownOption(option, what, handlerOptions);
  }
  if (builtInHandlers.has(name.text)) {
    throw new DirectiveError(`there is a handler '${name.text}' already: give the script another name`, name);
  }
  const process = findOption(options, 'process-group');
  const application = findOption(options, 'application-group');
  const authorization = findOption(options, 'pass-authorization');
  const entry: WsgiHandlerScript = {
    name: name.text,
    path: parseScriptPath(script, line),
    processGroup: process && parseGroupName(process, 'name for WSGI process group'),
    applicationGroup: application && parseGroupName(application, 'name for WSGI application group'),
    callableObject: 'handle_request',
    passAuthorization: authorization && parseOnOff(authorization, 'value for authorization flag'),
    position: line.position,
  };
  scope.update(
    wsgiSettings.handlerScripts,
    (previous) => new Map([...(previous ?? []), [entry.name, entry]]),
    line.position,
  );
}

/** A script that the server itself asks. `kind` names it in messages: "dispatch". @throws DirectiveError */
export function parseServerScript(line: DirectiveLine, kind: string): WsgiDispatchScript {
  const what = `WSGI ${kind} script`;
  const { words, options } = splitRawArguments(line, 1, what);
  const script = words[0];
  if (script === undefined || script.text === '') throw new DirectiveError(`location of ${kind} script not supplied`);
  for (const option of options) {
    if (!dispatchOptions.includes(option.name.text)) throw unknownOption(option, what, dispatchOptions);
  }
  const application = findOption(options, 'application-group');
  return {
    path: parseScriptPath(script, line),
    applicationGroup: application === undefined ? '' : parseGroupName(application, 'name for WSGI application group'),
    position: line.position,
  };
}

function applyDispatch(line: DirectiveLine, scope: SettingsBuilder): void {
  scope.set(wsgiSettings.dispatchScript, parseServerScript(line, 'dispatch'), line.position);
}

/** A handler script of such a name would never be asked. */
const builtInHandlers: ReadonlySet<string> = new Set(['wsgi-script', 'application/x-httpd-wsgi', 'default-handler']);

const aliasSyntax = '[process-group=name] [application-group=name] [callable-object=name] [pass-authorization=On|Off]';

export const scriptAliasDirectives: readonly DirectiveDefinition[] = [
  {
    ...wsgi(
      'WSGIScriptAlias',
      `URL-path file-path|directory-path ${aliasSyntax}`,
      'Mounts a WSGI script, or a folder of them, at a URL-path. The lines are tried in their order and the first that matches wins, so the longer mount points come first. Options say what WSGIProcessGroup, WSGIApplicationGroup, WSGICallableObject and WSGIPassAuthorization would. With both groups, and neither depending on the request, the script is loaded when its process starts.',
    ),
    contexts: servers,
    args: 'raw',
    difference:
      'The process group may be defined below its use. A script path may be relative to ServerRoot. No blank may stand behind the = of an option.',
    apply: (line, scope) => applyAlias(line, scope, false),
  },
  {
    ...wsgi(
      'WSGIScriptAliasMatch',
      `regex file-path|directory-path ${aliasSyntax}`,
      'As WSGIScriptAlias, with a regular expression that is searched in the path. $1 to $9 in the path of the script stand for what its groups caught, and what follows the match is added.',
    ),
    contexts: servers,
    args: 'raw',
    difference: 'As with WSGIScriptAlias.',
    apply: (line, scope) => applyAlias(line, scope, true),
  },
  {
    ...wsgi(
      'WSGIImportScript',
      'file-path process-group=name application-group=name',
      'Loads a script when the processes of a group start, before they take requests, and with it makes the interpreter that application-group names. Both options must be there; %{GLOBAL} stands for embedded mode and for the main interpreter.',
    ),
    contexts: servers,
    args: 'raw',
    difference: 'The process group may be defined below its use.',
    apply: applyImport,
  },
  {
    ...wsgi(
      'WSGIHandlerScript',
      'name file-path [process-group=name] [application-group=name] [pass-authorization=On|Off]',
      'Makes a script a handler under a name that SetHandler, AddHandler and RewriteRule with H= may give to files. The global handle_request of the script is called for them as the WSGI application; SCRIPT_FILENAME is the file that was asked for, which need not be there, and Options ExecCGI is not needed. An inner scope may define a handler of the same name anew.',
    ),
    contexts: serversAndSections,
    args: 'raw',
    difference:
      'A name that the server has a handler for already is an error. A script path may be relative to ServerRoot.',
    apply: applyHandler,
  },
  {
    ...wsgi(
      'WSGIDispatchScript',
      'file-path [application-group=name]',
      'A Python script that is asked before each WSGI request of the scope where it shall run. Its functions process_group(environ), application_group(environ) and callable_object(environ), each if it is there, return a name, which may be a token like %{ENV:variable}, or None to leave it to the configuration. A script that can not be loaded is logged and leaves everything to the configuration; an exception is answered with 500. A changed script is loaded anew.',
    ),
    contexts: serversAndSections,
    args: 'raw',
    difference:
      'The script runs in a process of its own, (wsgi-scripts), which the server starts for all of them; what it prints goes to the error log of the main server.',
    apply: applyDispatch,
  },
];
