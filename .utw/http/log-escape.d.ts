/**
 * Escaping for the logs, so that no client can forge a line or drive a terminal. Access-log fields follow
 * mod_log_config (everything but printable ASCII, and the quote and backslash that would end a quoted field).
 */
/** One field of an access-log line. `text` is a byte string; characters above U+00FF are escaped as UTF-8 bytes. */
export declare function escapeLogField(text: string): string;
/**
 * A message of the error log. Control characters, line separators and the backslash are escaped as Apache does it;
 * printable text beyond ASCII, which Apache turns to \xhh as well, stays readable.
 */
export declare function escapeLogMessage(text: string): string;
