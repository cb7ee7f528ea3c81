/**
 * A user or group as the configuration names it: `www-data` or `#33`. Looking it up belongs to whoever starts the
 * process; here it is only read. Used by User, Group and the options of WSGIDaemonProcess.
 */
import { DirectiveError } from '../conf/directive.js';
/** The largest uid and gid of Linux; one more is the "no change" of chown. */
const MAX_ID = 4_294_967_294;
/** @throws DirectiveError where the text is no name and no # with a number; `what` stands in its message. */
export function parseAccount(word, what) {
    const { text } = word;
    if (text.startsWith('#')) {
        const id = /^#\d+$/.test(text) ? Number(text.slice(1)) : Number.NaN;
        if (!(id <= MAX_ID))
            throw new DirectiveError(`invalid ${what}: it must be a name or # and a number, not '${text}'`, word);
        return { kind: 'id', id };
    }
    if (text === '' || /[\s:,]/.test(text)) {
        throw new DirectiveError(`invalid ${what}: it must be a name or # and a number, not '${text}'`, word);
    }
    return { kind: 'name', name: text };
}
/** Whether this is root without asking the user database: an alias of uid 0 is found when the process starts. */
export function isRoot(account) {
    return account.kind === 'id' ? account.id === 0 : account.name === 'root';
}
/** As it stands in the configuration. */
export function formatAccount(account) {
    return account.kind === 'id' ? `#${account.id}` : account.name;
}
//# sourceMappingURL=account-reference.js.map