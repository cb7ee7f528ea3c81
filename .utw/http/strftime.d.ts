/**
 * strftime in the C locale and the local time zone, compiled once per format. Intl is not used: the offset comes from
 * Date.getTimezoneOffset, so a changed TZ or a daylight-saving change is followed.
 */
/** `+0100`, as %z and the common log format write it. */
export declare function formatZoneOffset(date: Date): string;
/** Compiles a strftime format. Conversions that don't exist are left as written, as the C library does. */
export declare function compileStrftime(format: string): (date: Date) => string;
