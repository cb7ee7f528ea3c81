/** TRACE: the request as it arrived, sent back (RFC 9110 section 9.3.8, ap_send_http_trace). RequestHandler calls it. */

import { RequestError } from '../base/errors.js';
import { requestSettings } from './core-request-directives.js';
import { reasonPhrase } from './error-page.js';
import type { RequestContext } from './request-context.js';

/** What TraceEnable extended sends back of a body. */
const bodyBytesLimit = 65_536;

/** @throws RequestError with nothing sent */
export async function answerTrace(context: RequestContext): Promise<undefined> {
  const { incoming, outgoing, sink } = context;
  const enabled = context.server.settings.get(requestSettings.traceEnable, 'On');
  if (enabled === 'Off') {
    outgoing.setHeader('Allow', 'GET,POST,OPTIONS,HEAD');
    throw new RequestError(405, 'TRACE denied by server configuration');
  }
  const hasBody = 'transfer-encoding' in incoming.headers || Number(incoming.headers['content-length'] ?? 0) > 0;
  if (hasBody && enabled !== 'extended') throw new RequestError(413, 'TRACE with a request body is not allowed');
  const lines = [`TRACE ${context.rawTarget} ${context.protocol}`];
  const { rawHeaders } = incoming;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const body = hasBody ? Buffer.concat([head, await readBody(context)]) : head;
  sink.begin(200, reasonPhrase(200), ['Content-Type', 'message/http'], body.length, 'echo');
  sink.end(body);
}

function readBody({ connection, incoming, outgoing, sendContinue, server }: RequestContext): Promise<Buffer> {
  sendContinue?.();
  return new Promise((resolve, reject) => {
    const blocks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(
      () => reject(new RequestError(408, 'the body did not come')),
      server.timeoutSeconds * 1000,
    );
    const fail = (status: number, reason: string): void => {
      clearTimeout(timer);
      reject(new RequestError(status, reason));
    };
    connection.onBodyBroken = (reason) => fail(400, `request body is malformed: ${reason}`);
    outgoing.once('close', () => fail(400, 'the client left'));
    incoming.on('data', (block: Buffer) => {
      bytes += block.length;
      if (bytes > bodyBytesLimit) fail(413, 'Extended TRACE request bodies cannot exceed 64k');
      else blocks.push(Buffer.from(block));
    });
    incoming.on('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(blocks));
    });
    incoming.resume();
  });
}
