/** `stillhouse reload`: the running server reads its configuration anew, and changes what has changed. */

import { serverStops } from '../server/control-socket.js';
import { CommandRefused, type ControlFlags, getControlSocket, sendCommand } from './control-client.js';
import { ProgressLines } from './progress-lines.js';

/** What the server answers: its process groups by what became of them. One that is replaced is started and stopped. */
interface ReloadAnswer {
  readonly generation: number;
  readonly kept: readonly string[];
  readonly started: readonly string[];
  readonly stopped: readonly string[];
}

/** @returns the exit status */
export async function reload(flags: ControlFlags): Promise<number> {
  const socket = getControlSocket(flags);
  using progress = new ProgressLines('the server reads its configuration and starts what is new ...');
  try {
    const answer = (await sendCommand(socket, 'reload', {}, progress.show)) as unknown as ReloadAnswer;
    for (const line of formatReload(answer)) console.log(line);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    console.error(`stillhouse: ${error.message}`);
    // Its own words may say so already.
    if (error.message !== serverStops && !error.message.includes('configuration of before')) {
      console.error('stillhouse: the server goes on with the configuration of before');
    }
    return 1;
  }
}

export function formatReload({ generation, kept, started, stopped }: ReloadAnswer): readonly string[] {
  const replaced = started.filter((name) => stopped.includes(name));
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['kept', kept],
    ['replaced', replaced],
    ['started', started.filter((name) => !replaced.includes(name))],
    ['stopped', stopped.filter((name) => !replaced.includes(name))],
  ];
  return [
    `configuration reloaded, generation ${generation}`,
    ...kinds
      .filter(([, names]) => names.length > 0)
      .map(([kind, names]) => `${`${kind}:`.padEnd(9)} ${names.join(', ')}`),
  ];
}
