/** `stillhouse ps`: the processes of running servers, the role of every thread, and what it is doing. */

import { ProcessError } from '../base/errors.js';
import type { ServerTree } from '../server/server-tree.js';
import { type ControlFlags, describeNoServer, findControlSockets, sendCommand } from './control-client.js';
import { inspectServer, type ProcessStacks, type ServerReport } from './process-inspection.js';
import { ProgressLines } from './progress-lines.js';
import { formatServer, isUtf8Locale } from './ps-text.js';

export interface PsFlags extends ControlFlags {
  readonly json?: boolean;
  readonly stacks?: boolean;
}

/** @returns the exit status: 1 where no server runs, or none that answers */
export async function ps(flags: PsFlags): Promise<number> {
  const sockets = findControlSockets(flags);
  const servers: ServerReport[] = [];
  for (const socket of sockets) {
    try {
      servers.push(await look(socket, flags.stacks === true));
    } catch (error) {
      if (!(error instanceof ProcessError)) throw error;
      // One that starts or stops at this moment, or another user's: the others are shown all the same.
      console.error(`stillhouse: ${error.message}`);
    }
  }
  if (sockets.length === 0) console.error(`stillhouse: ${describeNoServer(flags)}`);
  if (servers.length === 0) return 1;
  if (flags.json === true) {
    console.log(JSON.stringify(servers, undefined, 2));
    return 0;
  }
  const options = { isUtf8: isUtf8Locale(process.env), withStacks: flags.stacks === true, now: Date.now() / 1000 };
  servers.forEach((server, index) => {
    if (index > 0) console.log('');
    for (const line of formatServer(server, options)) console.log(line);
  });
  return 0;
}

async function look(socket: string, withStacks: boolean): Promise<ServerReport> {
  using progress = new ProgressLines('waiting for the Python stacks ...');
  // First: asking for them takes time, and what the threads run is to be as near to them as can be.
  const stacks = withStacks ? await askForStacks(socket, progress.show) : [];
  return inspectServer((await sendCommand(socket, 'ps')) as unknown as ServerTree, stacks);
}

async function askForStacks(socket: string, onProgress: (text: string) => void): Promise<readonly ProcessStacks[]> {
  try {
    const { processes } = await sendCommand(socket, 'stacks', {}, onProgress);
    return processes as readonly ProcessStacks[];
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    console.error(`stillhouse: no Python stacks: ${error.message}`);
    return [];
  }
}
