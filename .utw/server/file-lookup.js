/**
 * Splits a mapped path into the file that exists and what is left of it (PATH_INFO), as Apache's directory walk does.
 * Answers are remembered for a moment, so that a busy script costs no system call per request.
 */
import { statSync } from 'node:fs';
const rememberMs = 1000;
const rememberedLimit = 4096;
export class FileLookup {
    #remembered = new Map();
    #nowMs;
    constructor(nowMs) {
        this.#nowMs = nowMs;
    }
    /** What `path` names; `missing` also where a component on the way is no folder. */
    kindOf(path) {
        const nowMs = this.#nowMs();
        const known = this.#remembered.get(path);
        if (known !== undefined && known.untilMs > nowMs)
            return known.kind;
        const kind = statKind(path);
        // What is missing may be made at any moment, and then must be there at once.
        if (kind !== 'file' && kind !== 'directory')
            return kind;
        if (this.#remembered.size >= rememberedLimit)
            this.#remembered.clear();
        this.#remembered.set(path, { kind, untilMs: nowMs + rememberMs });
        return kind;
    }
    /** Walks `path`, which starts with '/'. */
    find(path) {
        const whole = this.kindOf(path);
        if (whole === 'directory')
            return { kind: whole, filename: path, rest: '', folder: path };
        if (whole === 'file' || whole === 'other')
            return { kind: whole, filename: path, rest: '', folder: parentOf(path) };
        // From the end: usually only the last component is missing, or all of PATH_INFO lies behind one file.
        let missingFrom = path.length;
        let denied = whole === 'denied';
        for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
            const prefix = path.slice(0, at);
            const kind = this.kindOf(prefix);
            if (kind === 'file' || kind === 'other') {
                return { kind, filename: prefix, rest: path.slice(at), folder: parentOf(prefix) };
            }
            if (kind === 'directory')
                return incomplete(path, prefix, missingFrom, denied);
            denied = kind === 'denied';
            missingFrom = at;
        }
        return incomplete(path, '/', missingFrom, denied);
    }
}
function incomplete(path, folder, missingFrom, denied) {
    const kind = denied ? 'denied' : 'missing';
    return { kind, filename: path.slice(0, missingFrom), rest: path.slice(missingFrom), folder };
}
function parentOf(path) {
    const slash = path.lastIndexOf('/');
    return slash <= 0 ? '/' : path.slice(0, slash);
}
/** What keeps a file from being looked at: 403 in Apache, also where nobody could have such a file. */
const deniedCodes = new Set(['EACCES', 'ENAMETOOLONG', 'ELOOP']);
function statKind(path) {
    let found;
    try {
        found = statSync(path, { throwIfNoEntry: false });
    }
    catch (error) {
        return deniedCodes.has(error.code ?? '') ? 'denied' : 'missing';
    }
    if (found === undefined)
        return 'missing';
    if (found.isFile())
        return 'file';
    return found.isDirectory() ? 'directory' : 'other';
}
//# sourceMappingURL=file-lookup.js.map