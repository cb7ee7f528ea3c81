import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AcceptGate, type AcceptRules } from './accept-gate.js';
import { ListeningSocket } from './listening-sockets.js';

const backlog = 16;

/** Servers on two ports behind one gate, as http children listen. */
class Scene implements AsyncDisposable {
  readonly accepted: Socket[] = [];
  readonly clients: Socket[] = [];
  readonly sockets = [new ListeningSocket('127.0.0.1', 0), new ListeningSocket('127.0.0.1', 0)] as const;
  readonly gate: AcceptGate;
  worn = 0;
  changes = 0;
  readonly #servers: Server[] = [];

  constructor(rules: AcceptRules) {
    this.gate = new AcceptGate(rules, backlog, {
      onChange: () => {
        this.changes += 1;
      },
      onWorn: () => {
        this.worn += 1;
      },
    });
  }

  async listen(): Promise<void> {
    for (const { descriptor } of this.sockets) {
      const server = createServer((socket) => {
        socket.resume();
        this.accepted.push(socket);
      });
      this.#servers.push(server);
      await new Promise<void>((resolve) => server.listen({ fd: descriptor, backlog }, resolve));
      this.gate.add(server);
    }
  }

  connect(count: number): void {
    for (let index = 0; index < count; index++) {
      const port = this.sockets[index % 2]?.address.port ?? 0;
      const client = connect(port, '127.0.0.1');
      client.on('error', (error) => assert.fail(error));
      this.clients.push(client);
    }
  }

  async waitAccepted(count: number): Promise<void> {
    for (let waited = 0; this.accepted.length < count; waited += 5) {
      assert.ok(waited < 10_000, `${this.accepted.length} accepted, not ${count}`);
      await sleep(5);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.clients, ...this.accepted]) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

const one = { connectionsAtOnce: 1, connectionsLimit: 0 } as const;

describe('AcceptGate', () => {
  it('lets one connection in at a time, whichever address it comes to, and loses none', async () => {
    await using scene = new Scene(one);
    // All are there before anybody accepts.
    await scene.listen();
    scene.connect(10);
    for (let count = 1; count <= 10; count++) {
      await scene.waitAccepted(count);
      await sleep(20);
      assert.deepEqual([scene.accepted.length, scene.gate.connections], [count, 1]);
      scene.accepted[count - 1]?.destroy();
    }
    await sleep(20);
    assert.deepEqual([scene.gate.connections, scene.changes, scene.worn], [0, 20, 0]);
  });

  it('accepts no more than its limit, and says once that it is reached', async () => {
    await using scene = new Scene({ ...one, connectionsLimit: 3 });
    await scene.listen();
    scene.connect(5);
    for (let count = 1; count <= 3; count++) {
      await scene.waitAccepted(count);
      assert.equal(scene.worn, count === 3 ? 1 : 0);
      scene.accepted[count - 1]?.destroy();
    }
    await sleep(50);
    assert.deepEqual([scene.accepted.length, scene.worn], [3, 1]);
  });

  it('counts and lets all in where any number may come', async () => {
    await using scene = new Scene({ connectionsAtOnce: undefined, connectionsLimit: 3 });
    await scene.listen();
    scene.connect(6);
    await scene.waitAccepted(6);
    assert.deepEqual([scene.gate.connections, scene.worn], [6, 1]);
  });
});
