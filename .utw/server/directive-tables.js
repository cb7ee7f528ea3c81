/** The one list of everything that may stand in a configuration. A feature joins by its table being named here. */
import { Vocabulary } from '../conf/vocabulary.js';
import { wsgiDirectives } from '../wsgi/directives.js';
import { accessCompatDirectives, requireDirectives, requireSections } from './access-directives.js';
import { aliasDirectives } from './alias-directives.js';
import { coreFileDirectives } from './core-file-directives.js';
import { coreLimitsDirectives } from './core-limits-directives.js';
import { coreProcessDirectives } from './core-process-directives.js';
import { coreRequestDirectives } from './core-request-directives.js';
import { coreServerDirectives } from './core-server-directives.js';
import { dirDirectives } from './dir-directives.js';
import { envDirectives, setEnvIfDirectives } from './env-directives.js';
import { handlerDirectives } from './handler-directives.js';
import { errorLogDirectives, logDirectives } from './log-directives.js';
import { mimeDirectives } from './mime-directives.js';
import { mpmDirectives } from './mpm-directives.js';
import { rewriteDirectives } from './rewrite-directives.js';
/** Modules that LoadModule and IfModule may name and that have no directives of their own here. */
const furtherModules = [
    'mod_authz_host',
    'mod_authn_core',
    'mod_unixd',
    'mod_log_config',
    'mpm_event_module',
    'mod_mpm_event',
];
export const vocabulary = new Vocabulary([
    coreProcessDirectives,
    coreServerDirectives,
    coreRequestDirectives,
    coreFileDirectives,
    coreLimitsDirectives,
    handlerDirectives,
    mpmDirectives,
    errorLogDirectives,
    logDirectives,
    aliasDirectives,
    rewriteDirectives,
    envDirectives,
    setEnvIfDirectives,
    requireDirectives,
    accessCompatDirectives,
    dirDirectives,
    mimeDirectives,
    wsgiDirectives,
], furtherModules, requireSections);
//# sourceMappingURL=directive-tables.js.map