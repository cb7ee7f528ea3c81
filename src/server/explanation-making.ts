/** From what was recorded of a request to what is told of it. */

import { fromByteString } from '../base/byte-string.js';
import { type AppliedSection, type Config, isPathSection } from '../conf/config.js';
import type { Position } from '../conf/source.js';
import type { RewriteOutcome } from '../http/rewrite/rewrite-outcome.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { GLOBAL_GROUP } from '../wsgi/expansion.js';
import type { GroupCatalog } from '../wsgi/group-catalog.js';
import { serverSettings } from './core-server-directives.js';
import { hideCredentialsOf } from './credential-hiding.js';
import type { DirectiveSources } from './directive-sources.js';
import type { AnswerHead } from './explained-socket.js';
import type { RequestToExplain } from './explainer.js';
import type {
  ExplainedApplication,
  ExplainedGroup,
  ExplainedHost,
  ExplainedMapping,
  ExplainedPass,
  ExplainedRewriting,
  ExplainedSection,
  Explanation,
  Place,
} from './explanation.js';
import { handlerSettings } from './handler-directives.js';
import { readMpm } from './mpm.js';
import type { RecordedPass, RequestRecorder } from './request-recorder.js';
import type { TracedApplication } from './request-trace.js';
import { linesOf, settingsInForce } from './settings-in-force.js';
import type { HostChoice, VirtualHosts } from './virtual-hosts.js';

export interface ExplanationFacts {
  readonly request: RequestToExplain;
  readonly config: Config;
  readonly recorder: RequestRecorder;
  /** Of the answer; undefined where none came. */
  readonly head: AnswerHead | undefined;
  readonly hosts: VirtualHosts;
  readonly catalog: GroupCatalog;
  readonly sources: DirectiveSources;
  readonly notes: readonly string[];
}

/** Settings that decide about access. */
const accessSettings =
  /^mod_(?:access_compat|auth|authn|authz)\w*\.|^mod_wsgi\.(?:access|auth-\w+)-script$|^mod_ssl\.requires-tls$/;

export function makeExplanation(facts: ExplanationFacts): Explanation {
  const { head, hosts, recorder, request, sources } = facts;
  const { application, context } = recorder;
  const { localAddress, localPort } = request;
  const [first = '', ...lines] = request.bytes.toString('latin1').split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];
  const [method = '', target = ''] = first.split(' ');
  const choice = hosts.explain(localAddress, localPort, recorder.host);
  const failure = recorder.passes.find((pass) => pass.failure !== undefined)?.failure ?? recorder.failure;
  const last = recorder.passes.at(-1);
  const explanation: Explanation = {
    request: {
      method,
      target: fromByteString(target),
      host: lines.map((line) => /^host:\s*(.*?)\s*$/i.exec(line)?.[1]).find((one) => one !== undefined) ?? null,
      scheme: request.tls === undefined ? 'http' : 'https',
      from: context?.clientAddress ?? request.remoteAddress,
      to: localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`,
    },
    status: application === undefined ? (head?.status ?? null) : null,
    decidedBy: application !== undefined ? 'application' : head === undefined ? 'nobody' : 'server',
    reason: failure?.message ?? (context === undefined ? (recorder.log.at(-1)?.message ?? null) : null),
    location: head?.headers.get('location') ?? null,
    contentType: application === undefined ? (head?.headers.get('content-type') ?? null) : null,
    handler: last?.handler?.name ?? null,
    file: context?.filename ?? null,
    application: application === undefined ? null : explainApplication(application, facts),
    virtualHost: explainHost(choice, recorder.host, facts),
    questions: recorder.questions.map(({ assumed, directive, script }) => ({
      ...sources.lineAt(script.position),
      text: `${directive} ${script.path}`,
      script: script.path,
      assumed,
    })),
    passes: recorder.passes.map((pass) => explainPass(pass, facts)),
    environment: Object.fromEntries(
      [...(context?.environment ?? [])].map(([name, value]) => [name, fromByteString(value)]),
    ),
    log: recorder.log,
    notes: facts.notes,
  };
  return hideCredentialsOf(request.bytes, explanation);
}

function explainHost(
  { by, hostsAtAddress, scope }: HostChoice,
  host: string | undefined,
  facts: ExplanationFacts,
): ExplainedHost {
  const { config, request } = facts;
  const there = `${request.localAddress}:${request.localPort}`;
  const why: Readonly<Record<HostChoice['by'], string>> = {
    name: `its ServerName is '${host}'`,
    alias: `it has a ServerAlias for '${host}'`,
    default: `the first of ${hostsAtAddress} at ${there}: ${host === undefined ? 'the request names no host' : `none there is called '${host}'`}`,
    only: `the only one at ${there}`,
    'main server': `no <VirtualHost> is at ${there}`,
  };
  return {
    name: scope.settings.find(serverSettings.serverName)?.host ?? null,
    addresses: scope.addresses.map(
      ({ host: address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port === 0 ? '*' : port}`,
    ),
    ...placeOf(scope.position ?? { file: config.files[0] ?? '', line: 1 }),
    why: why[by],
  };
}

function explainApplication(traced: TracedApplication, { catalog, config }: ExplanationFacts): ExplainedApplication {
  const { applicationGroup, callable, environ, place, processGroup, script } = traced;
  const group = explainGroup(catalog.groups.get(processGroup)?.group, config);
  const mountPoint =
    place === undefined || !('kind' in place) ? null : place.kind === 'prefix' ? place.urlPath : place.pattern;
  return {
    script,
    callable,
    mountPoint,
    // A proxy that is trusted may have said another.
    scriptName: fromByteString(environ.proxy?.changed.get('SCRIPT_NAME') ?? environ.scriptName),
    pathInfo: fromByteString(environ.pathInfo),
    processGroup: group,
    applicationGroup: applicationGroup === '' ? '%{GLOBAL}' : applicationGroup,
  };
}

/** `definition` is undefined in embedded mode: its processes are the http children, as many as there may be. */
function explainGroup(definition: DaemonProcessGroup | undefined, { main }: Config): ExplainedGroup {
  if (definition !== undefined) {
    const { name, position, processes, threads } = definition;
    return { name, processes, threads, ...placeOf(position) };
  }
  const { mpm } = readMpm(main.settings);
  return { name: GLOBAL_GROUP, processes: mpm.childrenLimit, threads: mpm.threadsPerChild, file: '', line: 0 };
}

function explainPass(pass: RecordedPass, facts: ExplanationFacts): ExplainedPass {
  const { config, sources } = facts;
  const { access, failure, found, handler, scope, user } = pass;
  const settings = settingsInForce(scope.settings, sources);
  return {
    because: pass.because,
    method: pass.method,
    path: pass.path,
    query: pass.query,
    rewriting: pass.rewriting.map(({ outcome, where }) => explainRewriting(where, outcome)),
    mapping: explainMapping(pass, sources),
    file: found === undefined ? null : { path: found.filename, kind: found.kind, pathInfo: found.rest },
    sections: pass.sections.map((section) => explainSection(section, config)),
    conditions: pass.conditions.map(({ holds, section }) => ({ ...explainSection(section, config), holds })),
    settings,
    access: {
      decision: access,
      user: user === undefined ? null : fromByteString(user),
      lines:
        access === 'not asked'
          ? []
          : settings.filter(({ setting }) => accessSettings.test(setting)).flatMap(({ lines }) => lines),
    },
    handler: handler === undefined ? null : { name: handler.name, line: handlerLine(pass, sources) },
    failure: failure === undefined ? null : { status: failure.status, message: failure.message ?? null },
  };
}

function handlerLine({ handler, scope }: RecordedPass, sources: DirectiveSources) {
  if (handler === undefined || handler.isForced) return null;
  if (handler.alias !== undefined) return sources.lineAt(handler.alias.position);
  const { extensionHandlers, handler: own } = handlerSettings;
  const id = scope.settings.find(own) === undefined ? extensionHandlers.id : own.id;
  return handler.name === 'default-handler' ? null : (linesOf(scope.settings, id, sources).at(-1) ?? null);
}

function explainMapping(
  { redirect, rewriting, scope, translation }: RecordedPass,
  sources: DirectiveSources,
): ExplainedMapping | null {
  if (redirect !== undefined) {
    return { line: sources.lineAt(redirect.position), text: redirectText(redirect) };
  }
  if (translation === undefined) {
    const outcome = rewriting.find(({ where }) => where === 'server')?.outcome;
    return outcome?.kind === 'file' ? { line: null, text: `rewriting: ${fromByteString(outcome.filename)}` } : null;
  }
  switch (translation.kind) {
    case 'redirect':
      return { line: sources.lineAt(translation.position), text: redirectText(translation) };
    case 'script':
      return { line: sources.lineAt(translation.alias.position), text: translation.target };
    case 'file': {
      const { path, position } = translation;
      const root = linesOf(scope.settings, serverSettings.documentRoot.id, sources).at(-1) ?? null;
      return { line: position === undefined ? root : sources.lineAt(position), text: path };
    }
    case 'none':
      return { line: null, text: 'nothing: there is no DocumentRoot' };
  }
}

function redirectText({ status, url }: { readonly status: number; readonly url: string | undefined }): string {
  return url === undefined ? `answers ${status}` : `redirects to ${url} with ${status}`;
}

function explainRewriting(where: string, outcome: RewriteOutcome): ExplainedRewriting {
  return {
    where,
    steps: outcome.steps.slice(0, stepsLimit).map(({ label, test, text }) => ({
      ...labelPlace(label),
      text: fromByteString(text),
      ...(test === undefined ? {} : { test: { ...test, subject: fromByteString(test.subject) } }),
    })),
    outcome: describeOutcome(outcome),
  };
}

/** Rules that go round and round make many; the first tell why. */
const stepsLimit = 1000;

function describeOutcome(outcome: RewriteOutcome): string {
  switch (outcome.kind) {
    case 'declined':
      return 'the URL stays as it is';
    case 'file':
      return `goes on with ${fromByteString(outcome.filename)}`;
    case 'passthrough':
      return `goes on with ${fromByteString(outcome.uri)}`;
    case 'internal-redirect':
      return `starts over with ${fromByteString(outcome.uri)}`;
    case 'redirect':
      return `redirects to ${fromByteString(outcome.location)} with ${outcome.status}`;
    case 'status':
      return `answers ${outcome.status}`;
  }
}

/** A label is `file:line:column`. */
function labelPlace(label: string | undefined): { readonly file: string | null; readonly line: number | null } {
  const [, file, line] = /^(.*):(\d+):\d+$/s.exec(label ?? '') ?? [];
  return file === undefined ? { file: null, line: null } : { file, line: Number(line) };
}

function explainSection(section: AppliedSection, config: Config): ExplainedSection {
  const isAccessFile =
    isPathSection(section) && section.kind === 'Directory' && !config.files.includes(section.position.file);
  return {
    kind: isAccessFile ? '.htaccess' : section.kind,
    argument: section.argument,
    ...placeOf(section.position),
  };
}

function placeOf({ file, line }: Pick<Position, 'file' | 'line'>): Place {
  return { file, line };
}
