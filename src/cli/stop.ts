/** `stillhouse stop`: ends a running server, and waits until it is gone. */

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverStops } from '../server/control-socket.js';
import { CommandRefused, type ControlFlags, getControlSocket, sendCommand } from './control-client.js';

/** The parent gives its children 3 s and then kills them. */
const stopMsLimit = 15_000;
const lookMs = 50;

/** @returns the exit status */
export async function stop(flags: ControlFlags): Promise<number> {
  const socket = getControlSocket(flags);
  try {
    await sendCommand(socket, 'stop');
  } catch (error) {
    // Somebody else was first.
    if (!(error instanceof CommandRefused && error.message === serverStops)) throw error;
  }
  const untilMs = Date.now() + stopMsLimit;
  // The runtime folder goes last of all.
  while (existsSync(dirname(socket))) {
    if (Date.now() > untilMs) {
      console.error(`stillhouse: the server has not stopped after ${stopMsLimit / 1000} s`);
      return 1;
    }
    await sleep(lookMs);
  }
  return 0;
}
