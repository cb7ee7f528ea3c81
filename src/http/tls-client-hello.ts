/**
 * The first message of a TLS connection, as far as a server must read it before it answers: is it one, is it all there,
 * and which host does it name (SNI, RFC 6066 section 3). All else is for the TLS library.
 */

export type ClientHello =
  /** The message goes on. */
  | { readonly kind: 'incomplete' }
  /** The client speaks something else. */
  | { readonly kind: 'none' }
  /** `serverName` in lower case; undefined where the client names none, or what can't be read. */
  | { readonly kind: 'hello'; readonly serverName: string | undefined };

const handshakeRecord = 0x16;
const clientHelloMessage = 0x01;
const serverNameExtension = 0;
const hostNameType = 0;
const recordHeaderBytes = 5;
/** RFC 8446 section 5.1, with room for what implementations add. */
const recordBytesLimit = 16_384 + 256;
/** Far above what clients send (2 KiB with post-quantum keys): beyond it the library may judge. */
const messageBytesLimit = 65_536;

/** @param bytes what has come so far */
export function parseClientHello(bytes: Buffer): ClientHello {
  if (bytes.length === 0) return { kind: 'incomplete' };
  if (bytes[0] !== handshakeRecord) return { kind: 'none' };
  const message = joinRecords(bytes);
  if (message === 'incomplete') return { kind: 'incomplete' };
  return { kind: 'hello', serverName: message === undefined ? undefined : readServerName(message) };
}

/** The first handshake message, out of as many records as it lies in; undefined where it is none that we can read. */
function joinRecords(bytes: Buffer): Buffer | 'incomplete' | undefined {
  const parts: Buffer[] = [];
  let length = 0;
  for (let at = 0; ; ) {
    if (bytes.length < at + recordHeaderBytes) return 'incomplete';
    const recordBytes = bytes.readUInt16BE(at + 3);
    if (bytes[at] !== handshakeRecord || recordBytes === 0 || recordBytes > recordBytesLimit) return undefined;
    at += recordHeaderBytes;
    parts.push(bytes.subarray(at, at + recordBytes));
    if (bytes.length < at + recordBytes) return 'incomplete';
    at += recordBytes;
    length += recordBytes;
    if (length < 4) continue;
    const message = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const messageBytes = 4 + message.readUIntBE(1, 3);
    if (message[0] !== clientHelloMessage || messageBytes > messageBytesLimit) return undefined;
    if (length >= messageBytes) return message.subarray(4, messageBytes);
  }
}

/** A reader that runs past the end answers undefined instead of throwing. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skip(count: number): void {
    this.#at += count;
  }

  number(size: 1 | 2): number | undefined {
    if (this.#at + size > this.#bytes.length) return undefined;
    const value = this.#bytes.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }

  /** What a length of so many bytes stands before. */
  block(size: 1 | 2): Buffer | undefined {
    const length = this.number(size);
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
    const block = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return block;
  }
}

/** RFC 8446 section 4.1.2. */
function readServerName(hello: Buffer): string | undefined {
  const reader = new Reader(hello);
  reader.skip(2 + 32); // legacy_version, random
  if (reader.block(1) === undefined || reader.block(2) === undefined || reader.block(1) === undefined) return undefined;
  const extensions = reader.block(2);
  if (extensions === undefined) return undefined;
  const list = new Reader(extensions);
  while (!list.isAtEnd) {
    const type = list.number(2);
    const data = list.block(2);
    if (data === undefined) return undefined;
    if (type === serverNameExtension) return readHostName(data);
  }
  return undefined;
}

function readHostName(data: Buffer): string | undefined {
  const names = new Reader(data).block(2);
  if (names === undefined) return undefined;
  const reader = new Reader(names);
  const type = reader.number(1);
  const name = reader.block(2)?.toString('latin1').toLowerCase();
  if (type !== hostNameType || name === undefined || !/^[a-z0-9._-]+$/.test(name)) return undefined;
  return name.replace(/\.$/, '');
}
