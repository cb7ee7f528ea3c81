/** Every directive of mod_wsgi, as one table. The rows are in the files named for what they are about. */

import type { DirectiveDefinition } from '../conf/directive.js';
import { absentDirectives } from './absent-directives.js';
import { authScriptDirectives } from './auth-script-directives.js';
import { daemonDirectives } from './daemon-directives.js';
import { notYet } from './not-yet.js';
import { pythonDirectives } from './python-directives.js';
import { requestDirectives } from './request-directives.js';
import { scriptAliasDirectives } from './script-alias-directives.js';

export const wsgiDirectives: readonly DirectiveDefinition[] = [
  ...scriptAliasDirectives,
  ...requestDirectives,
  ...authScriptDirectives,
  ...daemonDirectives,
  ...pythonDirectives,
  ...absentDirectives,
].map(notYet);
