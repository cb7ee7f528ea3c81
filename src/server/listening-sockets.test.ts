import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { ListenError } from '../base/errors.js';
import { formatAddress, ListeningSocket } from './listening-sockets.js';

describe('ListeningSocket', () => {
  it('binds any free port and tells which, without accepting', () => {
    const socket = new ListeningSocket('127.0.0.1', 0);
    assert.ok(socket.address.port > 0 && socket.descriptor > 2);
    assert.equal(socket.address.host, '127.0.0.1');
    socket[Symbol.dispose]();
  });

  it('binds every address where none is given', () => {
    const socket = new ListeningSocket(undefined, 0);
    assert.ok(socket.address.port > 0);
    assert.equal(socket.address.host, undefined);
    socket[Symbol.dispose]();
  });

  it('says which address is taken and how to find by whom', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      assert.throws(
        () => new ListeningSocket('127.0.0.1', port),
        (error) => {
          assert.ok(error instanceof ListenError);
          assert.match(
            error.message,
            new RegExp(`^can't listen on 127\\.0\\.0\\.1:${port}: EADDRINUSE: another process listens there`),
          );
          assert.match(error.message, /ss -ltnp/);
          return true;
        },
      );
    } finally {
      server.close();
    }
  });

  it('gives the port free again', () => {
    const first = new ListeningSocket('127.0.0.1', 0);
    const { port } = first.address;
    first[Symbol.dispose]();
    new ListeningSocket('127.0.0.1', port)[Symbol.dispose]();
  });

  it('says that the machine has no such address', () => {
    assert.throws(
      () => new ListeningSocket('192.0.2.1', 0),
      /can't listen on 192\.0\.2\.1:0: EADDRNOTAVAIL: this machine has no such address; correct the Listen line/,
    );
  });
});

describe('formatAddress', () => {
  it('writes addresses as Listen has them', () => {
    assert.deepEqual(
      [undefined, '127.0.0.1', '::1'].map((host) => formatAddress({ host, port: 80 })),
      ['*:80', '127.0.0.1:80', '[::1]:80'],
    );
  });
});
