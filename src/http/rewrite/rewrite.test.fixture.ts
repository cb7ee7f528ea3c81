/**
 * What the tests of this folder share: configuration lines in, outcome out, over an imaginary file system. Holds no
 * tests itself; it is named like one to stay out of the package.
 */

import { parseCondition, type RewriteCondition } from './condition.js';
import { rewriteForDirectory } from './directory-rewrite.js';
import { type MapTable, parseMap, parseMapText, type RewriteMap } from './rewrite-map.js';
import type { RewriteOutcome } from './rewrite-outcome.js';
import type { FileFacts, RequestFact, RewriteRequest, RewriteServices } from './rewrite-request.js';
import { compileRules, parseRule, type RewriteRule, type RuleSet } from './rule.js';
import { rewriteForServer } from './server-rewrite.js';

/** The words of a configuration line, quotes taken off. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\"/g, '"'),
  );
}

/** RewriteCond, RewriteRule and RewriteMap lines as a rule set. */
export function ruleSet(text: string): RuleSet {
  const rules: RewriteRule[] = [];
  const maps = new Map<string, RewriteMap>();
  let pending: RewriteCondition[] = [];
  for (const [index, line] of text.trim().split('\n').entries()) {
    const [directive, ...args] = words(line.trim());
    const label = `line ${index + 1}`;
    if (directive === 'RewriteCond') pending.push(parseCondition(args, label));
    else if (directive === 'RewriteMap')
      maps.set(
        args[0] ?? '',
        parseMap(args[1] ?? '', (path) => path),
      );
    else if (directive === 'RewriteRule') {
      rules.push(parseRule(args, pending, label));
      pending = [];
    } else throw new Error(`'${directive}' is not for this fixture`);
  }
  return compileRules(rules, maps);
}

/** Path to size in bytes; -1 is a directory, an 'x' after the name an executable file, an '@' a symbolic link. */
const files: ReadonlyMap<string, FileFacts> = new Map(
  [
    ['/srv', -1],
    ['/srv/www', -1],
    ['/srv/www/app', -1],
    ['/srv/www/app/', -1],
    ['/srv/www/app/sub', -1],
    ['/srv/www/app/index.html', 1],
    ['/srv/www/app/x.txt', 1],
    ['/srv/www/app/a.wsgi', 1],
    ['/srv/www/app/empty.txt', 0],
    ['/srv/www/app/run.sh', 1],
    ['/srv/www/app/link.txt', 1],
    ['/etc', -1],
    ['/etc/hostname', 9],
  ].map(([path, size]) => [
    String(path),
    {
      kind: size === -1 ? 'directory' : 'file',
      size: Math.max(0, Number(size)),
      executable: size === -1 || path === '/srv/www/app/run.sh',
    },
  ]),
);

export const mapText = `# comment
a  1
b 2 three
 spaced 9
noval
C 3
dup x
dup y
dynamic grahamd-1|grahamd-2
tab\tt #z
empty ""
`;

export interface Situation {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly facts?: Partial<Record<RequestFact, string>>;
  readonly scheme?: 'http' | 'https';
  readonly isSubrequest?: boolean;
  readonly filename?: string;
  readonly pathInfo?: string;
  readonly random?: number;
  readonly services?: Partial<RewriteServices>;
  readonly trace?: boolean;
}

export function requestOf(situation: Situation): RewriteRequest {
  const target = situation.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const headers = new Map([['host', 'site.test']]);
  for (const [name, value] of Object.entries(situation.headers ?? {})) headers.set(name.toLowerCase(), value);
  const facts: Partial<Record<RequestFact, string>> = { DOCUMENT_ROOT: '/srv/www', ...situation.facts };
  const method = situation.method ?? 'GET';
  return {
    uri: path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    unparsedUri: target,
    query: mark === -1 ? undefined : target.slice(mark + 1),
    filename: situation.filename ?? '',
    pathInfo: situation.pathInfo ?? '',
    method,
    requestLine: `${method} ${target} HTTP/1.1`,
    scheme: situation.scheme ?? 'http',
    isSubrequest: situation.isSubrequest ?? false,
    serverName: 'site.test',
    serverPort: situation.scheme === 'https' ? 443 : 80,
    header: (name) => headers.get(name.toLowerCase()),
    id: 'request-1',
    environment: (name) => situation.environment?.[name],
    requestVariable: (name) => situation.environment?.[name],
    serverVariable: () => undefined,
    fact: (name) => facts[name],
    sslVariable: (name) =>
      name === 'SSL_PROTOCOL' ? 'TLSv1.3' : name === 'HTTPS' && situation.scheme === 'https' ? 'on' : undefined,
    matchesHost: (host, port) => host.toLowerCase() === 'site.test' && port === 80,
  };
}

export function servicesOf(situation: Situation): RewriteServices {
  const table: MapTable = parseMapText(mapText);
  return {
    fileTest: (path) => files.get(path),
    isSymbolicLink: (path) => path === '/srv/www/app/link.txt',
    random: () => situation.random ?? 0,
    // A Friday.
    now: () => new Date(2026, 10, 20, 19, 5, 9).getTime(),
    maps: { table: (path) => (path === '/maps/m.txt' ? table : undefined) },
    lookupStatus: (_, target) => (target.startsWith('/forbidden') ? 403 : 200),
    ...situation.services,
  };
}

/** The outcome of a server's rules. */
export function onServer(lines: string, situation: Situation = {}): RewriteOutcome {
  const trace = situation.trace === true;
  return rewriteForServer(ruleSet(lines), requestOf(situation), servicesOf(situation), { trace });
}

/** The outcome of the rules of /srv/www/app, which the URL /app leads to. */
export function inDirectory(lines: string, situation: Situation = {}, base?: string): RewriteOutcome {
  const request = requestOf(situation);
  // As Apache maps a URL: the file is as long as it exists, plus one component; the rest is PATH_INFO.
  const whole = `/srv/www${request.uri}`;
  let filename = whole;
  for (let cut = filename.lastIndexOf('/'); cut > 0; cut = filename.lastIndexOf('/', cut - 1)) {
    if (files.get(filename.slice(0, cut))?.kind === 'directory') break;
    filename = filename.slice(0, cut);
  }
  const mapped = { ...request, filename: situation.filename ?? filename, pathInfo: whole.slice(filename.length) };
  const options = { directory: '/srv/www/app/', base, trace: situation.trace === true };
  return rewriteForDirectory(ruleSet(lines), mapped, servicesOf(situation), options);
}

/** The parts of an outcome that say where the request goes, in one line. */
export function where(outcome: RewriteOutcome): string {
  const query = 'query' in outcome && outcome.query !== undefined ? `?${outcome.query}` : '';
  switch (outcome.kind) {
    case 'declined':
      return 'declined';
    case 'file':
      return `file ${outcome.filename}${query}`;
    case 'passthrough':
      return `passthrough ${outcome.uri}${query}`;
    case 'internal-redirect':
      return `again ${outcome.uri}${query}`;
    case 'redirect':
      return `${outcome.status} ${outcome.location}`;
    case 'status':
      return String(outcome.status);
  }
}

/** A variable as the outcome leaves it: undefined where it was unset or never set. */
export function variable(outcome: RewriteOutcome, name: string): string | undefined {
  return outcome.environment.findLast((change) => change.name === name)?.value;
}
