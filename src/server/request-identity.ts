/**
 * What can be told of a request before its virtual host is known: that it keeps the limits and HTTP's rules, what it
 * asks for, and which host it names. The first step of RequestHandler.
 */

import { RequestError } from '../base/errors.js';
import type { ClientRequest } from '../http/client-request.js';
import { hostFieldsOf, parseHostHeader } from '../http/host-header.js';
import { splitRequestTarget } from '../http/request-target.js';
import type { HttpLimits } from './http-connections.js';

export interface RequestIdentity {
  readonly target: ReturnType<typeof splitRequestTarget> | undefined;
  readonly host: { readonly name: string; readonly port: number | undefined } | undefined;
  readonly failure: unknown;
}

/** What can be told before the virtual host is known; an error in it is answered by the virtual host it names. */
export function identifyRequest(
  incoming: ClientRequest,
  limits: HttpLimits,
  scheme: 'http' | 'https',
): RequestIdentity {
  const method = incoming.method;
  const rawTarget = incoming.url;
  try {
    if (incoming.httpVersionMajor !== 1) throw new RequestError(505, `HTTP/${incoming.httpVersion} is not spoken here`);
    checkLimits(incoming, method, rawTarget, limits);
    checkTransferCoding(incoming);
    const target = splitRequestTarget(method, rawTarget, scheme);
    const isHttp11 = incoming.httpVersionMajor === 1 && incoming.httpVersionMinor >= 1;
    const host = parseHostHeader(hostFieldsOf(incoming.rawHeaders), isHttp11);
    return { target, host: target.host ?? host, failure: undefined };
  } catch (error) {
    return { target: undefined, host: undefined, failure: error };
  }
}

function checkLimits(incoming: ClientRequest, method: string, rawTarget: string, limits: HttpLimits): void {
  const { requestLineBytesLimit, requestFieldsLimit, requestFieldBytesLimit } = limits;
  const lineBytes = method.length + rawTarget.length + ' '.length * 2 + 'HTTP/1.1'.length;
  if (lineBytes > requestLineBytesLimit) {
    throw new RequestError(414, `request line of ${lineBytes} bytes is over LimitRequestLine ${requestLineBytesLimit}`);
  }
  const { rawHeaders } = incoming;
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
