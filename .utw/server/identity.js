/** Whom the server's processes run as. Only where it was started as root; otherwise everything stays who we are. */
import { ProcessError } from '../base/errors.js';
import { formatAccount } from '../wsgi/account-reference.js';
import { findGroupId, findUnprivilegedUser, findUser } from './accounts.js';
import { processSettings } from './core-process-directives.js';
/** The http children's user. Undefined: as started. @throws ProcessError where it does not exist or is root */
export function findHttpAccount(settings, mayStayRoot) {
    if (process.getuid?.() !== 0)
        return undefined;
    const user = settings.find(processSettings.user);
    const group = settings.find(processSettings.group);
    if (user === undefined && mayStayRoot)
        return undefined;
    const account = user === undefined ? findUnprivilegedUser() : getUser(user, 'User');
    if (account === undefined)
        throw new ProcessError('no user to run as: name one with User');
    if (account.uid === 0)
        throw new ProcessError(`User '${account.name}' is root: name another one`);
    return group === undefined ? account : { ...account, gid: getGroupId(group, 'Group') };
}
/** Whom the processes of a group become. `http` is undefined where nobody changes identity. @throws ProcessError */
export function findDaemonUser(group, http) {
    if (http === undefined)
        return null;
    const what = `user of daemon process group '${group.name}'`;
    const account = group.user === undefined ? http : getUser(group.user, what);
    if (account.uid === 0)
        throw new ProcessError(`${what}: WSGI process blocked from running as root`);
    const gid = group.group === undefined ? account.gid : getGroupId(group.group, `group of '${group.name}'`);
    const groups = group.supplementaryGroups?.map((one) => getGroupId(one, `supplementary group of '${group.name}'`));
    return { uid: account.uid, gid, name: account.name, home: account.home, groups: groups ?? null };
}
function getUser(reference, what) {
    const key = reference.kind === 'id' ? String(reference.id) : reference.name;
    const account = findUser(key);
    if (account === undefined)
        throw new ProcessError(`${what}: there is no user '${formatAccount(reference)}' on this system`);
    return account;
}
function getGroupId(reference, what) {
    if (reference.kind === 'id')
        return reference.id;
    const gid = findGroupId(reference.name);
    if (gid === undefined)
        throw new ProcessError(`${what}: there is no group '${reference.name}' on this system`);
    return gid;
}
//# sourceMappingURL=identity.js.map