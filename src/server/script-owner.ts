/** Who must own the scripts of a process group (script-user, script-group), looked up in the system's databases. */

import { formatAccount } from '../wsgi/account-reference.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import type { ScriptOwner } from '../wsgi/script-ownership.js';
import { findGroupId, findUser } from './accounts.js';

/** Undefined: anybody may own them. */
export function findScriptOwner({ scriptGroup, scriptUser }: DaemonProcessGroup): ScriptOwner | undefined {
  if (scriptUser !== undefined) {
    const id = scriptUser.kind === 'id' ? scriptUser.id : findUser(scriptUser.name)?.uid;
    return { kind: 'user', name: formatAccount(scriptUser), id };
  }
  if (scriptGroup === undefined) return undefined;
  const id = scriptGroup.kind === 'id' ? scriptGroup.id : findGroupId(scriptGroup.name);
  return { kind: 'group', name: formatAccount(scriptGroup), id };
}
