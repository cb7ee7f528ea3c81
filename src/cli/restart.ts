/** `stillhouse restart`: new processes for one process group or for all, one after another. */

import { type ControlFlags, getControlSocket, sendCommand } from './control-client.js';
import { ProgressLines } from './progress-lines.js';

interface RestartAnswer {
  readonly groups: readonly { readonly name: string; readonly replaced: number }[];
}

/** @returns the exit status */
export async function restart(group: string | undefined, flags: ControlFlags): Promise<number> {
  const socket = getControlSocket(flags);
  using progress = new ProgressLines('the server starts the successors, one after another ...');
  const args = group === undefined ? {} : { group };
  const { groups } = (await sendCommand(socket, 'restart', args, progress.show)) as unknown as RestartAnswer;
  for (const { name, replaced } of groups) {
    console.log(`${name}: ${replaced} ${replaced === 1 ? 'process' : 'processes'} replaced`);
  }
  return 0;
}
