/** mod_remoteip's directives: which proxies are believed when they say who the client is. */

import { readFileSync } from 'node:fs';
import { type DirectiveDefinition, DirectiveError, flagDirective, valueDirective } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Position, Problem, Word } from '../conf/source.js';
import { IpNetworkError, parseIpNetwork } from '../http/ip-network.js';
import type { ProxyNetwork, RemoteIpRules } from '../http/remote-ip.js';
import { getWord, parsePath, serverContexts } from './directive-arguments.js';

/** A file that lists proxies. */
interface ProxyFile {
  readonly path: string;
  readonly isInternal: boolean;
  readonly directive: string;
  readonly position: Position;
}

export const remoteIpSettings = Object.freeze({
  header: { id: 'mod_remoteip.header' } as Setting<string>,
  proxiesHeader: { id: 'mod_remoteip.proxies-header' } as Setting<string>,
  /** In the order of the lines: the first that has an address says what it is. */
  proxies: { id: 'mod_remoteip.proxies' } as Setting<readonly (ProxyNetwork | ProxyFile)[]>,
  proxyProtocol: { id: 'mod_remoteip.proxy-protocol' } as Setting<boolean>,
});

/** The rules of a server; undefined without RemoteIPHeader. Lists are read from their files. */
export function findRemoteIpRules(settings: Settings): RemoteIpRules | undefined {
  const header = settings.find(remoteIpSettings.header);
  if (header === undefined) return undefined;
  const proxies = expandLists(settings.get(remoteIpSettings.proxies, none));
  return { header: header.toLowerCase(), proxiesHeader: settings.find(remoteIpSettings.proxiesHeader), proxies };
}

/** What is wrong with the lists that lines name. Apache does not start with them either. */
export function checkProxyLists(settings: Settings): readonly Problem[] {
  return settings
    .get(remoteIpSettings.proxies, [])
    .flatMap((entry) => ('network' in entry ? [] : readList(entry).problems));
}

const none: readonly (ProxyNetwork | ProxyFile)[] = [];
/** Virtual hosts that have the main server's lines have its value. */
const expanded = new WeakMap<readonly (ProxyNetwork | ProxyFile)[], readonly ProxyNetwork[]>();

function expandLists(entries: readonly (ProxyNetwork | ProxyFile)[]): readonly ProxyNetwork[] {
  let proxies = expanded.get(entries);
  if (proxies === undefined) {
    proxies = entries.flatMap((entry) => ('network' in entry ? [entry] : readList(entry).proxies));
    expanded.set(entries, proxies);
  }
  return proxies;
}

/** Called before the http child gives up its rights, which may be what lets it read the file. */
function readList(file: ProxyFile): {
  readonly proxies: readonly ProxyNetwork[];
  readonly problems: readonly Problem[];
} {
  const { path, isInternal, directive, position } = file;
  const proxies: ProxyNetwork[] = [];
  const problems: Problem[] = [];
  try {
    for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
      for (const text of line.replace(/#.*/, '').trim().split(/\s+/)) {
        if (text === '') continue;
        try {
          proxies.push({ network: parseIpNetwork(text), isInternal });
        } catch (error) {
          if (!(error instanceof IpNetworkError)) throw error;
          const message = `line ${index + 1} of '${path}': ${error.message}`;
          problems.push({ severity: 'error', position, message, directive });
        }
      }
    }
  } catch (error) {
    const message = `the list of proxies can't be read: ${error instanceof Error ? error.message : String(error)}`;
    problems.push({ severity: 'error', position, message, directive });
  }
  return { proxies, problems };
}

function parseNetwork(word: Word): ProxyNetwork['network'] {
  try {
    return parseIpNetwork(word.text);
  } catch (error) {
    if (!(error instanceof IpNetworkError)) throw error;
    const isName = /^[a-z0-9.-]*[a-z][a-z0-9.-]*$/i.test(word.text);
    throw new DirectiveError(
      isName ? `host names are not looked up here, write the address of '${word.text}'` : error.message,
      word,
    );
  }
}

function parseHeaderName(word: Word): string {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(word.text))
    throw new DirectiveError(`'${word.text}' is no name of a header`, word);
  return word.text;
}

function proxiesDirective(name: string, isInternal: boolean, summary: string): DirectiveDefinition {
  return {
    name,
    module: 'mod_remoteip',
    contexts: serverContexts,
    syntax: 'ip-address[/mask] ...',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary,
    difference: 'Host names are not looked up.',
    apply(line, scope) {
      const added = line.args.map((word) => ({ network: parseNetwork(word), isInternal }));
      scope.update(remoteIpSettings.proxies, (previous) => [...(previous ?? []), ...added], line.position);
    },
  };
}

function listDirective(name: string, isInternal: boolean, of: string): DirectiveDefinition {
  return {
    name,
    module: 'mod_remoteip',
    contexts: serverContexts,
    syntax: 'file-path',
    args: { min: 1, max: 1 },
    summary: `A file of addresses for ${of}, with # before remarks; read at start and at each reload.`,
    apply(line, scope) {
      const file: ProxyFile = {
        path: parsePath(getWord(line, 0), line, name),
        isInternal,
        directive: name,
        position: line.position,
      };
      scope.update(remoteIpSettings.proxies, (previous) => [...(previous ?? []), file], line.position);
    },
  };
}

export const remoteIpDirectives: readonly DirectiveDefinition[] = [
  valueDirective(
    remoteIpSettings.header,
    {
      name: 'RemoteIPHeader',
      module: 'mod_remoteip',
      contexts: serverContexts,
      syntax: 'header-field',
      summary:
        'The header in which proxies tell for whom they ask, as X-Forwarded-For. It is read from its end for as long as the one before is trusted; who is found counts as the client for access rules, REMOTE_ADDR and logs (%a), and what was read is taken out of the header.',
    },
    parseHeaderName,
  ),
  proxiesDirective(
    'RemoteIPInternalProxy',
    true,
    'Proxies of the own network: they are believed, also about clients with private addresses, and are not told to anybody.',
  ),
  listDirective('RemoteIPInternalProxyList', true, 'RemoteIPInternalProxy'),
  proxiesDirective(
    'RemoteIPTrustedProxy',
    false,
    'Proxies elsewhere: they are believed, but about private addresses. Without a line of these kinds every peer is.',
  ),
  listDirective('RemoteIPTrustedProxyList', false, 'RemoteIPTrustedProxy'),
  valueDirective(
    remoteIpSettings.proxiesHeader,
    {
      name: 'RemoteIPProxiesHeader',
      module: 'mod_remoteip',
      contexts: serverContexts,
      syntax: 'header-field',
      summary: 'The header in which the application finds the trusted proxies that the request went through.',
    },
    parseHeaderName,
  ),
  {
    ...flagDirective(remoteIpSettings.proxyProtocol, {
      name: 'RemoteIPProxyProtocol',
      module: 'mod_remoteip',
      contexts: serverContexts,
      default: 'Off',
      summary: "Whether connections begin with HAProxy's PROXY header.",
      difference: 'On is an error: have the proxy send X-Forwarded-For.',
    }),
    apply(line) {
      const word = getWord(line, 0);
      if (word.text.toLowerCase() === 'off') return;
      throw new DirectiveError(
        'RemoteIPProxyProtocol is not supported: have the proxy send X-Forwarded-For, and use RemoteIPHeader',
        word,
      );
    },
  },
];
