/** The beginning of a request: what it is called, and what is seen to before the first phase. */

import { RequestError } from '../base/errors.js';
import type { ClientResponse } from '../http/client-response.js';
import { decodeTargetPath } from '../http/request-target.js';
import type { CompiledServer } from './compiled-server.js';
import type { ClientConnection } from './http-connections.js';
import { applyRemoteIp } from './remote-ip-requests.js';
import type { RequestContext } from './request-context.js';
import type { RequestIdentity } from './request-identity.js';
import { checkTlsHost } from './tls-requests.js';

/** Finds out what the request asks for, and refuses it where its server can't take it. @throws RequestError */
export function startRequest(context: RequestContext, identity: RequestIdentity): void {
  const { target } = identity;
  if (target === undefined) throw identity.failure;
  const { connection, server } = context;
  if (connection.secure !== undefined) checkTlsHost(context, connection.secure);
  connection.bodyPace = server.bodyPace;
  if (server.remoteIp !== undefined) applyRemoteIp(context, server.remoteIp);
  context.query = target.query ?? '';
  context.uri = decodeTargetPath(target, server.targetRules);
  // HTTP/1.0 knows no expectations (RFC 9110 section 10.1.1).
  const isHttp10 = context.incoming.httpVersionMinor === 0;
  const expectation = context.incoming.header('expect');
  if (expectation !== undefined && context.sendContinue === undefined && !isHttp10) {
    throw new RequestError(417, `unknown expectation '${expectation}'`);
  }
}

/**
 * Who waits for 100 Continue and gets another answer may send the body or not: nothing can follow on the connection then.
 * @returns what sends 100 Continue, after which the body is sure to come
 */
export function continuing(outgoing: ClientResponse): () => void {
  const { shouldKeepAlive } = outgoing;
  outgoing.shouldKeepAlive = false;
  return () => {
    outgoing.writeContinue();
    outgoing.shouldKeepAlive = shouldKeepAlive;
  };
}

/** As Apache makes its own addresses: by the client's word, else by ServerName's, else the scheme's (ap_get_server_port). */
export function effectivePort(
  server: CompiledServer,
  clientsPort: number | undefined,
  connection: ClientConnection,
  scheme: 'http' | 'https',
): number {
  if (clientsPort !== undefined) return clientsPort;
  if (server.usesPhysicalPort && !(server.useCanonicalName && server.port !== undefined)) return connection.localPort;
  return server.port ?? (scheme === 'https' ? 443 : 80);
}

export function formatHost(host: RequestIdentity['host']): string | undefined {
  if (host === undefined) return undefined;
  const name = host.name.includes(':') ? `[${host.name}]` : host.name;
  return host.port === undefined ? name : `${name}:${host.port}`;
}
