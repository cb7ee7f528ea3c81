/** Every directive of mod_wsgi, as one table. The rows are in the files named for what they are about. */
import { absentDirectives } from './absent-directives.js';
import { daemonDirectives } from './daemon-directives.js';
import { notYet } from './not-yet.js';
import { pythonDirectives } from './python-directives.js';
import { requestDirectives } from './request-directives.js';
import { scriptAliasDirectives } from './script-alias-directives.js';
export const wsgiDirectives = [
    ...scriptAliasDirectives,
    ...requestDirectives,
    ...daemonDirectives,
    ...pythonDirectives,
    ...absentDirectives,
].map(notYet);
//# sourceMappingURL=directives.js.map