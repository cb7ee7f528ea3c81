/** The head of a response as it goes over the wire, and what it says about the body and the connection behind it. */

import { formatFields } from '../http/field-lines.js';
import { checkHeadText } from '../http/field-syntax.js';

export interface ResponseFacts {
  readonly status: number;
  readonly reason: string;
  /** The client knows what chunks are. */
  readonly mayChunk: boolean;
  /** Neither HEAD nor a status without a body. */
  readonly hasBody: boolean;
  readonly shouldKeepAlive: boolean;
  readonly keepAliveTimeoutMs: number;
  /** Known where the response is made of one piece whose maker did not say how long it is. */
  readonly bodyBytes: number | undefined;
  /** A Server field that goes before the others. */
  readonly server?: string | undefined;
  /** A Content-Length behind the others, unless one of them is one, and also where no body follows. */
  readonly contentLength?: number | undefined;
}

export interface ResponseHead {
  /** With the empty line. A character for each byte. */
  readonly text: string;
  readonly isChunked: boolean;
  /** The connection ends behind the response. */
  readonly isLast: boolean;
}

/**
 * `fields` is flat. Date, Connection, Keep-Alive, and what frames the body come behind them, as node:http writes them.
 * @throws TypeError where HTTP can't carry it
 */
export function formatResponseHead(facts: ResponseFacts, fields: readonly string[]): ResponseHead {
  const { status, reason, mayChunk, hasBody } = facts;
  checkHeadText(reason);
  const lines = formatFields(fields);
  const { coding, connection } = lines;
  const contentLength = lines.hasLength ? undefined : facts.contentLength;
  const hasLength = lines.hasLength || contentLength !== undefined;
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  if (facts.server !== undefined) text += `Server: ${facts.server}\r\n`;
  text += lines.text;
  if (contentLength !== undefined) text += `Content-Length: ${contentLength}\r\n`;
  if (!lines.hasDate) text += dateLine();
  let isChunked = coding !== undefined && /(?:^|\W)chunked(?:$|\W)/i.test(coding);
  let { shouldKeepAlive } = facts;
  if (isChunked && (status === 204 || status === 304)) {
    isChunked = false;
    shouldKeepAlive = false;
  }
  let isLast = !shouldKeepAlive;
  if (connection !== undefined) {
    isLast ||= /(?:^|\W)close(?:$|\W)/i.test(connection);
  } else if (shouldKeepAlive && (hasLength || mayChunk)) {
    const { keepAliveTimeoutMs } = facts;
    text += 'Connection: keep-alive\r\n';
    if (keepAliveTimeoutMs > 0 && !lines.hasKeepAlive) {
      text += `Keep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1000)}\r\n`;
    }
  } else {
    isLast = true;
    text += 'Connection: close\r\n';
  }
  if (!hasLength && coding === undefined && hasBody) {
    if (!mayChunk) isLast = true;
    else if (facts.bodyBytes !== undefined) text += `Content-Length: ${facts.bodyBytes}\r\n`;
    else {
      isChunked = true;
      text += 'Transfer-Encoding: chunked\r\n';
    }
  }
  return { text: `${text}\r\n`, isChunked: isChunked && hasBody, isLast };
}

let dateSecond = 0;
let date = '';

/** Made once a second. */
function dateLine(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    date = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
  }
  return date;
}
