/**
 * What SetEnvIf and BrowserMatch do with a request: rules in, changes to the environment out (mod_setenvif.c,
 * match_headers). Pure; the table in env-directives.ts makes the rules.
 */
export type RequestAttribute = 'Remote_Addr' | 'Remote_Host' | 'Request_Method' | 'Request_Protocol' | 'Request_URI' | 'Server_Addr';
export declare const REQUEST_ATTRIBUTES: readonly RequestAttribute[];
/** What a rule looks at. */
export type SetEnvIfSubject = {
    readonly kind: 'attribute';
    readonly attribute: RequestAttribute;
}
/** A header, or where the request has none of that name a variable that is already set. */
 | {
    readonly kind: 'name';
    readonly name: string;
}
/** The last header whose name matches. */
 | {
    readonly kind: 'header-pattern';
    readonly pattern: RegExp;
};
export interface VariableChange {
    readonly name: string;
    /** Undefined takes the variable away. */
    readonly value: string | undefined;
}
export interface SetEnvIfRule {
    readonly subject: SetEnvIfSubject;
    readonly pattern: RegExp;
    /** Whether $0 to $9 in values stand for groups: not where the pattern is plain text, as in Apache. */
    readonly substitutes: boolean;
    readonly changes: readonly VariableChange[];
}
/** The request as the rules see it. */
export interface SetEnvIfRequest {
    readonly clientAddress: string;
    readonly serverAddress: string;
    readonly method: string;
    readonly protocol: string;
    /** The decoded path without the query. */
    readonly path: string;
    /** In the order of arrival, names in any case; repeated headers already joined. */
    readonly headers: Iterable<readonly [name: string, value: string]>;
}
/** Carries out the rules in order on `environment`; later ones see what earlier ones set. */
export declare function applySetEnvIf(rules: readonly SetEnvIfRule[], request: SetEnvIfRequest, environment: Map<string, string>): void;
/** Whether Apache compares this pattern as plain text: no metacharacter but escaped ones. */
export declare function isPlainPattern(pattern: string): boolean;
