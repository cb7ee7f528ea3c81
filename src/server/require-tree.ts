/**
 * Reads Require lines and their containers from configuration nodes into the rules of http/access-rules.ts.
 * access-directives.ts calls it for what stands in a scope; the containers' children come here only.
 */

import { toByteString, toLowerAscii } from '../base/byte-string.js';
import { DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { Word } from '../conf/source.js';
import type { ConfigNode, SectionNode } from '../conf/tree.js';
import type { AccessCondition, RequireRule } from '../http/access-rules.js';
import { type IpNetwork, IpNetworkError, parseIpNetwork } from '../http/ip-network.js';
import { compileExpressionWord } from './expression-argument.js';
import { knownMethods } from './known-methods.js';
import { findLimitName, parseLimit } from './limit-sections.js';

/** Where warnings go, and what the lines are limited to. */
type Reporter = Pick<DirectiveLine, 'report' | 'limitedTo' | 'isAccessFile'>;
type ContainerName = 'RequireAll' | 'RequireAny' | 'RequireNone';

const containers: readonly ContainerName[] = ['RequireAll', 'RequireAny', 'RequireNone'];

/** Entities of users that other modules have. */
const authenticationEntities: ReadonlySet<string> = new Set([
  'file-owner',
  'file-group',
  'ldap-user',
  'ldap-group',
  'ldap-dn',
  'ldap-attribute',
  'ldap-filter',
  'dbm-group',
  'dbm-file-group',
  'dbd-group',
  'dbd-login',
  'dbd-logout',
]);

/** The rules that `nodes` make within a container of this name. @throws DirectiveError */
export function parseRequireTree(
  nodes: readonly ConfigNode[],
  container: ContainerName,
  reporter: Reporter,
): readonly RequireRule[] {
  return nodes.flatMap((node): readonly RequireRule[] => {
    const limitName = node.kind === 'section' ? findLimitName(node.name) : undefined;
    if (node.kind === 'section' && limitName !== undefined) {
      const isAccessFile = reporter.isAccessFile === true;
      const limitedTo = parseLimit(limitName, node.args, { ...reporter, isAccessFile });
      return parseRequireTree(node.children, container, { report: reporter.report, isAccessFile, limitedTo });
    }
    if (node.kind === 'section') return [parseRequireSection(node, container, reporter)];
    if (node.name.toLowerCase() === 'require') return [parseRequireLine(node, container, reporter)];
    throw new DirectiveError(`${node.name} may not stand in <${container}>, only Require may`, nameWord(node));
  });
}

/** One container that stands within `container`. @throws DirectiveError */
export function parseRequireSection(node: SectionNode, container: ContainerName, reporter: Reporter): RequireRule {
  const name = containers.find((one) => one.toLowerCase() === node.name.toLowerCase());
  const at = nameWord(node);
  if (name === undefined) throw new DirectiveError(`<${node.name}> may not stand in <${container}>`, at);
  if (node.rawArgs !== '') throw new DirectiveError(`<${name}> takes no arguments`, node.args[0] ?? at);
  if (name === 'RequireNone') checkNegated(`<${name}>`, container, at);
  const rules = parseRequireTree(node.children, name, reporter);
  if (rules.length === 0) throw new DirectiveError(`<${name}> contains no Require line, so it would say nothing`, at);
  if (name === 'RequireAll' && rules.every((rule) => rule.negated)) {
    throw new DirectiveError(`<${name}> contains only negated rules, which can never grant access`, at);
  }
  return { kind: 'group', operator: name === 'RequireAll' ? 'all' : 'any', negated: name === 'RequireNone', rules };
}

/** One Require line that stands within `container`. @throws DirectiveError */
export function parseRequireLine(
  line: Pick<DirectiveLine, 'args' | 'rawArgs'>,
  container: ContainerName,
  reporter: Reporter,
): RequireRule {
  const negated = line.args[0]?.text.toLowerCase() === 'not';
  if (negated) checkNegated("'Require not'", container, line.args[0]);
  const entity = line.args[negated ? 1 : 0];
  if (entity === undefined)
    throw new DirectiveError(
      'Require needs to be told what: all, ip, local, host, method, env, expr, valid-user, user, group or wsgi-group',
    );
  const words = line.args.slice(negated ? 2 : 1);
  const condition =
    entity.text === 'expr' ? parseExpression(line.rawArgs, entity, words) : parseCondition(entity, words, reporter);
  const { limitedTo } = reporter;
  return { kind: 'condition', condition, negated, ...(limitedTo === undefined ? {} : { limitedTo }) };
}

/** @throws DirectiveError that points at the word */
export function parseNetworkWord(word: Word): IpNetwork {
  try {
    return parseIpNetwork(word.text);
  } catch (error) {
    if (error instanceof IpNetworkError) throw new DirectiveError(error.message, word);
    throw error;
  }
}

/** Host names need a lookup for every client, which is not done. */
export function warnAboutHostNames(reporter: Reporter, words: readonly Word[]): void {
  for (const word of words) {
    reporter.report(
      'warning',
      `the names of clients are not looked up, so '${word.text}' only matches where the name is known otherwise: use IP addresses`,
      word.position,
    );
  }
}

/** A negated rule only takes away what another one grants, which needs RequireAll around both. */
function checkNegated(what: string, container: ContainerName, word: Word | undefined): void {
  if (container === 'RequireAll') return;
  throw new DirectiveError(
    `${what} has no effect in <${container}>: put it into <RequireAll> with a rule that grants`,
    word,
  );
}

function parseCondition(entity: Word, words: readonly Word[], reporter: Reporter): AccessCondition {
  const needWords = (): readonly Word[] => {
    if (words.length === 0) throw new DirectiveError(`'Require ${entity.text}' needs an argument`, entity);
    return words;
  };
  switch (entity.text) {
    case 'all':
      return { kind: 'all', granted: parseGranted(entity, words) };
    case 'ip':
      return { kind: 'ip', networks: needWords().map(parseNetworkWord) };
    case 'local':
      return { kind: 'local' };
    case 'method':
      return { kind: 'method', methods: new Set(needWords().map(parseMethod)) };
    case 'env':
      return { kind: 'env', variables: needWords().map((word) => word.text) };
    case 'host':
      warnAboutHostNames(reporter, needWords());
      return { kind: 'host', names: words.map((word) => word.text.toLowerCase()) };
    case 'valid-user':
      return { kind: 'valid-user' };
    case 'user':
      return { kind: 'user', names: new Set(needWords().map(parseName)) };
    case 'group':
      return { kind: 'group', source: 'file', names: lowerCase(needWords().map(parseName)) };
    case 'wsgi-group':
      return { kind: 'group', source: 'script', names: lowerCase(needWords().map(parseName)) };
    default:
      throw new DirectiveError(unsupportedEntity(entity.text), entity);
  }
}

/** The rest of the line, blanks and all; quotes around the whole of it are not part of it. */
function parseExpression(rawArgs: string, entity: Word, words: readonly Word[]): AccessCondition {
  const [first] = words;
  if (first === undefined) throw new DirectiveError("'Require expr' needs an expression", entity);
  const text = rawArgs.replace(/^(?:not\s+)?\S+\s+/i, '');
  const isQuoted = /^".*"$/s.test(text) && text.length > 1;
  const word = { text: isQuoted ? text.slice(1, -1) : text, position: first.position };
  return { kind: 'expression', expression: compileExpressionWord(word, isQuoted ? 1 : 0) };
}

function parseGranted(entity: Word, words: readonly Word[]): boolean {
  const text = words.length === 1 ? words[0]?.text.toLowerCase() : undefined;
  if (text === 'granted' || text === 'denied') return text === 'granted';
  throw new DirectiveError("'Require all' must be followed by granted or denied", words[0] ?? entity);
}

/** Of a user or group, as the bytes that clients and files have it in. */
function parseName(word: Word): string {
  if (word.text.includes('%{')) throw new DirectiveError(`expressions are not evaluated here: '${word.text}'`, word);
  return toByteString(word.text);
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(toLowerAscii));
}

function parseMethod(word: Word): string {
  if (!knownMethods.has(word.text))
    throw new DirectiveError(`'${word.text}' is not an HTTP method that can be named here`, word);
  return word.text === 'HEAD' ? 'GET' : word.text;
}

function unsupportedEntity(name: string): string {
  const lower = name.toLowerCase();
  if (authenticationEntities.has(lower))
    return `'Require ${name}' is not there: use valid-user, user, group or wsgi-group`;
  if (lower === 'forward-dns') return `'Require ${name}' is not supported yet`;
  return `'Require ${name}' is unknown: use all, ip, local, host, method, env, expr, valid-user, user, group or wsgi-group`;
}

function nameWord(node: ConfigNode): Word {
  return { text: node.name, position: node.position };
}
