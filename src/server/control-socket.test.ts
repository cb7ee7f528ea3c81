import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ProcessError } from '../base/errors.js';
import { type ControlCommands, ControlSocket, serverStops } from './control-socket.js';

describe('ControlSocket', () => {
  let folder = '';
  let sockets = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillhouse-control-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function open(
    commands: ControlCommands,
    report?: (message: string, error: unknown) => void,
    idleMsLimit?: number,
  ) {
    sockets += 1;
    const path = join(folder, `${sockets}.sock`);
    const control = new ControlSocket(commands, report, idleMsLimit);
    await control.listen(path);
    return { control, path, [Symbol.dispose]: () => control[Symbol.dispose]() };
  }

  function send(path: string, text: string): Socket {
    const socket = connect({ path });
    socket.write(text);
    return socket;
  }

  /** The lines until the server closes. */
  async function linesOf(socket: Socket): Promise<unknown[]> {
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  it('hands the request over, passes progress on and ends with the answer', async () => {
    using server = await open({
      restart: async (request, progress) => {
        progress('the first process');
        await Promise.resolve();
        progress('the second process');
        return { group: request.group };
      },
    });
    assert.deepEqual(await linesOf(send(server.path, '{"command":"restart","group":"site"}\n')), [
      { progress: 'the first process' },
      { progress: 'the second process' },
      { group: 'site' },
    ]);
    assert.equal(statSync(server.path).mode & 0o777, 0o600);
  });

  it('answers a failure with its message', async () => {
    const reports: string[] = [];
    const commands: ControlCommands = {
      refused: () => {
        throw new ProcessError("no group 'x'");
      },
      rejected: () => Promise.reject(new ProcessError('not today')),
      broken: () => Promise.reject(new TypeError('undefined is no function')),
    };
    using server = await open(commands, (message, error) => reports.push(`${message} ${error instanceof TypeError}`));
    const answerTo = async (command: string) =>
      (await linesOf(send(server.path, `${JSON.stringify({ command })}\n`)))[0];
    assert.deepEqual(await answerTo('refused'), { error: "no group 'x'" });
    assert.deepEqual(await answerTo('rejected'), { error: 'not today' });
    assert.deepEqual(await answerTo('toString'), { error: "unknown command 'toString'" });
    assert.deepEqual(reports, []);
    assert.deepEqual(await answerTo('broken'), {
      error: 'the command failed, see the error log: undefined is no function',
    });
    assert.deepEqual(reports, ["the control command 'broken' failed: undefined is no function true"]);
  });

  it('closes a connection that stays silent, not one whose command takes its time', async () => {
    const idleMs = 30;
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let release: () => void = () => {};
    using server = await open(
      {
        reload: async () => {
          begin();
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          return { generation: 2 };
        },
      },
      undefined,
      idleMs,
    );
    const reload = linesOf(send(server.path, '{"command":"reload"}\n'));
    await begun;
    // Three times over the server has closed a silent connection since the command began.
    for (let round = 0; round < 3; round++) assert.deepEqual(await linesOf(connect({ path: server.path })), []);
    release();
    assert.deepEqual(await reload, [{ generation: 2 }]);
  });

  it('goes on with a command whose client has gone', async () => {
    let release: () => void = () => {};
    let finish: (outcome: string) => void = () => {};
    const finished = new Promise<string>((resolve) => {
      finish = resolve;
    });
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    using server = await open({
      reload: async (_, progress) => {
        begin();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        progress('nobody reads this');
        finish('done');
        return {};
      },
      ps: () => ({ pid: 1 }),
    });
    const client = send(server.path, '{"command":"reload"}\n');
    await begun;
    client.destroy();
    await new Promise((resolve) => client.once('close', resolve));
    assert.deepEqual(await linesOf(send(server.path, '{"command":"ps"}\n')), [{ pid: 1 }]);
    release();
    assert.equal(await finished, 'done');
  });

  it('answers a client that has shut its writing side down, and runs one command for a connection', async () => {
    let runs = 0;
    using server = await open({
      ps: async () => {
        runs += 1;
        await new Promise((resolve) => setImmediate(resolve));
        return { runs };
      },
    });
    const socket = connect({ path: server.path });
    socket.end('{"command":"ps"}\n{"command":"ps"}\n');
    assert.deepEqual(await linesOf(socket), [{ runs: 1 }]);
    assert.equal(runs, 1);
  });

  it('closes on what is no command', async () => {
    using server = await open({});
    assert.deepEqual(await linesOf(send(server.path, 'ps\n')), []);
    const silent = connect({ path: server.path });
    silent.end();
    assert.deepEqual(await linesOf(silent), []);
  });

  it('tells those who wait that the server stops, and answers the one who stops it', async () => {
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const server = await open({
      reload: (): Promise<object> => {
        begin();
        return new Promise(() => {});
      },
      stop: () => {
        server.control[Symbol.dispose]();
        return { stopping: true };
      },
    });
    const lines = linesOf(send(server.path, '{"command":"reload"}\n'));
    await begun;
    assert.deepEqual(await linesOf(send(server.path, '{"command":"stop"}\n')), [{ stopping: true }]);
    assert.deepEqual(await lines, [{ error: serverStops }]);
  });
});
