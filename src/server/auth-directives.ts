/**
 * The directives that make users known: AuthType and AuthName (mod_authn_core), mod_auth_basic, and the files of
 * mod_authn_file and mod_authz_groupfile. `findAuthorization` puts together what a scope's requests need of them.
 */

import { toByteString } from '../base/byte-string.js';
import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  flagDirective,
  valueDirective,
} from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import { asksForUser } from '../http/access-rules.js';
import { type WsgiAuthScript, wsgiSettings } from '../wsgi/settings.js';
import { forbiddenOnFailure, requireRules } from './access-directives.js';

export type AuthProvider = 'file' | 'wsgi';

export const authSettings = Object.freeze({
  /** As it is written, for AUTH_TYPE; '' is None. */
  type: { id: 'mod_authn_core.type' } as Setting<string>,
  /** Quotes in it are escaped already. */
  name: { id: 'mod_authn_core.name' } as Setting<string>,
  providers: { id: 'mod_auth_basic.providers' } as Setting<readonly AuthProvider[]>,
  isAuthoritative: { id: 'mod_auth_basic.authoritative' } as Setting<boolean>,
  userFile: { id: 'mod_authn_file.user-file' } as Setting<string>,
  groupFile: { id: 'mod_authz_groupfile.group-file' } as Setting<string>,
  passAuthorization: { id: 'core.cgi-pass-auth' } as Setting<boolean>,
});

/** What it takes to admit a request where Require and Order alone can't tell. */
export interface AuthorizationPlan {
  /** AUTH_TYPE; undefined where users can't be made known. */
  readonly type: string | undefined;
  /** The challenge of a 401; undefined where AuthName is missing. */
  readonly challenge: string | undefined;
  readonly providers: readonly AuthProvider[];
  readonly isAuthoritative: boolean;
  readonly userFile: string | undefined;
  readonly groupFile: string | undefined;
  readonly accessScript: WsgiAuthScript | undefined;
  readonly userScript: WsgiAuthScript | undefined;
  readonly groupScript: WsgiAuthScript | undefined;
  /** AuthzSendForbiddenOnFailure */
  readonly forbidsOnFailure: boolean;
}

/** Undefined where nobody needs to be asked who they are: the usual case, which costs nothing. */
export function findAuthorization(settings: Settings): AuthorizationPlan | undefined {
  const type = settings.find(authSettings.type) || undefined;
  const rule = settings.find(requireRules)?.rule;
  const accessScript = settings.find(wsgiSettings.accessScript);
  const needsUser = rule === undefined ? type !== undefined : asksForUser(rule);
  if (!needsUser && accessScript === undefined) return undefined;
  const name = settings.find(authSettings.name);
  return {
    type,
    challenge: name === undefined ? undefined : `Basic realm="${toByteString(name)}"`,
    providers: settings.get(authSettings.providers, ['file']),
    isAuthoritative: settings.get(authSettings.isAuthoritative, true),
    userFile: settings.find(authSettings.userFile),
    groupFile: settings.find(authSettings.groupFile),
    accessScript,
    userScript: settings.find(wsgiSettings.authUserScript),
    groupScript: settings.find(wsgiSettings.authGroupScript),
    forbidsOnFailure: settings.get(forbiddenOnFailure, false),
  };
}

const inSections = { contexts: ['directory', '.htaccess'], override: 'AuthConfig' } as const;

function parseType(word: Word): string {
  switch (word.text.toLowerCase()) {
    case 'none':
      return '';
    case 'basic':
      return word.text;
    case 'digest':
      throw new DirectiveError(
        'AuthType Digest is not there: use Basic over TLS, with AuthUserFile of htpasswd or WSGIAuthUserScript',
        word,
      );
    default:
      throw new DirectiveError(`AuthType ${word.text} is not there: use Basic or None`, word);
  }
}

/** A quote ends the realm unless a backslash stands before it (ap_escape_quotes). */
function escapeQuotes(text: string): string {
  return text.replace(/\\.|"|\\$/gs, (found) => (found === '"' ? '\\"' : found));
}

function parseName(word: Word): string {
  if (/[\r\n\0]/.test(word.text)) throw new DirectiveError('AuthName must be of one line', word);
  return escapeQuotes(word.text);
}

const providerNames: Readonly<Record<string, AuthProvider>> = { file: 'file', wsgi: 'wsgi' };

function parseProvider(word: Word): AuthProvider {
  const provider = Object.hasOwn(providerNames, word.text) ? providerNames[word.text] : undefined;
  if (provider !== undefined) return provider;
  throw new DirectiveError(`Unknown Authn provider: ${word.text}; there are file and wsgi`, word);
}

function fileDirective(
  setting: Setting<string>,
  shared: Pick<DirectiveDefinition, 'name' | 'module' | 'summary'>,
): DirectiveDefinition {
  return valueDirective(setting, { ...shared, ...inSections, syntax: 'file-path' }, (word, line: DirectiveLine) => {
    if (word.text === '') throw new DirectiveError(`${shared.name} must name a file`, word);
    return line.serverRootRelative(word.text);
  });
}

export const authDirectives: readonly DirectiveDefinition[] = [
  valueDirective(
    authSettings.type,
    {
      name: 'AuthType',
      module: 'mod_authn_core',
      ...inSections,
      syntax: 'None|Basic',
      default: 'None',
      summary:
        'How users prove who they are. Basic asks them for a name and a password, which the providers of AuthBasicProvider check. Users are asked where a Require line needs to know them; None takes back what an outer section says.',
      difference:
        'Digest and Form are errors. Basic over TLS protects passwords better than Digest does, for which the server must keep what is as good as the password.',
    },
    parseType,
  ),
  valueDirective(
    authSettings.name,
    {
      name: 'AuthName',
      module: 'mod_authn_core',
      ...inSections,
      syntax: 'auth-domain',
      summary: 'The realm that browsers show when they ask for a password. AuthType Basic needs it.',
    },
    parseName,
  ),
  {
    name: 'AuthBasicProvider',
    module: 'mod_auth_basic',
    ...inSections,
    syntax: 'file|wsgi [file|wsgi]',
    args: { min: 1, max: Number.MAX_SAFE_INTEGER },
    default: 'file',
    summary:
      'Who checks passwords: the file of AuthUserFile, or WSGIAuthUserScript. Of several the next is asked where one does not know the user.',
    difference: 'There are no other providers, such as those of LDAP and databases: a WSGIAuthUserScript can ask them.',
    apply(line, scope) {
      const added = line.args.map(parseProvider);
      scope.update(authSettings.providers, (previous) => [...(previous ?? []), ...added], line.position);
    },
  },
  flagDirective(authSettings.isAuthoritative, {
    name: 'AuthBasicAuthoritative',
    module: 'mod_auth_basic',
    ...inSections,
    default: 'On',
    summary:
      'Whether a user whom no provider knows gets 401. Off leaves the user to other modules; as there are none, the answer is 500 then, as it is in Apache without such a module.',
  }),
  fileDirective(authSettings.userFile, {
    name: 'AuthUserFile',
    module: 'mod_authn_file',
    summary:
      'The users and their passwords, as htpasswd writes them: bcrypt, the MD5 of Apache, SHA-1, and SHA-256 and SHA-512 of crypt. A changed file is read again within a second.',
  }),
  fileDirective(authSettings.groupFile, {
    name: 'AuthGroupFile',
    module: 'mod_authz_groupfile',
    summary:
      'The groups for Require group: lines of a name, a colon and the users. A changed file is read again within a second.',
  }),
  flagDirective(authSettings.passAuthorization, {
    name: 'CGIPassAuth',
    module: 'core',
    ...inSections,
    default: 'Off',
    summary: 'Whether applications get the header Authorization, as WSGIPassAuthorization On has it.',
    difference: 'Proxy-Authorization is never passed on.',
  }),
];
