/**
 * What of a request frame is the same from request to request on a connection, in the bytes of the request before: most
 * of an environ says what server, client and script are, and clients send the same header again and again. Whether it is
 * the same is found out by comparing all that the bytes were made of.
 */

import type { MarshalWriter } from '../wire/marshal.js';
import type { EnvironFacts, RequestFacts } from './environ.js';

/** Bytes and what they were made of. */
class Passage<T> {
  readonly #isSame: (one: T, other: T) => boolean;
  readonly #write: (writer: MarshalWriter, facts: T) => void;
  #facts: T | undefined;
  #bytes: Uint8Array | undefined;

  constructor(isSame: (one: T, other: T) => boolean, write: (writer: MarshalWriter, facts: T) => void) {
    this.#isSame = isSame;
    this.#write = write;
  }

  put(writer: MarshalWriter, facts: T): void {
    const isKnown = this.#facts !== undefined && this.#isSame(this.#facts, facts);
    if (isKnown && this.#bytes !== undefined) {
      writer.raw(this.#bytes);
      return;
    }
    const from = writer.length;
    this.#write(writer, facts);
    // What came once may never come again: it is kept when it comes for the second time.
    this.#bytes = isKnown ? writer.copyFrom(from) : undefined;
    this.#facts = facts;
  }
}

/** How the parts of a frame are written. */
export interface PassageWriters {
  /** All that depends on nothing but what `isSameSurroundings` compares. */
  surroundings(writer: MarshalWriter, facts: EnvironFacts): void;
  headers(writer: MarshalWriter, facts: EnvironFacts): void;
  script(writer: MarshalWriter, facts: RequestFacts): void;
}

/** One for each client connection. */
export class KnownEnviron {
  #surroundings: Passage<EnvironFacts> | undefined;
  #headers: Passage<EnvironFacts> | undefined;
  #script: Passage<RequestFacts> | undefined;

  putSurroundings(writer: MarshalWriter, facts: EnvironFacts, { surroundings }: PassageWriters): void {
    this.#surroundings ??= new Passage(isSameSurroundings, surroundings);
    this.#surroundings.put(writer, facts);
  }

  putHeaders(writer: MarshalWriter, facts: EnvironFacts, { headers }: PassageWriters): void {
    this.#headers ??= new Passage(isSameHeader, headers);
    this.#headers.put(writer, facts);
  }

  putScript(writer: MarshalWriter, facts: RequestFacts, { script }: PassageWriters): void {
    this.#script ??= new Passage(isSameScript, script);
    this.#script.put(writer, facts);
  }
}

function isSameSurroundings(one: EnvironFacts, other: EnvironFacts): boolean {
  return (
    one.scriptFilename === other.scriptFilename &&
    one.remoteAddress === other.remoteAddress &&
    one.remotePort === other.remotePort &&
    one.serverName === other.serverName &&
    one.serverPort === other.serverPort &&
    one.scheme === other.scheme &&
    one.protocol === other.protocol &&
    one.requestHandler === other.requestHandler &&
    one.handlerScript === other.handlerScript &&
    one.serverSoftware === other.serverSoftware &&
    one.serverAdmin === other.serverAdmin &&
    one.documentRoot === other.documentRoot &&
    one.localAddress === other.localAddress &&
    one.localPort === other.localPort &&
    one.listenerHost === other.listenerHost &&
    one.connectionId === other.connectionId &&
    one.serverPid === other.serverPid
  );
}

/** The list itself is the same where the connection has found its bytes to be; what a proxy says may be taken out of it. */
function isSameHeader(one: EnvironFacts, other: EnvironFacts): boolean {
  return (
    one.rawHeaders === other.rawHeaders &&
    one.passAuthorization === other.passAuthorization &&
    one.proxy === undefined &&
    other.proxy === undefined
  );
}

function isSameScript(one: RequestFacts, other: RequestFacts): boolean {
  return (
    one.script === other.script &&
    one.callable === other.callable &&
    one.scriptReloading === other.scriptReloading &&
    one.ignoreActivity === other.ignoreActivity
  );
}
