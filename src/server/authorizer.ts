/**
 * Decides whether a request is admitted where that takes more than Require and Order: a user who has to be known, or a
 * script that has to be asked. The order is that of Apache's ap_process_request_internal: access (Order, then
 * WSGIAccessScript), Require without a user, who the user is, Require again. Called by RequestHandler for scopes that
 * have an AuthorizationPlan; all others never come here.
 */

import { toLowerAscii } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import { matchSections } from '../conf/section-matching.js';
import {
  type AccessFacts,
  type AccessRules,
  accessDeniedMessage,
  evaluateRequire,
  type GroupSource,
  isAllowedByCompat,
  type RequireOutcome,
  satisfiesByAny,
} from '../http/access-rules.js';
import { parseCredentials } from '../http/basic-credentials.js';
import { findHashSpeed } from '../http/password/password-hash.js';
import { parseGroupFile, parseUserFile } from '../http/password/user-file.js';
import type { AuthorizationPlan, AuthProvider } from './auth-directives.js';
import type { AuthScripts } from './auth-scripts.js';
import type { ErrorAnswers } from './error-answers.js';
import { expressionSubjectOf } from './expression-requests.js';
import { PasswordChecker, TooManyChecks } from './password-checker.js';
import { environmentOf, type RequestContext } from './request-context.js';
import { WatchedFiles } from './watched-file.js';

/** What a provider says of a name and a password. 'failed' is logged already. */
type Verdict = 'granted' | 'denied' | 'unknown' | 'failed';

/** An answer in place of what was asked for; without a message where there is nothing to log. */
interface Refusal {
  readonly status: number;
  readonly message?: string;
}

export interface AuthorizerOptions {
  readonly scripts: AuthScripts;
  readonly answers: ErrorAnswers;
  readonly monotonicMs: () => number;
}

export class Authorizer {
  readonly #scripts: AuthScripts;
  readonly #answers: ErrorAnswers;
  readonly #passwords: PasswordChecker;
  readonly #userFiles: WatchedFiles<ReadonlyMap<string, string>>;
  readonly #groupFiles: WatchedFiles<ReadonlyMap<string, ReadonlySet<string>>>;

  constructor({ scripts, answers, monotonicMs }: AuthorizerOptions) {
    this.#scripts = scripts;
    this.#answers = answers;
    this.#passwords = new PasswordChecker(monotonicMs);
    this.#userFiles = new WatchedFiles(parseUserFile, monotonicMs);
    this.#groupFiles = new WatchedFiles(parseGroupFile, monotonicMs);
  }

  tick(): void {
    this.#scripts.tick();
  }

  /** Ends the thread that checks passwords. */
  async close(): Promise<void> {
    await this.#passwords.close();
  }

  /** False: the request has its answer. @throws RequestError with nothing sent */
  async admit(context: RequestContext, plan: AuthorizationPlan): Promise<boolean> {
    // What goes on inside the server in the same folder is not asked again, whatever came of it: so the ErrorDocument of
    // a refusal can be shown. Where a Location section has a say Apache asks again, as it merges the settings anew.
    if (context.authorizedScope === context.scope && !isInLocation(context)) return true;
    context.authorizedScope = context.scope;
    context.user = undefined;
    context.authType = undefined;
    let broken: string | undefined;
    // Nobody reads the body while others are asked, but as much of it as came with the head is looked at.
    context.connection.onBodyBroken = (reason) => {
      broken = reason;
    };
    const refusal = await this.#decide(context, plan);
    context.connection.onBodyBroken = undefined;
    if (broken !== undefined) throw new RequestError(400, `request body is malformed: ${broken}`);
    if (refusal === undefined) {
      if (context.user !== undefined) context.environment?.delete('REDIRECT_REMOTE_USER');
      return true;
    }
    if (refusal.status === 401) challenge(context, plan);
    this.#answers.answer(context, refusal.status, refusal.message);
    return false;
  }

  async #decide(context: RequestContext, plan: AuthorizationPlan): Promise<Refusal | undefined> {
    const { access } = context.scope;
    const facts = factsOf(context);
    const isAny = satisfiesByAny(access, facts.method);
    const denied = await this.#findAccessDenial(context, plan, access, facts);
    if (isAny ? denied === undefined : denied !== undefined) return denied;

    const rule = access.require?.rule;
    if (rule === undefined) {
      if (plan.type === undefined) return undefined;
      return { status: 500, message: 'AuthType configured with no corresponding authorization directives' };
    }
    const outcome = evaluateRequire(rule, facts);
    if (outcome === 'granted') return undefined;
    if (outcome !== 'denied-no-user') return { status: 403, message: deniedMessage(context) };

    const stranger = await this.#authenticate(context, plan);
    if (stranger !== undefined) return stranger;
    return await this.#authorizeUser(context, plan, { ...facts, user: context.user });
  }

  /** Order, Allow and Deny, and WSGIAccessScript where they have no objection. */
  async #findAccessDenial(
    context: RequestContext,
    plan: AuthorizationPlan,
    access: AccessRules,
    facts: AccessFacts,
  ): Promise<Refusal | undefined> {
    const isAny = satisfiesByAny(access, facts.method);
    if (!isAllowedByCompat(access, facts)) return { status: 403, message: deniedMessage(context) };
    if (plan.accessScript === undefined) return undefined;
    // There is no name of the client to give: none is looked up.
    const question = { function: 'allow_access', host: context.clientAddress } as const;
    const { verdict } = await this.#scripts.ask(context, plan.accessScript, question);
    if (verdict === 'granted' || verdict === 'declined') return undefined;
    if (isAny) return { status: 403 };
    return { status: 403, message: `Client denied by server configuration: '${context.filename ?? context.uri}'.` };
  }

  /** Sets the context's user. Undefined: the user is who they say. */
  async #authenticate(context: RequestContext, plan: AuthorizationPlan): Promise<Refusal | undefined> {
    const { uri } = context;
    if (plan.type === undefined) {
      const message = `No authentication done but request not allowed without authentication for ${uri}. Authentication not configured?`;
      return { status: 500, message };
    }
    if (plan.challenge === undefined) return { status: 500, message: `need AuthName: ${uri}` };
    context.authType = plan.type;
    const credentials = parseCredentials(context.incoming.header('authorization'));
    if (credentials.kind === 'none') return { status: 401 };
    if (credentials.kind === 'other-scheme') {
      return { status: 401, message: `client used wrong authentication scheme: ${uri}` };
    }
    const { user, password } = credentials;
    context.user = user;
    let verdict: Verdict = 'unknown';
    for (const provider of plan.providers) {
      verdict = await this.#ask(provider, context, plan, user, password);
      if (verdict !== 'unknown') break;
    }
    if (verdict === 'granted') return undefined;
    if (verdict === 'denied') {
      return { status: 401, message: `user ${user}: authentication failure for "${uri}": Password Mismatch` };
    }
    if (!plan.isAuthoritative) {
      // Left to other modules, of which there are none: mod_authn_core's answer.
      return { status: 500, message: `AuthType ${plan.type} configured without corresponding module` };
    }
    return verdict === 'unknown' ? { status: 401, message: `user ${user} not found: ${uri}` } : { status: 500 };
  }

  #ask(
    provider: AuthProvider,
    context: RequestContext,
    plan: AuthorizationPlan,
    user: string,
    password: Buffer,
  ): Promise<Verdict> {
    return provider === 'file'
      ? this.#checkInFile(context, plan, user, password)
      : this.#checkByScript(context, plan, user, password);
  }

  async #checkInFile(
    context: RequestContext,
    { userFile }: AuthorizationPlan,
    user: string,
    password: Buffer,
  ): Promise<Verdict> {
    if (userFile === undefined) {
      this.#answers.log(context, 'error', 'AuthUserFile not specified in the configuration');
      return 'failed';
    }
    let users: ReadonlyMap<string, string>;
    try {
      users = await this.#userFiles.read(userFile);
    } catch (error) {
      this.#answers.log(context, 'error', `Could not open password file: ${userFile}: ${messageOf(error)}`);
      return 'failed';
    }
    const stored = users.get(user);
    if (stored === undefined) return 'unknown';
    if (findHashSpeed(stored) === undefined) {
      const message = `the password of user ${user} in ${userFile} is stored in a form that is not known: use htpasswd -B`;
      this.#answers.log(context, 'error', message);
    }
    try {
      return (await this.#passwords.check(password, stored)) ? 'granted' : 'denied';
    } catch (error) {
      if (error instanceof TooManyChecks) throw new RequestError(503, error.message);
      this.#answers.log(context, 'error', `the password of user ${user} could not be checked: ${messageOf(error)}`);
      return 'failed';
    }
  }

  async #checkByScript(
    context: RequestContext,
    { userScript }: AuthorizationPlan,
    user: string,
    password: Buffer,
  ): Promise<Verdict> {
    if (userScript === undefined) {
      this.#answers.log(context, 'error', 'Location of WSGI user authentication script not provided.');
      return 'failed';
    }
    const question = { function: 'check_password', user, password: password.toString('latin1') } as const;
    const { names, verdict } = await this.#scripts.ask(context, userScript, question);
    if (verdict === 'granted') context.user = names[0] ?? user;
    return verdict === 'declined' ? 'failed' : verdict;
  }

  /** Require with a user: groups are looked up when a rule asks for them. */
  async #authorizeUser(
    context: RequestContext,
    plan: AuthorizationPlan,
    facts: AccessFacts,
  ): Promise<Refusal | undefined> {
    const rule = context.scope.access.require?.rule;
    if (rule === undefined) return undefined;
    const groups: Partial<Record<GroupSource, ReadonlySet<string>>> = {};
    let outcome: RequireOutcome = evaluateRequire(rule, { ...facts, groups });
    while (outcome === 'needs-file' || outcome === 'needs-script') {
      if (outcome === 'needs-file') groups.file = await this.#groupsInFile(context, plan);
      else groups.script = await this.#groupsByScript(context, plan);
      outcome = evaluateRequire(rule, { ...facts, groups });
    }
    if (outcome === 'granted') return undefined;
    const { uri, user = '' } = context;
    const message = `user ${user}: authorization failure for "${uri}": ${groupsReason(groups)}`;
    return { status: plan.forbidsOnFailure ? 403 : 401, message };
  }

  async #groupsInFile(context: RequestContext, { groupFile }: AuthorizationPlan): Promise<ReadonlySet<string>> {
    if (groupFile === undefined) {
      this.#answers.log(context, 'error', 'No group file was specified in the configuration');
      return nobody;
    }
    try {
      return (await this.#groupFiles.read(groupFile)).get(context.user ?? '') ?? nobody;
    } catch (error) {
      this.#answers.log(context, 'error', `Could not open group file: ${groupFile}: ${messageOf(error)}`);
      return nobody;
    }
  }

  async #groupsByScript(context: RequestContext, { groupScript }: AuthorizationPlan): Promise<ReadonlySet<string>> {
    const { uri, user = '' } = context;
    if (groupScript === undefined) {
      this.#answers.log(context, 'error', 'Location of WSGI group authorization script not provided.');
      return nobody;
    }
    const { names, verdict } = await this.#scripts.ask(context, groupScript, { function: 'groups_for_user', user });
    if (verdict !== 'granted') return nobody;
    if (names.length === 0) {
      const message = `Authorization of user '${user}' to access '${uri}' failed. User is not a member of any groups.`;
      this.#answers.log(context, 'error', message);
    }
    return new Set(names.map(toLowerAscii));
  }
}

const nobody: ReadonlySet<string> = new Set();

function isInLocation({ server, uri }: RequestContext): boolean {
  return matchSections(server.scope, { urlPath: uri, directory: undefined, filename: undefined }).length > 0;
}

function factsOf(context: RequestContext): AccessFacts {
  const environment = environmentOf(context);
  return {
    remoteAddress: context.clientAddress,
    localAddress: context.connection.localAddress,
    method: context.method,
    environment: (name) => environment.get(name),
    subject: () => expressionSubjectOf(context),
  };
}

function deniedMessage(context: RequestContext): string {
  return accessDeniedMessage(context.filename ?? context.uri);
}

function groupsReason(groups: Readonly<Partial<Record<GroupSource, ReadonlySet<string>>>>): string {
  if (groups.script !== undefined) return 'User is not a member of designated groups.';
  return groups.file === undefined ? '' : "user is not part of the 'require'ed group(s).";
}

/** Once, also where the error document is refused in its turn. */
function challenge(context: RequestContext, plan: AuthorizationPlan): void {
  if (plan.challenge === undefined || context.extraHeaders.includes('WWW-Authenticate')) return;
  context.extraHeaders.push('WWW-Authenticate', plan.challenge);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
