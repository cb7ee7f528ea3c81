/**
 * Users and groups of the system. Node has no getpwnam: `getent` asks the same databases (files, LDAP, ...) and is part
 * of every libc. Only called at start.
 */
export interface Account {
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    readonly home: string;
}
/** Looks a user up by name or number. */
export declare function findUser(nameOrUid: string): Account | undefined;
/** Looks a group's number up by name or number. */
export declare function findGroupId(nameOrGid: string): number | undefined;
/** The first of the users that servers usually run as: www-data, then nobody. */
export declare function findUnprivilegedUser(): Account | undefined;
