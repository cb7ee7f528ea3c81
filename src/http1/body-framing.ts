/**
 * How long the body of a request is, and whether the connection goes on behind it: what the fields of its head say
 * (RFC 9112 sections 6 and 9.3). A length that can be told in two ways is no length.
 */

export interface BodyFraming {
  /** 0 where there is none; -1: chunks tell. */
  readonly bodyBytes: number;
  readonly keepAlive: boolean;
  /** The client waits for 100 Continue. */
  readonly expectsContinue: boolean;
}

export const chunked = -1;

const continuePattern = /(?:^|\W)100-continue(?:$|\W)/i;

/** `fields` is flat: name, value, name, value. @returns what is wrong with them, where something is */
export function frameBody(major: number, minor: number, fields: readonly string[]): BodyFraming | string {
  const isHttp11 = major > 0 && minor > 0;
  let length: string | undefined;
  let coding: string | undefined;
  let connection: string | undefined;
  let expectation: string | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    // Most names have another length than those that matter.
    switch (name.length) {
      case 6:
        if (name.toLowerCase() === 'expect') expectation = join(expectation, fields[at + 1] as string);
        break;
      case 10:
        if (name.toLowerCase() === 'connection') connection = join(connection, fields[at + 1] as string);
        break;
      case 14:
        if (name.toLowerCase() !== 'content-length') break;
        if (length !== undefined) return 'there are several Content-Length fields';
        length = fields[at + 1] as string;
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') coding = join(coding, fields[at + 1] as string);
        break;
    }
  }
  let bodyBytes = 0;
  if (coding !== undefined) {
    if (length !== undefined) return 'there are both Content-Length and Transfer-Encoding';
    if (!endsWithChunks(coding)) return `chunked is not the last and only framing in Transfer-Encoding '${coding}'`;
    bodyBytes = chunked;
  } else if (length !== undefined) {
    bodyBytes = /^\d{1,20}$/.test(length) ? Number(length) : Number.NaN;
    if (!Number.isSafeInteger(bodyBytes)) return `Content-Length '${length.slice(0, 80)}' is no length`;
  }
  return {
    bodyBytes,
    // Whoever frames by chunks in HTTP/1.0 may be misunderstood by what lies between (RFC 9112 section 6.1).
    keepAlive: keepsAlive(isHttp11, connection) && (isHttp11 || coding === undefined),
    expectsContinue: expectation !== undefined && major === 1 && minor === 1 && continuePattern.test(expectation),
  };
}

function join(one: string | undefined, other: string): string {
  return one === undefined ? other : `${one}, ${other}`;
}

/** Whether chunked is the last coding, and no other one before it is. */
function endsWithChunks(coding: string): boolean {
  const lower = coding.toLowerCase();
  if (lower === 'chunked') return true;
  const codings = lower.split(',').map((one) => one.trim());
  return codings.indexOf('chunked') === codings.length - 1 && !codings.includes('');
}

function keepsAlive(isHttp11: boolean, connection: string | undefined): boolean {
  if (connection === undefined) return isHttp11;
  const lower = connection.toLowerCase();
  if (lower === 'keep-alive') return true;
  if (lower === 'close') return false;
  const options = lower.split(',').map((one) => one.trim());
  return !options.includes('close') && (isHttp11 || options.includes('keep-alive'));
}
