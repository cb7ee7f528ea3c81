/**
 * Escaping as mod_rewrite does it. All strings here are byte strings, as in PEP 3333: each character is one byte, and
 * text from the configuration becomes that through `toByteString`.
 */
/** Configuration text as the bytes that Apache sees. */
export declare function toByteString(text: string): string;
/** Escapes a path or query string for a Location header, as int:escape does too. */
export declare function escapePath(path: string): string;
/** Undoes %XX; a malformed one stays. A NUL ends the value, as it ends Apache's string. */
export declare function unescapePath(text: string): string;
/** How the flags B, BNP, BCTLS and BNE escape back-references. */
export interface BackReferenceEscape {
    /** B=...: escape only these. */
    readonly only: string | undefined;
    /** BNE=...: never escape these. */
    readonly except: string;
    /** BCTLS: escape only control characters and spaces. */
    readonly controlsOnly: boolean;
    /** A space becomes '+', or '%20' under BNP. */
    readonly spaceAsPlus: boolean;
}
/** A back-reference made fit for a URL. */
export declare function escapeBackReference(text: string, how: BackReferenceEscape): string;
/** Whether a query string holds a space or control character, which would let a request smuggle in another header. */
export declare function hasRawControls(query: string): boolean;
