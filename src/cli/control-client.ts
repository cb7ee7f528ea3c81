/** Finds running servers and sends them commands over their control sockets. */

import { connect } from 'node:net';
import { join } from 'node:path';
import { ProcessError, UsageError } from '../base/errors.js';
import { encodeJsonLine, JsonLineDecoder } from '../proc/json-lines.js';
import { runtimeBase } from '../server/parent.js';
import { controlSocketName, defaultRuntimeBase, findRuntimeFolders } from '../server/runtime-folder.js';
import { type ConfigFlags, loadFromFlags } from './config-flags.js';

/** Which server is meant: the configuration it was started with may name another runtime folder. */
export interface ControlFlags extends Partial<ConfigFlags> {
  /** Of the parent. */
  readonly pid?: number;
}

const answerMsLimit = 5_000;

/** The control sockets of the servers that are meant; of all that run where nothing is said. */
export function findControlSockets(flags: ControlFlags): readonly string[] {
  const base =
    flags.config === undefined
      ? defaultRuntimeBase()
      : runtimeBase(loadFromFlags({ ...flags, config: flags.config }).config);
  return findRuntimeFolders(base)
    .filter((folder) => flags.pid === undefined || folder.endsWith(`server-${flags.pid}`))
    .map((folder) => join(folder, controlSocketName));
}

/** The one server that is meant. @throws ProcessError where there is none, UsageError where there are several */
export function getControlSocket(flags: ControlFlags): string {
  const [socket, ...others] = findControlSockets(flags);
  if (socket === undefined) {
    throw new ProcessError('no running server found; with another runtime folder name its configuration with -f');
  }
  if (others.length > 0) throw new UsageError('several servers run: say which with --pid (stillhouse ps shows them)');
  return socket;
}

/** Sends one command. @throws ProcessError where the server does not answer or refuses */
export function sendCommand(socketPath: string, command: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new ProcessError(`${socketPath}: ${reason}`));
    };
    socket.setTimeout(answerMsLimit, () => fail(`no answer within ${answerMsLimit / 1000} s`));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === 'EACCES' ? 'not permitted: the server belongs to another user' : error.message);
    });
    socket.on('end', () => fail('the server closed the connection without an answer'));
    const decoder = new JsonLineDecoder((answer) => {
      socket.destroy();
      if (answer.error === undefined) resolve(answer);
      else reject(new ProcessError(String(answer.error)));
    });
    socket.on('data', (chunk: Buffer) => decoder.push(chunk));
    socket.write(encodeJsonLine({ command }));
  });
}
