/**
 * One run through a rule set: the loop over the rules, with the order of steps that mod_rewrite's rules rely on. Both
 * modes (server-rewrite.ts, directory-rewrite.ts) run one and then make their own result of where it ended.
 */

import type { Expression } from '../expression/expression.js';
import { qualified, reduced, schemeLength, takesQueryString } from './absolute-uri.js';
import { holds, type RewriteCondition } from './condition.js';
import { parseCookie } from './rewrite-cookie.js';
import type { RewriteMap } from './rewrite-map.js';
import type {
  EnvironmentChange,
  RewriteCookie,
  RewriteEffects,
  RewriteOutcome,
  RewriteResult,
  RewriteStep,
} from './rewrite-outcome.js';
import type { RewriteRequest, RewriteServices } from './rewrite-request.js';
import type { RewriteRule, RuleSet } from './rule.js';
import { type ExpansionScope, expand, type Template } from './template.js';

/** Where a pass ended. */
export type PassEnd =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly noEscape: boolean; readonly passThrough: boolean }
  | { readonly kind: 'status'; readonly status: number };

const noHeaders: readonly string[] = Object.freeze([]);

/** The outcome of every pass that did nothing at all. */
const declined: RewriteOutcome = Object.freeze({
  kind: 'declined',
  environment: [],
  cookies: [],
  vary: [],
  handler: undefined,
  mimeType: undefined,
  end: false,
  steps: [],
});

const unchanged: PassEnd = Object.freeze({ kind: 'unchanged' });

/** A path longer than this comes from a rule that feeds on its own result: twice the default LimitRequestLine. */
const pathBytesLimit = 2 * 8190;

export class RewritePass implements ExpansionScope {
  readonly request: RewriteRequest;
  readonly services: RewriteServices;
  readonly #set: RuleSet;
  /** The directory whose rules these are, with a trailing slash; undefined for a server's rules. */
  readonly #directory: string | undefined;
  /** What happened, for `explain`; undefined where nobody asked, so that none is even built. */
  readonly steps: RewriteStep[] | undefined;

  filename: string;
  pathInfo: string;
  query: string | undefined;
  ruleMatch: readonly (string | undefined)[] | undefined;
  conditionMatch: readonly (string | undefined)[] | undefined;
  /** The status of a redirect: that of the last rule which asked for one. */
  redirectStatus = 302;
  /** The rule whose substitution the path is. */
  lastSubstitution: RewriteRule | undefined;

  // Made when first needed: most passes change nothing.
  #environment: EnvironmentChange[] | undefined;
  #cookies: RewriteCookie[] | undefined;
  #vary: Set<string> | undefined;
  #headersOfCondition: readonly string[] = noHeaders;
  #handler: string | undefined;
  #mimeType: string | undefined;
  #end = false;

  constructor(
    set: RuleSet,
    request: RewriteRequest,
    services: RewriteServices,
    start: { readonly filename: string; readonly directory: string | undefined; readonly trace: boolean },
  ) {
    this.#set = set;
    this.request = request;
    this.services = services;
    this.filename = start.filename;
    this.#directory = start.directory;
    this.steps = start.trace ? [] : undefined;
    this.pathInfo = start.directory === undefined ? '' : request.pathInfo;
    this.query = request.query;
  }

  run(): PassEnd {
    const rules = this.#set.rules;
    let end = unchanged;
    let rounds = 0;
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      if (rule === undefined) break;
      const { flags } = rule;
      if (this.request.isSubrequest && (flags.noSubrequests || flags.redirect)) {
        this.steps?.push({ label: rule.label, text: 'not for subrequests, such as that for an index' });
        continue;
      }
      if (!this.#matches(rule)) {
        while (rules[index]?.flags.chain === true) index++;
        continue;
      }
      const refused = this.#apply(rule);
      if (refused !== undefined) return { kind: 'status', status: refused };
      if (this.filename.length > pathBytesLimit) {
        this.steps?.push({ label: rule.label, text: `the path grew beyond ${pathBytesLimit} bytes: answering 500` });
        return { kind: 'status', status: 500 };
      }
      if (flags.status !== undefined) {
        this.steps?.push({ label: rule.label, text: `answering ${flags.status}` });
        return { kind: 'status', status: flags.status };
      }
      if (rule.substitution !== undefined) end = { kind: 'changed', noEscape: flags.noEscape, passThrough: false };
      if (flags.passThrough) return { kind: 'changed', noEscape: false, passThrough: true };
      if (flags.end) {
        this.#end = true;
        this.steps?.push({ label: rule.label, text: 'ends all rewriting of this request ([END])' });
        break;
      }
      if (flags.last) {
        this.steps?.push({ label: rule.label, text: 'is the last rule of this pass ([L])' });
        break;
      }
      if (flags.maxRounds !== undefined) {
        if (++rounds >= flags.maxRounds) {
          this.steps?.push({
            label: rule.label,
            text: `exceeded the maximum number of rounds (${flags.maxRounds}) of [N]: answering 500`,
          });
          return { kind: 'status', status: 500 };
        }
        index = -1;
      } else index += flags.skip;
    }
    return end;
  }

  /** A result with what the pass did beside rewriting the path. */
  outcome(result: RewriteResult): RewriteOutcome {
    const quiet = this.#environment === undefined && this.#cookies === undefined && this.#vary === undefined;
    const forced = this.#handler !== undefined || this.#mimeType !== undefined || this.#end;
    if (result.kind === 'declined' && quiet && !forced && this.steps === undefined) return declined;
    const effects: RewriteEffects = {
      environment: this.#environment ?? [],
      cookies: this.#cookies ?? [],
      vary: this.#vary === undefined ? noHeaders : [...this.#vary],
      handler: this.#handler,
      mimeType: this.#mimeType,
      end: this.#end,
      steps: this.steps ?? [],
    };
    // Spreading `result` into a literal instead was measured to cost more than the rest of the pass.
    return Object.assign(effects, result);
  }

  environment(name: string): string | undefined {
    const change = this.#environment?.findLast((each) => each.name === name);
    return change === undefined ? this.request.environment(name) : change.value;
  }

  /** Host is never named in Vary: caches tell hosts apart anyway. */
  noteHeader(name: string): void {
    if (name.toLowerCase() !== 'host') this.#headersOfCondition = [...this.#headersOfCondition, name];
  }

  findMap(name: string): RewriteMap | undefined {
    return this.#set.maps.get(name);
  }

  #matches(rule: RewriteRule): boolean {
    const path = this.#matchedPath();
    const match = rule.regex.exec(path);
    const matched = (match !== null) !== rule.negated;
    this.steps?.push({
      label: rule.label,
      text: `pattern '${rule.patternText}' ${matched ? 'matches' : 'does not match'} '${path}'`,
      test: { pattern: rule.patternText, subject: path, holds: matched },
    });
    if (!matched) return false;
    this.ruleMatch = match ?? undefined;
    this.conditionMatch = undefined;
    return rule.conditions.length === 0 || this.#conditionsHold(rule.conditions);
  }

  /** The decoded URL path; in a directory the file's path below it, with PATH_INFO put back on. */
  #matchedPath(): string {
    const directory = this.#directory;
    if (directory === undefined) return this.filename;
    const path = this.filename + this.pathInfo;
    return path.startsWith(directory) ? path.slice(directory.length) : path;
  }

  #conditionsHold(conditions: readonly RewriteCondition[]): boolean {
    let headers = noHeaders;
    for (let index = 0; index < conditions.length; index++) {
      const condition = conditions[index];
      if (condition === undefined) break;
      this.#headersOfCondition = noHeaders;
      const held = this.#conditionHolds(condition);
      if (!held) {
        if (condition.orNext) continue;
        return false;
      }
      if (!condition.noVary && this.#headersOfCondition.length > 0) headers = [...headers, ...this.#headersOfCondition];
      while (conditions[index]?.orNext === true) index++;
    }
    if (headers.length > 0) this.#vary = new Set([...(this.#vary ?? []), ...headers]);
    return true;
  }

  #matchExpression(expression: Expression, { noVary }: RewriteCondition): readonly (string | undefined)[] | null {
    const { request, services } = this;
    const match = expression.match({
      request: {
        ...request,
        filename: this.filename,
        pathInfo: this.pathInfo,
        query: this.query,
        requestVariable: (name) => {
          const change = this.#environment?.findLast((each) => each.name === name);
          return change === undefined ? request.requestVariable(name) : change.value;
        },
      },
      services,
      handler: undefined,
      status: 200,
      // Unlike those of other conditions they count at once, whatever comes of it.
      noteHeader: (name) => {
        if (!noVary) this.#vary = new Set([...(this.#vary ?? []), name]);
      },
    });
    return match ?? null;
  }

  #conditionHolds(condition: RewriteCondition): boolean {
    const input = expand(condition.test, this);
    const { pattern } = condition;
    let held: boolean;
    if (pattern.kind === 'regex' || pattern.kind === 'expression') {
      const match =
        pattern.kind === 'regex' ? pattern.regex.exec(input) : this.#matchExpression(pattern.expression, condition);
      held = (match !== null) !== condition.negated;
      // An expression without groups leaves those of the condition before; in Apache it is chance what %1 then is.
      if (match !== null && match.length > 0 && !condition.negated) this.conditionMatch = match;
    } else held = holds(pattern, input, this.services) !== condition.negated;
    this.steps?.push({
      label: condition.label,
      text: `condition '${condition.patternText}' ${held ? 'holds' : 'fails'} for '${input}'`,
      test: { pattern: condition.patternText, subject: input, holds: held },
    });
    return held;
  }

  /** Carries out a rule that matched. Returns the status to refuse the request with, if it must be refused. */
  #apply(rule: RewriteRule): number | undefined {
    const { flags, substitution } = rule;
    const path = substitution === undefined ? undefined : expand(substitution, this, flags.backReferences);
    if (path !== undefined) {
      this.steps?.push({ label: rule.label, text: `rewritten to '${path}'` });
      if (this.#isUnsafe3F(rule, path)) {
        this.steps?.push({
          label: rule.label,
          text: 'an encoded question mark became a query string without UnsafeAllow3F: answering 403',
        });
        return 403;
      }
    }
    for (const change of flags.environment) this.#changeEnvironment(rule, change);
    for (const cookie of flags.cookies) this.#addCookie(cookie);
    if (path === undefined) {
      this.#forceTypeAndHandler(rule);
      return undefined;
    }
    this.lastSubstitution = rule;
    if (this.#directory !== undefined && flags.discardPathInfo) this.pathInfo = '';
    this.filename = this.#anchored(this.#withoutQuery(rule, path), rule);
    if (flags.redirect) {
      this.filename = qualified(this.filename, this.request);
      this.redirectStatus = flags.redirectStatus;
      this.steps?.push({ label: rule.label, text: `redirects to '${this.filename}'` });
      return undefined;
    }
    this.filename = reduced(this.filename, this.request);
    if (schemeLength(this.filename) > 0) {
      this.redirectStatus = flags.redirectStatus;
      this.steps?.push({ label: rule.label, text: 'names another server, so it redirects' });
      return undefined;
    }
    this.#forceTypeAndHandler(rule);
    return undefined;
  }

  /** A '?' that the rule's author did not write, from a %3f that the client did. */
  #isUnsafe3F(rule: RewriteRule, path: string): boolean {
    return (
      !rule.flags.unsafeAllow3F &&
      path.includes('?') &&
      !rule.substitutionText.includes('?') &&
      /%3f/i.test(this.request.unparsedUri)
    );
  }

  /** Moves the query string of a substitution to where query strings are kept. */
  #withoutQuery(rule: RewriteRule, path: string): string {
    const { flags } = rule;
    if (schemeLength(path) > 0 && !takesQueryString(path)) {
      this.query = undefined;
      return path;
    }
    if (flags.queryDiscard) this.query = undefined;
    const mark = flags.queryLast ? path.lastIndexOf('?') : path.indexOf('?');
    if (mark === -1) return path;
    let own = path.slice(mark + 1);
    if (flags.queryAppend && this.query !== undefined) own = own === '' ? this.query : `${own}&${this.query}`;
    if (own.endsWith('&')) own = own.slice(0, -1);
    this.query = own === '' ? undefined : own;
    this.steps?.push({ label: rule.label, text: `the query string is now '${own}'` });
    return path.slice(0, mark);
  }

  /** A relative result belongs to the directory, or to the root in a server's rules. */
  #anchored(path: string, rule: RewriteRule): string {
    if (path.startsWith('/') || schemeLength(path) > 0) return path;
    if (this.#directory !== undefined) return this.#directory + path;
    return rule.flags.redirect ? path : `/${path}`;
  }

  #changeEnvironment(rule: RewriteRule, template: Template): void {
    const text = expand(template, this);
    const colon = text.indexOf(':');
    const change = text.startsWith('!')
      ? { name: text.slice(1), value: undefined }
      : { name: colon === -1 ? text : text.slice(0, colon), value: colon === -1 ? '' : text.slice(colon + 1) };
    this.#environment ??= [];
    this.#environment.push(change);
    this.steps?.push({
      label: rule.label,
      text: `${change.value === undefined ? 'unsets' : 'sets'} ${change.name}: '${change.value ?? ''}'`,
    });
  }

  #addCookie(template: Template): void {
    const cookie = parseCookie(expand(template, this), this.services.now());
    if (cookie === undefined || this.#cookies?.some(({ name }) => name === cookie.name) === true) return;
    this.#cookies ??= [];
    this.#cookies.push(cookie);
  }

  #forceTypeAndHandler({ flags }: RewriteRule): void {
    if (flags.mimeType !== undefined) this.#mimeType = expand(flags.mimeType, this).toLowerCase() || this.#mimeType;
    if (flags.handler !== undefined) this.#handler = expand(flags.handler, this).toLowerCase() || this.#handler;
  }
}
