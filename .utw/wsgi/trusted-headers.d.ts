/** The headers that WSGITrustedProxyHeaders understands, by what they tell. Names are those of environ. */
/** Within one meaning the headers are synonyms: of those that are trusted the last in the directive's order wins. */
export declare const trustedHeaderMeanings: Readonly<{
    client: string[];
    schemeText: string[];
    schemeFlag: string[];
    host: string[];
    server: string[];
    port: string[];
    mount: string[];
}>;
export declare const trustedHeaderNames: readonly string[];
/** `X-Forwarded-For` as environ has it. */
export declare function toEnvironName(header: string): string;
