/**
 * The Host field and the authority of a URL, checked as strictly as Apache 2.4 does under HttpProtocolOptions Strict.
 * The http child picks the virtual host by the name that comes out of here.
 */
export interface Host {
    /** Lower case, without a dot at the end; an IPv6 address without its brackets. */
    readonly name: string;
    /** undefined where none was given. */
    readonly port: number | undefined;
}
/**
 * The Host of a request; undefined where an HTTP/1.0 request names none.
 * @param values the values of all Host fields of the request
 * @param isHttp11 whether the request's version is 1.1 or later, which must name a host (RFC 9112 section 3.2)
 * @throws RequestError 400
 */
export declare function parseHostHeader(values: readonly string[], isHttp11: boolean): Host | undefined;
/** The values of the Host fields among node:http's rawHeaders. */
export declare function hostFieldsOf(rawHeaders: readonly string[]): readonly string[];
/** `name`, `name:port`, `[address]:port`; undefined where the text is malformed. */
export declare function findHost(text: string): Host | undefined;
