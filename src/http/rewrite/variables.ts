/**
 * The server variables of %{NAME}. A name is resolved once, when the line is read, to a function that takes its value
 * from the running pass. Names are compared without regard to case; an unknown one is the empty string, as in Apache.
 */

import { factVariables, headerVariables } from './request-variables.js';
import type { RequestFact, RewriteRequest, RewriteServices } from './rewrite-request.js';

/** The parts of a running pass that variables read. */
export interface VariableScope {
  readonly request: RewriteRequest;
  readonly services: RewriteServices;
  /** As rewritten so far. */
  readonly filename: string;
  readonly pathInfo: string;
  readonly query: string | undefined;
  /** With the changes that earlier rules made. */
  environment(name: string): string | undefined;
  /** Remembers that the outcome depends on a request header. */
  noteHeader(name: string): void;
}

export type VariableReader = (scope: VariableScope) => string;

/** What Apache 2.4 answers for API_VERSION (module magic number), for rules that ask whether it is 2.4. */
const apiVersion = '20120211:142';

const facts: ReadonlySet<string> = new Set<RequestFact>([...factVariables, 'SERVER_ADDR']);

const readers: Readonly<Record<string, VariableReader>> = {
  API_VERSION: () => apiVersion,
  HTTPS: ({ request }) => request.sslVariable('HTTPS') ?? 'off',
  IS_SUBREQ: ({ request }) => String(request.isSubrequest),
  PATH_INFO: (scope) => scope.pathInfo,
  QUERY_STRING: (scope) => scope.query ?? '',
  REQUEST_FILENAME: (scope) => scope.filename,
  REQUEST_METHOD: ({ request }) => request.method,
  REQUEST_SCHEME: ({ request }) => request.scheme,
  REQUEST_URI: ({ request }) => request.uri,
  SCRIPT_FILENAME: (scope) => scope.filename,
  SERVER_NAME: ({ request }) => request.serverName,
  SERVER_PORT: ({ request }) => String(request.serverPort),
  THE_REQUEST: ({ request }) => request.requestLine,
  // Local time, as Apache's; the week starts with Sunday, which is 0.
  TIME: (scope) => timeParts(scope).join(''),
  TIME_YEAR: (scope) => timeParts(scope)[0] ?? '',
  TIME_MON: (scope) => timeParts(scope)[1] ?? '',
  TIME_DAY: (scope) => timeParts(scope)[2] ?? '',
  TIME_HOUR: (scope) => timeParts(scope)[3] ?? '',
  TIME_MIN: (scope) => timeParts(scope)[4] ?? '',
  TIME_SEC: (scope) => timeParts(scope)[5] ?? '',
  TIME_WDAY: ({ services }) => String(new Date(services.now()).getDay()),
};

/** The reader of one variable. @throws Error with a reason, where the variable can't be supported. */
export function compileVariable(name: string): VariableReader {
  const colon = name.indexOf(':');
  if (colon > 0) {
    const argument = name.slice(colon + 1);
    switch (name.slice(0, colon).toUpperCase()) {
      case 'ENV':
        return (scope) => scope.environment(argument) ?? '';
      case 'HTTP':
        return headerReader(argument);
      case 'SSL':
        return ({ request }) => request.sslVariable(argument) ?? '';
      case 'LA-U':
      case 'LA-F':
        throw new Error(
          `'%{${name}}' is not supported, since requests are not run ahead; put the rule into a <Directory> section and use '%{${argument}}'`,
        );
    }
  }
  const upper = name.toUpperCase();
  const header = headerVariables[upper];
  if (header !== undefined) return headerReader(header);
  if (facts.has(upper)) return ({ request }) => request.fact(upper as RequestFact) ?? '';
  return readers[upper] ?? (() => '');
}

function headerReader(header: string): VariableReader {
  return (scope) => {
    const value = scope.request.header(header);
    // As in Apache, a header that the client did not send leaves no trace in Vary.
    if (value === undefined) return '';
    scope.noteHeader(header);
    return value;
  };
}

/** Year, month, day, hour, minute, second. */
function timeParts({ services }: VariableScope): readonly string[] {
  const time = new Date(services.now());
  const parts = [time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()];
  return [String(time.getFullYear()), ...parts.map((part) => String(part).padStart(2, '0'))];
}
