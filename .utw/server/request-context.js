/** One request on its way through the server: what Apache keeps in its request_rec. Made and used by RequestHandler. */
const none = new Map();
export function environmentOf(context) {
    return context.environment ?? none;
}
export function setVariable(context, name, value) {
    context.environment ??= new Map();
    if (value === undefined)
        context.environment.delete(name);
    else
        context.environment.set(name, value);
}
/**
 * The variables as a request sees them that goes on from another inside the server: what they were is REDIRECT_ now,
 * and it is told where it comes from (ap_internal_redirect).
 */
export function renameEnvironment(context, status) {
    const renamed = new Map();
    for (const [name, value] of context.environment ?? none)
        renamed.set(`REDIRECT_${name}`, value);
    renamed.set('REDIRECT_URL', context.uri);
    renamed.set('REDIRECT_STATUS', String(status));
    if (context.query !== '')
        renamed.set('REDIRECT_QUERY_STRING', context.query);
    context.environment = renamed;
}
//# sourceMappingURL=request-context.js.map