/** A response on its way to one client: what every response carries, what the access log needs, and an honest end. */
import type { ServerResponse } from 'node:http';
import type { ResponseSink } from '../http/response-sink.js';
export declare function endsConnection(status: number): boolean;
export declare class HttpResponseSink implements ResponseSink {
    #private;
    constructor(response: ServerResponse, serverHeader: string);
    get hasBegun(): boolean;
    get pendingBytes(): number;
    /** Bytes of the body so far, for the access log. */
    get bodyBytes(): number;
    get wasTruncated(): boolean;
    begin(status: number, reason: string, headers: readonly string[], bodyBytes?: number): void;
    /** A field of the response as it was begun, for the access log; repeated ones joined. */
    findHeader(name: string): string | undefined;
    write(block: Buffer, onTaken: (bytes: number) => void): void;
    end(block?: Buffer): void;
    /** Bytes of a body that went past this sink (files are sent by their own handler). */
    countBody(bytes: number): void;
    truncate(isClientStuck?: boolean): void;
}
