/**
 * Byte strings: one character for each byte, as node:http gives header values and as PEP 3333 wants environ values.
 * Paths and configuration are ordinary strings; these convert between the two.
 */
/** The UTF-8 bytes of a text, one character each. */
export declare function toByteString(text: string): string;
/** The text whose UTF-8 bytes these are. Bytes that are no UTF-8 become U+FFFD: no file has such a name. */
export declare function fromByteString(bytes: string): string;
