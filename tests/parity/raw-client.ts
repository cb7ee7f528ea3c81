/**
 * An HTTP client that hides nothing: sends the bytes it is given, over a connection of their own, and tells what came
 * back in which form. Used by harness.ts for both servers.
 */

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { certificate } from '../support/certificates.js';
import type { TlsClient } from './scenario.js';

export interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  /** As they came, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** False where the connection ended before the body did. */
  readonly isComplete: boolean;
  /** What the answer says, or does, about the connection. */
  readonly connection: 'kept' | 'closed';
  /** Statuses of the 1xx answers before it. */
  readonly interim: readonly number[];
}

/** Longer than any answer of a case may take. */
const answerMsLimit = 15_000;

/**
 * @param methods of the requests in `bytes`, in their order: an answer to HEAD has no body
 * @returns the answers; fewer than there are methods where the server closed the connection before
 */
export function ask(
  address: string,
  port: number,
  bytes: Buffer,
  methods: readonly string[],
  tls?: TlsClient,
): Promise<RawAnswer[]> {
  return new Promise((resolve, reject) => {
    const plain = connect({ host: address, port, localAddress: '127.0.0.1' });
    const socket = tls === undefined ? plain : secure(plain, tls);
    const answers: RawAnswer[] = [];
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => {
      socket.destroy();
      const text = `no answer after ${answerMsLimit / 1000} s: ${bytes.toString('latin1').slice(0, 200)}`;
      reject(new Error(`${text}\nreceived: ${received.toString('latin1').slice(0, 400)}`));
    }, answerMsLimit);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const take = (ended: boolean): void => {
      while (answers.length < methods.length) {
        const parsed = parseAnswer(received, methods[answers.length] ?? 'GET', ended);
        if (parsed === undefined) break;
        answers.push(parsed.answer);
        received = received.subarray(parsed.length);
      }
      if (ended || answers.length === methods.length) finish();
    };
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => socket.write(bytes));
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      take(false);
    });
    socket.on('end', () => take(true));
    // A server that closes without reading everything resets the connection: what came before that is its answer.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Of a handshake that fails there is no answer.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || tls !== undefined) return;
      clearTimeout(timer);
      reject(error);
    });
    socket.on('close', () => take(true));
  });
}

function secure(plain: Socket, { serverName, certificate: name, version }: TlsClient): Socket {
  return connectTls({
    socket: plain,
    rejectUnauthorized: false,
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(name === undefined ? {} : { cert: certificate(`${name}.pem`), key: certificate(`${name}.key`) }),
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
  });
}

/** The first answer in `bytes` and its length; undefined while there is more to come. */
export function parseAnswer(
  bytes: Buffer,
  method: string,
  ended: boolean,
): { answer: RawAnswer; length: number } | undefined {
  const interim: number[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) return undefined;
    const lines = bytes.toString('latin1', at, end).split('\r\n');
    const [, version = '', digits = '', reason = ''] = /^(HTTP\/\d\.\d) (\d{3}) ?(.*)$/.exec(lines[0] ?? '') ?? [];
    if (digits === '') throw new Error(`not a status line: ${lines[0]}`);
    at = end + '\r\n\r\n'.length;
    const status = Number(digits);
    if (status < 200) {
      interim.push(status);
      continue;
    }
    const headers = lines.slice(1).map((line): readonly [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    const framed = takeBody(bytes.subarray(at), status, method, headers, ended);
    if (framed === undefined) return undefined;
    const saysClose = headers.some(([name, value]) => name === 'connection' && /close/i.test(value));
    const isOld = version === 'HTTP/1.0' && !headers.some(([, value]) => /keep-alive/i.test(value));
    const connection = saysClose || isOld || framed.untilEnd ? 'closed' : 'kept';
    const { body, isComplete } = framed;
    return {
      answer: { status, reason, version, headers, body, isComplete, connection, interim },
      length: at + framed.length,
    };
  }
}

interface Framed {
  readonly body: Buffer;
  readonly length: number;
  readonly isComplete: boolean;
  readonly untilEnd: boolean;
}

function takeBody(
  bytes: Buffer,
  status: number,
  method: string,
  headers: RawAnswer['headers'],
  ended: boolean,
): Framed | undefined {
  const empty = { body: Buffer.alloc(0), length: 0, isComplete: true, untilEnd: false };
  if (method === 'HEAD' || status === 204 || status === 304) return empty;
  const find = (wanted: string) => headers.find(([name]) => name === wanted)?.[1];
  if (find('transfer-encoding') !== undefined) return takeChunks(bytes, ended);
  const length = find('content-length');
  if (length !== undefined) {
    const wanted = Number(length);
    if (bytes.length < wanted && !ended) return undefined;
    const body = bytes.subarray(0, wanted);
    return { body, length: body.length, isComplete: body.length === wanted, untilEnd: body.length < wanted };
  }
  return ended ? { body: bytes, length: bytes.length, isComplete: true, untilEnd: true } : undefined;
}

function takeChunks(bytes: Buffer, ended: boolean): Framed | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + '\r\n'.length + size + '\r\n'.length;
    if (Number.isNaN(size) || bytes.length < next) {
      if (!ended) return undefined;
      return { body: Buffer.concat(parts), length: bytes.length, isComplete: false, untilEnd: true };
    }
    if (size === 0) return { body: Buffer.concat(parts), length: next, isComplete: true, untilEnd: false };
    parts.push(bytes.subarray(next - '\r\n'.length - size, next - '\r\n'.length));
    at = next;
  }
}
