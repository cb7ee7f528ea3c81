/**
 * What one access-log line is made of. The http child fills one of these when a response is over and hands it to the
 * compiled formats; nothing here is computed before a format asks for it, so lookups are methods.
 *
 * Text that came from the client or from a file name is kept as a byte string: one character for each byte
 * (latin-1), as node:http gives header values. Characters beyond that are logged as their UTF-8 bytes.
 */
export {};
//# sourceMappingURL=log-record.js.map