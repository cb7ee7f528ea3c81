/** Writes request frames: gathers what an application is told of its request. One for each http child. */

import { toByteString } from '../base/byte-string.js';
import { MarshalWriter } from '../wire/marshal.js';
import { frameHeaderBytes } from '../wire/protocol.js';
import { type EnvironFacts, type RequestFacts, writeDispatch, writeRequest } from '../wsgi/environ.js';
import { applyProxyHeaders } from '../wsgi/trusted-proxies.js';
import { environmentOf } from './request-context.js';
import { collapseSlashes, type WsgiCall } from './wsgi-call.js';

const pid = String(process.pid);

export class RequestEncoder {
  readonly #nowMs: () => number;
  readonly #writer = new MarshalWriter();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @returns header space, then the payload; valid until the next call */
  encode(call: WsgiCall, callable: string, mayReload: boolean): Buffer {
    const { context, script } = call;
    const { scope } = context;
    const facts: RequestFacts = {
      script,
      callable,
      scriptReloading: mayReload && scope.scriptReloading,
      ignoreActivity: scope.ignoreActivity,
      requestStart: context.startedAtMs / 1000,
      queueStart: this.#nowMs() / 1000,
    };
    this.#writer.reset(frameHeaderBytes);
    writeRequest(this.#writer, environFactsOf(call), facts, context.connection.environ);
    return this.#writer.bytes();
  }

  /** The same for what asks a dispatch script. */
  encodeDispatch(call: WsgiCall, path: string, callable: string): Buffer {
    this.#writer.reset(frameHeaderBytes);
    const { scriptReloading } = call.context.scope;
    writeDispatch(this.#writer, environFactsOf(call), { dispatch: path, scriptReloading, callable });
    return this.#writer.bytes();
  }
}

let lastFilename = '';
let lastFilenameBytes = '';

/** Most requests are for the script of the request before. */
function filenameBytes(filename: string): string {
  if (filename !== lastFilename) {
    lastFilename = filename;
    lastFilenameBytes = toByteString(filename);
  }
  return lastFilenameBytes;
}

export function environFactsOf({ context, handlerScript, place, scriptName }: WsgiCall): EnvironFacts {
  const { connection, scope, server } = context;
  const { proxyRules } = scope;
  return {
    method: context.method === 'HEAD' && scope.mapsHeadToGet ? 'GET' : context.method,
    rawTarget: context.rawTarget,
    query: context.query,
    scriptName: scriptName === '/' ? '' : scriptName,
    pathInfo: collapseSlashes(context.pathInfo),
    protocol: context.protocol,
    scheme: context.scheme,
    rawHeaders: context.incoming.rawHeaders,
    serverName: context.serverName,
    serverPort: context.serverPort,
    localAddress: connection.localAddress,
    localPort: connection.localPort,
    listenerHost: connection.listenerHost ?? '',
    remoteAddress: context.clientAddress,
    remotePort: connection.remotePort,
    serverSoftware: server.serverHeader,
    serverAdmin: server.admin,
    documentRoot: server.documentRootBytes,
    scriptFilename: filenameBytes(context.filename ?? ''),
    requestHandler: context.handler ?? 'wsgi-script',
    handlerScript: handlerScript === '' ? '' : toByteString(handlerScript),
    targetHost: context.targetHost,
    proxy: proxyRules && applyProxyHeaders(proxyRules, context.incoming.rawHeaders, context.clientAddress),
    user: context.user,
    authType: context.authType,
    passAuthorization: (place?.passAuthorization ?? scope.passAuthorization) || scope.cgiPassAuthorization,
    environment: environmentOf(context),
    requestId: context.id,
    connectionId: connection.id,
    serverPid: pid,
  };
}
