/** `stillhouse reopen-logs`: the running server opens its logs anew, after somebody has moved them. */

import { type ControlFlags, getControlSocket, sendCommand } from './control-client.js';
import { ProgressLines } from './progress-lines.js';

/** @returns the exit status */
export async function reopenLogs(flags: ControlFlags): Promise<number> {
  const socket = getControlSocket(flags);
  using progress = new ProgressLines('the server opens its logs anew ...');
  await sendCommand(socket, 'reopen-logs', {}, progress.show);
  return 0;
}
