import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { CompressedBody, compressWhole } from './compressed-body.js';
import type { DeflateRules } from './filter-directives.js';

const rules: DeflateRules = {
  always: true,
  types: new Set(),
  etag: 'AddSuffix',
  level: constants.Z_DEFAULT_COMPRESSION,
  windowBits: 15,
  memoryLevel: 9,
  notes: new Map(),
};

/** A client that takes what it is given at once, or when it is told to. */
class Client {
  readonly blocks: Buffer[] = [];
  readonly ended: Promise<void>;
  isReading = true;
  failure: unknown;
  #waiting: (() => void)[] = [];
  #end: () => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }
  write(block: Buffer, onTaken?: () => void): void {
    this.blocks.push(block);
    if (onTaken === undefined) return;
    if (this.isReading) onTaken();
    else this.#waiting.push(onTaken);
  }
  end(): void {
    this.#end();
  }
  fail(error: unknown): void {
    this.failure = error;
  }
  take(): void {
    for (const taken of this.#waiting.splice(0)) taken();
  }
}

const written = (body: CompressedBody, text: string): Promise<void> =>
  new Promise((resolve) => body.write(Buffer.from(text), resolve));

/** What can be read of a stream that is not at its end. */
async function readSoFar(blocks: readonly Buffer[]): Promise<string> {
  const gunzip = createGunzip();
  let text = '';
  gunzip.on('data', (data: Buffer) => {
    text += data.toString();
  });
  await new Promise<void>((resolve) => gunzip.write(Buffer.concat(blocks), () => gunzip.flush(() => resolve())));
  gunzip.destroy();
  return text;
}

describe('CompressedBody', () => {
  it('passes each block on before it says that it is taken', async () => {
    const client = new Client();
    const body = new CompressedBody(rules, client);
    await written(body, 'first ');
    assert.equal(await readSoFar(client.blocks), 'first ');
    await written(body, 'second');
    assert.equal(await readSoFar(client.blocks), 'first second');
    body.end(Buffer.from(' third'));
    await client.ended;
    const all = Buffer.concat(client.blocks);
    assert.equal(gunzipSync(all).toString(), 'first second third');
    assert.deepEqual([body.inputBytes, body.outputBytes], [18, all.length]);
  });

  it('lets a slow client say when it has taken a block', async () => {
    const client = new Client();
    client.isReading = false;
    const body = new CompressedBody(rules, client);
    let taken = 0;
    body.write(Buffer.alloc(200_000, 1), () => taken++);
    await new Promise<void>((resolve) => body.whenIdle(resolve));
    assert.equal(taken, 0);
    client.take();
    assert.equal(taken, 1);
    body.close();
  });

  it('passes on what was written before it is broken off', async () => {
    const client = new Client();
    const body = new CompressedBody(rules, client);
    body.write(Buffer.from('begun'), () => {});
    await new Promise<void>((resolve) => body.whenIdle(resolve));
    body.close();
    assert.equal(await readSoFar(client.blocks), 'begun');
    assert.equal(client.failure, undefined);
  });

  it('forgets blocks that come after it was closed', async () => {
    const client = new Client();
    const body = new CompressedBody(rules, client);
    body.close();
    body.write(Buffer.from('late'), () => assert.fail('nobody can take it'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(client.blocks, []);
  });

  it('takes large blocks whose bytes can not be compressed', async () => {
    const client = new Client();
    const body = new CompressedBody({ ...rules, level: 1 }, client);
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 2_654_435_761) >>> 13));
    await new Promise<void>((resolve) => body.write(noise, resolve));
    body.end();
    await client.ended;
    assert.deepEqual(gunzipSync(Buffer.concat(client.blocks)), noise);
  });

  it('of a whole body is one block', () => {
    assert.equal(gunzipSync(compressWhole(Buffer.from('whole'), rules)).toString(), 'whole');
  });
});
