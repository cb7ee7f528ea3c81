/**
 * What the engine is given: the request it works on and the services it may ask. Every string is a byte string (see
 * uri-escapes.ts); whoever turns a path into a file name must encode it as latin1.
 */
export {};
//# sourceMappingURL=rewrite-request.js.map