/**
 * What can be told of a request before its virtual host is known: that it keeps the limits and HTTP's rules, what it
 * asks for, and which host it names. The first step of RequestHandler.
 */

import { RequestError } from '../base/errors.js';
import type { ClientRequest } from '../http/client-request.js';
import { hostFieldsOf, parseHostHeader } from '../http/host-header.js';
import { splitRequestTarget } from '../http/request-target.js';
import type { CompiledServer } from './compiled-server.js';
import type { ClientConnection, HttpLimits } from './http-connections.js';

/** What the header of a request said, for one with the same header behind it on the connection. */
export interface KnownHeader {
  readonly rawHeaders: readonly string[];
  readonly httpVersionMinor: number;
  readonly host: RequestIdentity['host'];
  /** The one of that host; set by who looks for it. */
  server: CompiledServer | undefined;
}

export interface RequestIdentity {
  readonly target: ReturnType<typeof splitRequestTarget> | undefined;
  readonly host: { readonly name: string; readonly port: number | undefined } | undefined;
  /** Undefined where the target names the host, or something has failed. */
  readonly header: KnownHeader | undefined;
  readonly failure: unknown;
}

/** What can be told before the virtual host is known; an error in it is answered by the virtual host it names. */
export function identifyRequest(
  incoming: ClientRequest,
  limits: HttpLimits,
  connection: Pick<ClientConnection, 'secure' | 'knownHeader'>,
): RequestIdentity {
  const method = incoming.method;
  const rawTarget = incoming.url;
  try {
    if (incoming.httpVersionMajor !== 1) throw new RequestError(505, `HTTP/${incoming.httpVersion} is not spoken here`);
    checkLineLimit(method, rawTarget, limits);
    const { httpVersionMinor, rawHeaders } = incoming;
    let header = connection.knownHeader;
    const isKnown = header?.rawHeaders === rawHeaders && header.httpVersionMinor === httpVersionMinor;
    if (!isKnown) {
      checkFieldLimits(rawHeaders, limits);
      checkTransferCoding(incoming);
    }
    const target = splitRequestTarget(method, rawTarget, connection.secure === undefined ? 'http' : 'https');
    if (header === undefined || !isKnown) {
      const host = parseHostHeader(hostFieldsOf(rawHeaders), httpVersionMinor >= 1);
      header = { rawHeaders, httpVersionMinor, host, server: undefined };
      connection.knownHeader = header;
    }
    if (target.host !== undefined) return { target, host: target.host, header: undefined, failure: undefined };
    return { target, host: header.host, header, failure: undefined };
  } catch (error) {
    return { target: undefined, host: undefined, header: undefined, failure: error };
  }
}

function checkLineLimit(method: string, rawTarget: string, { requestLineBytesLimit }: HttpLimits): void {
  const lineBytes = method.length + rawTarget.length + ' '.length * 2 + 'HTTP/1.1'.length;
  if (lineBytes > requestLineBytesLimit) {
    throw new RequestError(414, `request line of ${lineBytes} bytes is over LimitRequestLine ${requestLineBytesLimit}`);
  }
}

function checkFieldLimits(rawHeaders: readonly string[], limits: HttpLimits): void {
  const { requestFieldsLimit, requestFieldBytesLimit } = limits;
  if (requestFieldsLimit > 0 && rawHeaders.length / 2 > requestFieldsLimit) {
    throw new RequestError(400, `request has more than LimitRequestFields ${requestFieldsLimit} header fields`);
  }
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const fieldBytes = (rawHeaders[at]?.length ?? 0) + (rawHeaders[at + 1]?.length ?? 0) + ': '.length;
    if (fieldBytes > requestFieldBytesLimit) {
      throw new RequestError(
        400,
        `request header field '${rawHeaders[at]?.slice(0, 80)}' is over LimitRequestFieldSize`,
      );
    }
  }
}

/** Where chunks are not the last coding nobody can tell where the body ends (RFC 9112 section 6.3). @throws RequestError */
function checkTransferCoding(incoming: ClientRequest): void {
  const coding = incoming.header('transfer-encoding');
  if (coding !== undefined && !/(?:^|,)\s*chunked\s*$/i.test(coding)) {
    throw new RequestError(400, `unknown transfer coding '${coding}'`);
  }
}
