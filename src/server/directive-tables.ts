/** The one list of everything that may stand in a configuration. A feature joins by its table being named here. */

import { Vocabulary } from '../conf/vocabulary.js';
import { wsgiDirectives } from '../wsgi/directives.js';
import { interpreterSections } from '../wsgi/interpreter-options.js';
import { accessCompatDirectives, requireDirectives, requireSections } from './access-directives.js';
import { aliasDirectives } from './alias-directives.js';
import { authDirectives } from './auth-directives.js';
import { autoindexDirectives } from './autoindex-directives.js';
import { conditionSections } from './condition-sections.js';
import { coreFileDirectives } from './core-file-directives.js';
import { coreLimitsDirectives } from './core-limits-directives.js';
import { coreProcessDirectives } from './core-process-directives.js';
import { coreRequestDirectives } from './core-request-directives.js';
import { coreServerDirectives } from './core-server-directives.js';
import { dirDirectives } from './dir-directives.js';
import { envDirectives, setEnvIfDirectives } from './env-directives.js';
import { expiresDirectives } from './expires-directives.js';
import { filterDirectives } from './filter-directives.js';
import { handlerDirectives } from './handler-directives.js';
import { harmlessDirectives } from './harmless-directives.js';
import { headersDirectives } from './headers-directives.js';
import { limitSections } from './limit-sections.js';
import { errorLogDirectives, logDirectives } from './log-directives.js';
import { mimeDirectives } from './mime-directives.js';
import { mpmDirectives } from './mpm-directives.js';
import { overrideDirectives } from './override-directives.js';
import { remoteIpDirectives } from './remoteip-directives.js';
import { reqTimeoutDirectives } from './reqtimeout-directives.js';
import { rewriteDirectives } from './rewrite-directives.js';
import { sslDirectives } from './ssl-directives.js';

/** Modules that LoadModule and IfModule may name and that have no directives of their own here. */
const furtherModules = [
  'mod_authz_host',
  'mod_authz_user',
  'mod_unixd',
  'mod_log_config',
  'mpm_prefork_module',
  'mpm_worker_module',
  'mpm_event_module',
];

export const vocabulary = new Vocabulary(
  [
    coreProcessDirectives,
    coreServerDirectives,
    coreRequestDirectives,
    coreFileDirectives,
    overrideDirectives,
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
    authDirectives,
    dirDirectives,
    autoindexDirectives,
    mimeDirectives,
    headersDirectives,
    expiresDirectives,
    filterDirectives,
    sslDirectives,
    remoteIpDirectives,
    reqTimeoutDirectives,
    harmlessDirectives,
    wsgiDirectives,
  ],
  furtherModules,
  [...conditionSections, ...limitSections, ...requireSections, ...interpreterSections],
);
