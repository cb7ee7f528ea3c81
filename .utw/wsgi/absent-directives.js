/**
 * WSGI directives of which this build has nothing but the name, so that their lines get a message that says so. What
 * becomes of a line is said in not-yet.ts; work that brings one of them moves its row to a table of its own.
 */
import { globalOnly, MANY, serversAndSections, wsgi } from './directive-shapes.js';
function absent(name, syntax, summary, place) {
    return { ...wsgi(name, syntax, summary), ...place, args: { min: 1, max: MANY }, apply: () => { } };
}
/** Apache's OR_AUTHCFG: sections and .htaccess only. */
const authentication = { contexts: ['directory', '.htaccess'], override: 'AuthConfig' };
const script = 'file-path [application-group=name]';
export const absentDirectives = [
    absent('WSGIDispatchScript', script, 'A script that chooses where each request runs.', {
        contexts: serversAndSections,
    }),
    absent('WSGIHandlerScript', 'name file-path [process-group=name] [application-group=name] [pass-authorization=On|Off]', 'A script that answers as a handler, for SetHandler and AddHandler.', { contexts: serversAndSections }),
    absent('WSGIAccessScript', script, 'A script that says which clients may come in.', authentication),
    absent('WSGIAuthUserScript', script, 'A script that checks names and passwords.', authentication),
    absent('WSGIAuthGroupScript', script, 'A script that says to which groups a user belongs.', authentication),
    absent('WSGIGroupAuthoritative', 'On|Off', 'Whether the groups of WSGIAuthGroupScript decide alone.', authentication),
    absent('WSGITelemetryService', 'unix:file-path [interval=seconds]', 'A socket to which each process reports its figures.', {
        contexts: globalOnly,
    }),
    absent('WSGISlowRequests', 'seconds', 'From what time on a request is reported as slow.', { contexts: globalOnly }),
    absent('WSGITelemetryOptions', '[+|-]flag ...|None|All', 'What the reports of WSGITelemetryService hold.', {
        contexts: globalOnly,
    }),
];
//# sourceMappingURL=absent-directives.js.map