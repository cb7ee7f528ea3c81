/**
 * A user or group as the configuration names it: `www-data` or `#33`. Looking it up belongs to whoever starts the
 * process; here it is only read. Used by User, Group and the options of WSGIDaemonProcess.
 */
import type { Word } from '../conf/source.js';
export type AccountReference = {
    readonly kind: 'name';
    readonly name: string;
} | {
    readonly kind: 'id';
    readonly id: number;
};
/** @throws DirectiveError where the text is no name and no # with a number; `what` stands in its message. */
export declare function parseAccount(word: Word, what: string): AccountReference;
/** Whether this is root without asking the user database: an alias of uid 0 is found when the process starts. */
export declare function isRoot(account: AccountReference): boolean;
/** As it stands in the configuration. */
export declare function formatAccount(account: AccountReference): string;
