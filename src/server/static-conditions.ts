/**
 * What is sent of a file: all of it, a range, or that it has not changed. The rules for preconditions and ranges (RFC 9110
 * sections 13 and 14) are those of the `send` library, which decides here and sends nothing. Pure.
 */

import type { BigIntStats, Stats } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type Send from 'send';
import { assert } from '../base/assert.js';
import { RequestError } from '../base/errors.js';
import type { ClientRequest } from '../http/client-request.js';
import { modifiedAt, type StaticHead } from './static-head.js';

/** What of a request matters to files. */
export type StaticRequest = Pick<ClientRequest, 'method' | 'headers' | 'header'>;

export interface Transfer {
  readonly status: number;
  /** Flat, without Content-Length. */
  readonly fields: readonly string[];
  /** The part of the file that is the body. */
  readonly start: number;
  readonly length: number;
}

/** No byte of the range exists; the answer says how many there are. */
export class RangeNotSatisfiable extends RequestError {
  readonly contentRange: string;

  constructor(message: string, contentRange: string) {
    super(416, message);
    this.contentRange = contentRange;
  }
}

/** Loaded with the first file: an http child that serves none starts faster without it. */
let send: typeof Send | undefined;

export function canDecide(): boolean {
  return send !== undefined;
}

/** What `decideTransfer` needs. */
export async function prepareToDecide(): Promise<void> {
  send = (await import('send')).default;
}

const conditionNames = ['range', 'if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since'];

/**
 * `errorStatus`: the file is the page of an error. Only after `prepareToDecide`.
 * @throws RequestError 412, 416
 */
export function decideTransfer(
  request: StaticRequest,
  path: string,
  stats: BigIntStats,
  head: StaticHead,
  errorStatus: number | undefined,
): Transfer {
  const length = Number(stats.size);
  if (errorStatus === undefined && conditionNames.every((name) => request.header(name) === undefined)) {
    return { status: 200, fields: head.wholeFields, start: 0, length };
  }
  assert(send !== undefined, 'prepareToDecide was called');
  const response = new DecidedResponse(head.fields, errorStatus ?? 200);
  const transfer = send(mendRange(request, length) as IncomingMessage, encodeURIComponent(path), {
    // The path was checked by static-path.ts; the entity tag is ours, and Apache sends no Cache-Control by itself.
    dotfiles: 'allow',
    cacheControl: false,
    etag: false,
    index: false,
    acceptRanges: errorStatus === undefined,
  });
  let failure: unknown;
  let range: { readonly start?: number; readonly end?: number } | undefined;
  transfer.on('error', (error: unknown) => {
    failure = error;
  });
  // The file is open, its type is ours, too, and others read and send it.
  transfer.sendFile = (found) => transfer.send(found, { size: length, mtime: modifiedAt(stats) } as Stats);
  transfer.type = () => {};
  transfer.stream = (_, options) => {
    range = options;
  };
  transfer.pipe(response as unknown as NodeJS.WritableStream);
  if (failure !== undefined) throw asRequestError(failure, path, response.getHeader('Content-Range'));
  const status = response.statusCode;
  if (status === 304) {
    // Rules for responses go by the type of the file; HTTP leaves it out.
    const type = head.contentType === undefined ? [] : ['Content-Type', head.contentType];
    return { status, fields: [...response.fields, ...type], start: 0, length: 0 };
  }
  const bytes = Number(response.getHeader('Content-Length'));
  return { status, fields: response.fields, start: range?.start ?? 0, length: bytes };
}

/**
 * Two forms of Range that RFC 9110 section 14.1.2 has and `send` refuses with 416: the end of a file that is shorter than
 * that is the whole file, and a range that ends before it begins is none.
 */
function mendRange({ headers, method }: StaticRequest, size: number): Pick<StaticRequest, 'method' | 'headers'> {
  const { range, ...others } = headers;
  const [found, first = '', last = ''] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/.exec(range ?? '') ?? [];
  if (found !== undefined) {
    if (first === '' && Number(last) > size && size > 0) return { method, headers: { ...others, range: 'bytes=0-' } };
    if (first !== '' && last !== '' && Number(last) < Number(first)) return { method, headers: others };
  }
  return { method, headers };
}

function asRequestError(failure: unknown, path: string, contentRange: string | undefined): RequestError {
  const status = failure instanceof Error && 'status' in failure ? failure.status : undefined;
  if (status === 412) return new RequestError(412, `a precondition of the request failed: ${path}`);
  if (status === 416)
    return new RangeNotSatisfiable(`no byte of the requested range exists: ${path}`, contentRange ?? 'bytes */*');
  return new RequestError(500, `file can't be sent: ${path} (${String(failure)})`, { cause: failure });
}

/** What `send` takes for the response. */
class DecidedResponse {
  statusCode: number;
  readonly headersSent = false;
  readonly #fields = new Map<string, readonly [name: string, value: string]>();

  constructor(fields: readonly string[], statusCode: number) {
    this.statusCode = statusCode;
    for (let at = 0; at + 1 < fields.length; at += 2) this.setHeader(fields[at] as string, fields[at + 1] as string);
  }

  /** Without Content-Length. */
  get fields(): readonly string[] {
    return [...this.#fields].flatMap(([lower, field]) => (lower === 'content-length' ? [] : field));
  }

  setHeader(name: string, value: string | number): void {
    this.#fields.set(name.toLowerCase(), [name, String(value)]);
  }

  getHeader(name: string): string | undefined {
    return this.#fields.get(name.toLowerCase())?.[1];
  }

  removeHeader(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  end(): void {}
}
