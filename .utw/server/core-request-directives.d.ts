/** How paths of requests are read and what answers to errors look like. Directives of httpd's core. */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import { type ErrorResponse } from '../http/error-response.js';
export declare const encodedSlashesChoices: readonly ['On', 'Off', 'NoDecode'];
export type EncodedSlashes = (typeof encodedSlashesChoices)[number];
export declare const acceptPathInfoChoices: readonly ['On', 'Off', 'Default'];
export type AcceptPathInfo = (typeof acceptPathInfoChoices)[number];
/** The words of HttpProtocolOptions that say something; undefined where no line does. */
export interface HttpProtocolOptions {
    readonly strictness: 'Strict' | 'Unsafe' | undefined;
    readonly methods: 'RegisteredMethods' | 'LenientMethods' | undefined;
    readonly oldest: 'Allow0.9' | 'Require1.0' | undefined;
}
export declare const requestSettings: Readonly<{
    /** By status code. */
    errorDocuments: Setting<ReadonlyMap<number, ErrorResponse>>;
    allowEncodedSlashes: Setting<EncodedSlashes>;
    mergeSlashes: Setting<boolean>;
    acceptPathInfo: Setting<AcceptPathInfo>;
    traceEnable: Setting<boolean>;
    httpProtocolOptions: Setting<HttpProtocolOptions>;
}>;
export declare const coreRequestDirectives: readonly DirectiveDefinition[];
