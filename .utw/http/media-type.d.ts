/**
 * The media type of a file by its name, under mod_mime's rules and the core's ForceType and AddDefaultCharset. Pure; the
 * values come from server/mime-directives.ts, the answers go to server/static-handler.ts.
 */
/** What the directives say about one extension. A type of `null` was taken away by RemoveType. */
export interface ExtensionRule {
    readonly type?: string | null;
    readonly charset?: string;
    readonly encoding?: string;
}
/** By extension in lower case, without the dot. */
export type ExtensionRules = ReadonlyMap<string, ExtensionRule>;
/** Extension to type, as a mime.types file lists them. */
export type MimeTypes = ReadonlyMap<string, string>;
export interface MediaTypeRules {
    readonly extensions: ExtensionRules;
    readonly types: MimeTypes;
    /** ForceType. */
    readonly forced?: string | undefined;
    /** AddDefaultCharset; undefined for Off. */
    readonly defaultCharset?: string | undefined;
}
export interface MediaType {
    /** The whole Content-Type value; undefined where nothing is known about the name. */
    readonly contentType: string | undefined;
    /** The Content-Encoding value. */
    readonly contentEncoding: string | undefined;
}
/**
 * The types of the files that web sites are made of, for servers without TypesConfig. Without charset, as Apache sends
 * them; rarer types come from the table of the `send` library.
 */
export declare const commonMimeTypes: MimeTypes;
/** An inner scope's rules over an outer one's, each part of each extension by itself. */
export declare function mergeExtensionRules(outer: ExtensionRules, inner: ExtensionRules): ExtensionRules;
/** Reads a mime.types file: a type and its extensions on each line, # before remarks. */
export declare function parseMimeTypes(text: string): MimeTypes;
/**
 * Every extension of the name counts: the last one that has a type gives the type, encodings add up. Letter case does
 * not matter, and unknown extensions say nothing.
 */
export declare function mediaTypeOf(fileName: string, rules: MediaTypeRules): MediaType;
