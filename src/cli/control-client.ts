/** Finds running servers and sends them commands over their control sockets. */

import { accessSync, constants, existsSync } from 'node:fs';
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

/** The server understood the command and answered that it could not do it. */
export class CommandRefused extends ProcessError {}

/** How long the server may be silent; each progress line starts it anew. */
const silenceMsLimit = 5_000;
/** The Python stacks of a large server make a long line. */
const answerCharactersLimit = 64 * 1_048_576;
/** These wait for applications to load and for requests to end, perhaps without a word for as long as one takes. */
const patientMsLimits: Readonly<Record<string, number>> = {
  reload: 15 * 60_000,
  restart: 15 * 60_000,
  stacks: 60_000,
  'reopen-logs': 60_000,
};

/** The control sockets of the servers that are meant; of all that run where nothing is said. */
export function findControlSockets(flags: ControlFlags): readonly string[] {
  const base = findBase(flags);
  if (existsSync(base) && !isReadable(base)) {
    throw new ProcessError(`${base}: not permitted: servers of another user run there; ask as that user or as root`);
  }
  return findRuntimeFolders(base)
    .filter((folder) => flags.pid === undefined || folder.endsWith(`server-${flags.pid}`))
    .map((folder) => join(folder, controlSocketName));
}

/** Where nothing was found, and what to do. */
export function describeNoServer(flags: ControlFlags): string {
  const whose = flags.pid === undefined ? 'no running server' : `no running server with pid ${flags.pid}`;
  const hint = flags.config === undefined ? '; with another runtime folder name its configuration with -f' : '';
  return `${whose} found in ${findBase(flags)}${hint}`;
}

/** The one server that is meant. @throws ProcessError where there is none, UsageError where there are several */
export function getControlSocket(flags: ControlFlags): string {
  const [socket, ...others] = findControlSockets(flags);
  if (socket === undefined) throw new ProcessError(describeNoServer(flags));
  if (others.length > 0) throw new UsageError('several servers run: say which with --pid (stillhouse ps shows them)');
  return socket;
}

/**
 * Sends one command and resolves with the answer.
 * @throws CommandRefused where the server says no, ProcessError where it does not answer
 */
export function sendCommand(
  socketPath: string,
  command: string,
  args: Readonly<Record<string, unknown>> = {},
  onProgress: (text: string) => void = () => {},
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new ProcessError(`${socketPath}: ${reason}`));
    };
    const limitMs = patientMsLimits[command] ?? silenceMsLimit;
    socket.setTimeout(limitMs, () => fail(`no answer within ${limitMs / 1000} s`));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === 'EACCES' ? 'not permitted: the server belongs to another user' : error.message);
    });
    socket.on('end', () => fail('the server closed the connection without an answer'));
    const decoder = new JsonLineDecoder((line) => {
      if (typeof line.progress === 'string') {
        onProgress(line.progress);
        return;
      }
      socket.destroy();
      if (line.error === undefined) resolve(line);
      else reject(new CommandRefused(String(line.error)));
    }, answerCharactersLimit);
    socket.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error));
      }
    });
    socket.write(encodeJsonLine({ ...args, command }));
  });
}

function findBase(flags: ControlFlags): string {
  return flags.config === undefined
    ? defaultRuntimeBase()
    : runtimeBase(loadFromFlags({ ...flags, config: flags.config }).config);
}

function isReadable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
