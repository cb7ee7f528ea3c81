/** The scripts that mod_wsgi asks about clients and users: may this host come in, is this the password, which groups. */

import type { DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import { wsgi, wsgiFlag } from './directive-shapes.js';
import { parseServerScript } from './script-alias-directives.js';
import { type WsgiAuthScript, wsgiSettings } from './settings.js';

/** Apache's OR_AUTHCFG: sections and .htaccess only. */
const place = { contexts: ['directory', '.htaccess'], override: 'AuthConfig' } as const;
const syntax = 'file-path [application-group=name]';
function scriptDirective(
  setting: Setting<WsgiAuthScript>,
  name: string,
  kind: string,
  summary: string,
): DirectiveDefinition {
  return {
    ...wsgi(name, syntax, summary),
    ...place,
    args: 'raw',
    difference:
      'The script runs in a process of its own, as http children have no Python. That process is started where the configuration has such a line; one in .htaccess alone is answered with 500.',
    apply: (line, scope) => scope.set(setting, parseServerScript(line, kind), line.position),
  };
}

const flag = wsgiFlag(
  wsgiSettings.groupAuthoritative,
  'WSGIGroupAuthoritative',
  'Has no effect: mod_wsgi reads the line and since Apache 2.4 never asks for it.',
  { ...place, default: 'On' },
);

const groupAuthoritative: DirectiveDefinition = {
  ...flag,
  difference: 'Off is reported.',
  apply(line, scope) {
    flag.apply(line, scope);
    if (line.args[0]?.text.toLowerCase() === 'off') {
      line.report('warning', 'WSGIGroupAuthoritative has no effect, as in mod_wsgi: Require decides by its containers');
    }
  },
};

export const authScriptDirectives: readonly DirectiveDefinition[] = [
  scriptDirective(
    wsgiSettings.accessScript,
    'WSGIAccessScript',
    'access',
    'A script whose function allow_access(environ, host) says whether a client may come in: True, False (403), or None to leave it to Require and Order. host is the address of the client.',
  ),
  scriptDirective(
    wsgiSettings.authUserScript,
    'WSGIAuthUserScript',
    'user authentication',
    'A script for AuthBasicProvider wsgi. Its function check_password(environ, user, password) returns True, False (401), None where there is no such user and the next provider is asked, or the name that the user has from then on.',
  ),
  scriptDirective(
    wsgiSettings.authGroupScript,
    'WSGIAuthGroupScript',
    'group authorization',
    'A script for Require wsgi-group. Its function groups_for_user(environ, user) returns the names of the groups.',
  ),
  groupAuthoritative,
];
