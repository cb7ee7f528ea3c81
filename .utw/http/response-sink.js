/**
 * Where a handler puts its response. The server implements it over a connection: it adds what every response carries,
 * counts bytes for the access log, and knows what HEAD, 204 and 304 do to a body.
 */
export {};
//# sourceMappingURL=response-sink.js.map