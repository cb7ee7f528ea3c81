/**
 * Users and groups of the system. Node has no getpwnam: `getent` asks the same databases (files, LDAP, ...) and is part
 * of every libc. Only called at start.
 */
import { spawnSync } from 'node:child_process';
import { ProcessError } from '../base/errors.js';
const lookupMsLimit = 10_000;
/** Looks a user up by name or number. */
export function findUser(nameOrUid) {
    const fields = lookUp('passwd', nameOrUid);
    if (fields === undefined)
        return undefined;
    return { name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]), home: fields[5] ?? '/' };
}
/** Looks a group's number up by name or number. */
export function findGroupId(nameOrGid) {
    const fields = lookUp('group', nameOrGid);
    return fields === undefined ? undefined : Number(fields[2]);
}
/** The first of the users that servers usually run as: www-data, then nobody. */
export function findUnprivilegedUser() {
    return findUser('www-data') ?? findUser('nobody');
}
function lookUp(database, key) {
    const result = spawnSync('getent', [database, key], { encoding: 'utf8', timeout: lookupMsLimit });
    if (result.error !== undefined) {
        throw new ProcessError(`can't look up '${key}' in ${database}: getent: ${result.error.message}`);
    }
    const line = result.stdout.split('\n')[0] ?? '';
    return result.status === 0 && line !== '' ? line.split(':') : undefined;
}
//# sourceMappingURL=accounts.js.map