import assert from 'node:assert';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { parseClientHello } from './tls-client-hello.js';

/** What a client of Node's own sends first. */
async function helloOf(servername: string | undefined): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  const client = connect({
    port: address.port,
    host: '127.0.0.1',
    ...(servername === undefined ? {} : { servername }),
  });
  client.on('error', () => {});
  const [accepted] = await once(server, 'connection');
  const [bytes] = await once(accepted, 'data');
  accepted.destroy();
  client.destroy();
  server.close();
  return bytes;
}

/** The same message in records of so many bytes. */
function split(hello: Buffer, recordBytes: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += recordBytes) {
    const part = message.subarray(at, at + recordBytes);
    const head = Buffer.from([0x16, 3, 1, 0, 0]);
    head.writeUInt16BE(part.length, 3);
    records.push(head, part);
  }
  return Buffer.concat(records);
}

describe('the first message of a TLS connection', () => {
  it('names its host', async () => {
    const hello = await helloOf('WWW.Example.com');
    assert.deepStrictEqual(parseClientHello(hello), { kind: 'hello', serverName: 'www.example.com' });
  });

  it('may name none', async () => {
    assert.deepStrictEqual(parseClientHello(await helloOf(undefined)), { kind: 'hello', serverName: undefined });
  });

  it('is waited for to its last byte, in however many records', async () => {
    const hello = await helloOf('www.example.com');
    for (const recordBytes of [1, 3, 100, 1000]) {
      const bytes = split(hello, recordBytes);
      for (const length of [0, 1, 4, 5, 8, bytes.length - 1]) {
        assert.deepStrictEqual(parseClientHello(bytes.subarray(0, length)), { kind: 'incomplete' });
      }
      assert.deepStrictEqual(parseClientHello(bytes), { kind: 'hello', serverName: 'www.example.com' });
    }
  });

  it('is none where plain HTTP comes', () => {
    assert.deepStrictEqual(parseClientHello(Buffer.from('GET / HTTP/1.1\r\n')), { kind: 'none' });
  });

  it('is judged by the library where it is broken', async () => {
    const hello = await helloOf('www.example.com');
    const broken = Buffer.from(hello);
    broken[5] = 2; // a ServerHello
    assert.deepStrictEqual(parseClientHello(broken), { kind: 'hello', serverName: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { minLength: 1 }), (changes) => {
        const bytes = Buffer.from(hello);
        for (const [at, value] of changes) bytes[at] = value;
        const { kind } = parseClientHello(bytes);
        assert(kind === 'hello' || kind === 'none' || kind === 'incomplete');
      }),
    );
  });
});
