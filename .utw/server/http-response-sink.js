/** A response on its way to one client: what every response carries, what the access log needs, and an honest end. */
/**
 * After these Apache closes the connection, whoever answered so (ap_status_drops_connection). After the last two client
 * and server may disagree on what comes next.
 */
const connectionEndingStatuses = new Set([400, 408, 411, 413, 414, 500, 501, 503, 417, 505]);
export function endsConnection(status) {
    return connectionEndingStatuses.has(status);
}
export class HttpResponseSink {
    #response;
    #serverHeader;
    #hasBegun = false;
    /** HEAD, 204 and 304: what is written of a body goes nowhere (RFC 9110 section 6.4.1). */
    #dropsBody = false;
    #isClosedByEnd = false;
    #pendingBytes = 0;
    #bodyBytes = 0;
    #wasTruncated = false;
    #headers = [];
    constructor(response, serverHeader) {
        this.#response = response;
        this.#serverHeader = serverHeader;
    }
    get hasBegun() {
        return this.#hasBegun;
    }
    get pendingBytes() {
        return this.#pendingBytes;
    }
    /** Bytes of the body so far, for the access log. */
    get bodyBytes() {
        return this.#bodyBytes;
    }
    get wasTruncated() {
        return this.#wasTruncated;
    }
    begin(status, reason, headers, bodyBytes) {
        const hasOwnLength = hasLength(headers);
        const isHead = this.#response.req.method === 'HEAD';
        this.#dropsBody = isHead || status === 204 || status === 304;
        // 204 and 304 have no body to describe, whoever does (RFC 9110 sections 8.6 and 15.4.5, AP_STATUS_IS_HEADER_ONLY).
        const kept = status === 204 || status === 304 ? withoutBodyFields(headers) : headers;
        const all = ['Server', this.#serverHeader, ...kept];
        // Of an empty answer to HEAD nobody knows how long the one to GET would be.
        const isLengthKnown = bodyBytes !== undefined && (!this.#dropsBody || (isHead && bodyBytes > 0));
        if (isLengthKnown && !hasOwnLength)
            all.push('Content-Length', String(bodyBytes));
        this.#isClosedByEnd = !hasOwnLength && !isLengthKnown && this.#response.req.httpVersion === '1.0';
        if (endsConnection(status))
            this.#response.shouldKeepAlive = false;
        this.#response.writeHead(status, reason, all);
        this.#headers = all;
        this.#hasBegun = true;
    }
    /** A field of the response as it was begun, for the access log; repeated ones joined. */
    findHeader(name) {
        const wanted = name.toLowerCase();
        const found = [];
        for (let at = 0; at + 1 < this.#headers.length; at += 2) {
            if (this.#headers[at]?.toLowerCase() === wanted)
                found.push(this.#headers[at + 1] ?? '');
        }
        return found.length === 0 ? undefined : found.join(', ');
    }
    write(block, onTaken) {
        const bytes = block.length;
        if (!this.#dropsBody)
            this.#bodyBytes += bytes;
        this.#pendingBytes += bytes;
        this.#response.write(block, () => {
            this.#pendingBytes -= bytes;
            onTaken(bytes);
        });
    }
    end(block) {
        if (block === undefined) {
            this.#response.end();
            return;
        }
        if (!this.#dropsBody)
            this.#bodyBytes += block.length;
        this.#response.end(block);
    }
    /** Bytes of a body that went past this sink (files are sent by their own handler). */
    countBody(bytes) {
        this.#bodyBytes += bytes;
    }
    truncate(isClientStuck = false) {
        this.#wasTruncated = true;
        const { socket } = this.#response;
        if (socket === null || isClientStuck)
            this.#response.destroy();
        // What only the connection's end delimits would look complete: a reset does not.
        else if (this.#isClosedByEnd)
            socket.resetAndDestroy();
        // Without the last chunk, or with fewer bytes than Content-Length said, and then the connection's end.
        else
            socket.destroySoon();
    }
}
function withoutBodyFields(headers) {
    const kept = [];
    for (let at = 0; at + 1 < headers.length; at += 2) {
        const name = headers[at];
        if (!/^content-(?:length|type)$/i.test(name))
            kept.push(name, headers[at + 1]);
    }
    return kept;
}
function hasLength(headers) {
    for (let at = 0; at < headers.length; at += 2) {
        if (headers[at]?.toLowerCase() === 'content-length')
            return true;
    }
    return false;
}
//# sourceMappingURL=http-response-sink.js.map