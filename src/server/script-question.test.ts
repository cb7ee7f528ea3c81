import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import { ChannelClient } from '../wire/channel-client.js';
import { frame, responseFrame } from '../wire/memory-daemon.test.fixture.js';
import { frameHeaderBytes, framePayloadBytesLimit, frameType } from '../wire/protocol.js';
import type { DaemonAddress, DaemonConnectionEvents } from '../wsgi/daemon-connection.js';
import { type GroupConnection, ProcessGroup } from '../wsgi/process-group.js';
import { ResponseBudget } from '../wsgi/response-credit.js';
import { ScriptQuestion } from './script-question.js';

/** A connection without a socket to the one process of the group. */
class FakeConnection implements GroupConnection {
  readonly address: DaemonAddress;
  readonly number = 1;
  readonly channel: ChannelClient;
  readonly events: DaemonConnectionEvents;
  isUsable = true;

  constructor(address: DaemonAddress, events: DaemonConnectionEvents) {
    this.address = address;
    this.events = events;
    this.channel = new ChannelClient({ connectionNumber: 1, write: () => true, schedule: () => {} });
  }

  readScoreboard(): undefined {}

  destroy(): void {}

  close(started: boolean): void {
    this.isUsable = false;
    const open = [...this.channel.abandon().values()];
    this.events.closed(started ? [] : open, started ? open : [], 'it died');
  }
}

class Scene {
  readonly clock = new FakeClock();
  readonly connections: FakeConnection[] = [];
  readonly log: string[] = [];
  readonly group = new ProcessGroup({
    name: '*scripts*',
    limits: {
      threads: 1,
      connectTimeoutMs: 15_000,
      queueTimeoutMs: 0,
      queueRequestsLimit: 10,
      responseBufferBytes: 0,
      responseTimeoutSeconds: 0,
    },
    responseBudget: new ResponseBudget(0),
    clock: this.clock,
    connectionNumber: 1,
    report: () => {},
    connect: (address, events) => {
      const connection = new FakeConnection(address, events);
      this.connections.push(connection);
      return connection;
    },
  });

  /** The parent announces one process. */
  announce(id: number): void {
    this.group.setProcesses([{ id, pid: id, socket: '', scoreboard: '', generation: 1 }]);
    this.group.dispatch();
  }

  ask(name = 'a', frameBytes = 0): ScriptQuestion {
    const dispatch = new ScriptQuestion({
      group: this.group,
      applicationGroup: '',
      description: "WSGI dispatch script '/dispatch.py'",
      encode: () => Buffer.alloc(frameHeaderBytes + frameBytes),
      timeoutSeconds: 3,
      onAnswer: (answer) => this.log.push(`${name} to ${answer.map((pair) => pair.join('=')).join(' ')}`),
      onFailed: (status, reason) => this.log.push(`${name} ${status} ${reason}`),
      onDone: () => this.log.push(`${name} done`),
    });
    dispatch.start();
    return dispatch;
  }

  answer(bytes: Buffer): void {
    this.connections.at(-1)?.channel.receive(bytes);
  }
}

describe('ScriptQuestion', () => {
  it('gives what the script has chosen', () => {
    const scene = new Scene();
    scene.announce(1);
    scene.ask();
    scene.answer(responseFrame(1, ['200 OK', 'process-group', 'two', 'callable-object', ''], '', true));
    assert.deepEqual(scene.log, ['a done', 'a to process-group=two callable-object=']);
  });

  it('lets the next one ask when it has its answer', () => {
    const scene = new Scene();
    scene.announce(1);
    scene.ask('a');
    scene.ask('b');
    assert.equal(scene.group.waiting, 1);
    scene.answer(responseFrame(1, ['200 OK'], '', true));
    scene.answer(responseFrame(2, ['200 OK'], '', true));
    assert.deepEqual(scene.log, ['a done', 'a to ', 'b done', 'b to ']);
  });

  it('passes a failure of the script on, which is in the log already', () => {
    const scene = new Scene();
    scene.announce(1);
    scene.ask();
    scene.answer(frame(frameType.refuse, 1, Buffer.from([0xf4, 0x01])));
    assert.deepEqual(scene.log, ['a done', 'a 500 undefined']);
  });

  it('fails with its process, unless that had not started it', () => {
    const scene = new Scene();
    scene.announce(1);
    scene.ask();
    scene.connections[0]?.close(false);
    assert.deepEqual(scene.log, []);
    scene.announce(2);
    scene.connections[1]?.close(true);
    assert.deepEqual(scene.log, [
      'a done',
      "a 500 the process of WSGI dispatch script '/dispatch.py' ended before it answered",
    ]);
  });

  it('does not wait for ever, neither for a thread nor for the answer', () => {
    for (const processes of [0, 1]) {
      const scene = new Scene();
      if (processes > 0) scene.announce(1);
      const dispatch = scene.ask();
      dispatch.tick();
      dispatch.tick();
      assert.deepEqual(scene.log, []);
      dispatch.tick();
      dispatch.tick();
      assert.deepEqual(scene.log, ['a done', "a 504 no answer of WSGI dispatch script '/dispatch.py' within 3 s"]);
      assert.equal(scene.group.waiting, 0);
    }
  });

  it('is 503 where no process comes', () => {
    const scene = new Scene();
    scene.ask();
    scene.group.sweep();
    scene.clock.advance(15_000);
    scene.group.sweep();
    assert.match(scene.log.join(), /^a done,a 503 Unable to connect to WSGI daemon process '\*scripts\*'/);
  });

  it('says nothing more once it was abandoned', () => {
    for (const processes of [0, 1]) {
      const scene = new Scene();
      if (processes > 0) scene.announce(1);
      const dispatch = scene.ask();
      dispatch.abandon();
      dispatch.abandon();
      for (let second = 0; second < 5; second++) dispatch.tick();
      scene.answer(responseFrame(1, ['200 OK'], '', true));
      assert.deepEqual(scene.log, ['a done']);
      assert.equal(scene.group.waiting, 0);
    }
  });

  it('refuses an answer that is none, and a question that does not fit a frame', () => {
    const scene = new Scene();
    scene.announce(1);
    scene.ask('a');
    scene.answer(responseFrame(1, ['200 OK'], 'body', false));
    scene.answer(frame(frameType.abort, 1, ''));
    scene.ask('b');
    scene.answer(frame(frameType.abort, 2, 'the request thread ended'));
    scene.ask('c', framePayloadBytesLimit + 1);
    assert.deepEqual(scene.log, [
      'a done',
      "a 500 unexpected answer of WSGI dispatch script '/dispatch.py'",
      'b done',
      "b 500 WSGI dispatch script '/dispatch.py': the request thread ended",
      'c done',
      `c 400 request header makes an environ of more than ${framePayloadBytesLimit} bytes`,
    ]);
  });
});
