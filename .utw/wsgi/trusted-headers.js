/** The headers that WSGITrustedProxyHeaders understands, by what they tell. Names are those of environ. */
/** Within one meaning the headers are synonyms: of those that are trusted the last in the directive's order wins. */
export const trustedHeaderMeanings = Object.freeze({
    client: ['HTTP_X_FORWARDED_FOR', 'HTTP_X_CLIENT_IP', 'HTTP_X_REAL_IP'],
    schemeText: ['HTTP_X_FORWARDED_PROTO', 'HTTP_X_FORWARDED_SCHEME', 'HTTP_X_SCHEME'],
    schemeFlag: ['HTTP_X_FORWARDED_HTTPS', 'HTTP_X_FORWARDED_SSL', 'HTTP_X_HTTPS'],
    host: ['HTTP_X_FORWARDED_HOST', 'HTTP_X_HOST'],
    server: ['HTTP_X_FORWARDED_SERVER'],
    port: ['HTTP_X_FORWARDED_PORT'],
    mount: ['HTTP_X_SCRIPT_NAME', 'HTTP_X_FORWARDED_SCRIPT_NAME'],
});
export const trustedHeaderNames = Object.values(trustedHeaderMeanings).flat();
/** `X-Forwarded-For` as environ has it. */
export function toEnvironName(header) {
    return `HTTP_${header.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}
//# sourceMappingURL=trusted-headers.js.map