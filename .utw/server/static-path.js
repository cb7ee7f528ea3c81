/**
 * Whether a file may be served at all: no way out of its root, no dotfiles, symbolic links as Options says. Called by
 * static-handler.ts before anything is sent; all refusals are RequestErrors.
 */
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError } from '../base/errors.js';
/** Errors that tell that the file is not there, rather than that it may not be had. */
const absent = new Set(['ENOENT', 'ENOTDIR']);
const refused = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'ELOOP']);
/** The RequestError for a failed system call: 404, 403 or 500. */
export function requestErrorOf(error, path) {
    const code = errorCode(error);
    const options = { cause: error };
    if (absent.has(code))
        return new RequestError(404, `file does not exist: ${path}`, options);
    if (refused.has(code))
        return new RequestError(403, `file permissions deny server access: ${path} (${code})`, options);
    return new RequestError(500, `file can't be read: ${path} (${code === '' ? String(error) : code})`, options);
}
/** RFC 8615: meant to be public, certificates are renewed through it. */
const wellKnownFolder = '.well-known';
/**
 * Checks the path by its text alone.
 * @throws RequestError 404 for what is not below `root` and for dotfiles; 403 for .ht*, as Apache's configuration has it
 */
export function checkStaticPath(path, root) {
    const folder = root.endsWith('/') ? root : `${root}/`;
    const inside = path === root || path === folder || path.startsWith(folder);
    const below = path.slice(folder.length).split('/');
    if (!path.startsWith('/') || path.includes('\0') || !inside || path.split('/').includes('..')) {
        throw new RequestError(404, `not a path below ${root}: ${path}`);
    }
    for (const name of below) {
        if (!name.startsWith('.') || name === '.' || name === wellKnownFolder)
            continue;
        if (name.startsWith('.ht'))
            throw new RequestError(403, `client denied by server configuration: ${path}`);
        throw new RequestError(404, `dotfiles are not served: ${path}`);
    }
}
/**
 * The file's status after its links were checked under the policy; the root itself may be a link.
 * @throws RequestError
 */
export async function statStatic(path, root, policy) {
    try {
        if (policy !== 'follow')
            await checkLinks(path, root, policy);
        return await stat(path, { bigint: true });
    }
    catch (error) {
        if (error instanceof RequestError)
            throw error;
        // A link to nowhere is there, but can't be had.
        if (absent.has(errorCode(error)) && (await isLink(path)))
            throw linkError(path);
        throw requestErrorOf(error, path);
    }
}
async function checkLinks(path, root, policy) {
    let at = root;
    for (const name of path.slice(root.length).split('/')) {
        if (name === '')
            continue;
        at = join(at, name);
        const link = await lstat(at);
        if (!link.isSymbolicLink())
            continue;
        if (policy === 'refuse' || (await stat(at)).uid !== link.uid)
            throw linkError(at);
    }
}
async function isLink(path) {
    return await lstat(path).then((found) => found.isSymbolicLink(), () => false);
}
function linkError(path) {
    return new RequestError(403, `symbolic link not allowed or link target not accessible: ${path}`);
}
function errorCode(error) {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
//# sourceMappingURL=static-path.js.map