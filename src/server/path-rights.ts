/**
 * Who may read a file, judged by owner, group and mode of everything on the way to it: what the server, as root, can't
 * try out for the users that its processes become. Pure; script-checks.ts brings the file system.
 */

/** What lstat tells. */
export interface PathStatus {
  readonly uid: number;
  readonly gid: number;
  /** With the bits of the file's type. */
  readonly mode: number;
}

export interface PathReader {
  /** Does not follow links; undefined where nothing is there, 'closed' where the folder does not let us look. */
  lstat(path: string): PathStatus | 'closed' | undefined;
  readlink(path: string): string;
}

/** A folder to pass through, or the file at the end. */
export type PathStep = PathStatus & { readonly path: string; readonly needs: 'search' | 'read' };

/** Links on the way are replaced by what they name. */
export type Walk =
  | { readonly kind: 'file' | 'directory' | 'other'; readonly steps: readonly PathStep[] }
  /** The last step is the folder that does not let us further. */
  | { readonly kind: 'closed'; readonly steps: readonly PathStep[] }
  /** `path`: the first component that is not there, or that is no folder though something follows. */
  | { readonly kind: 'missing'; readonly path: string; readonly steps: readonly PathStep[] };

export interface Identity {
  readonly uid: number;
  /** The primary one, too. */
  readonly gids: ReadonlySet<number>;
}

const typeBits = 0o170000;
const fileType = 0o100000;
const folderType = 0o040000;
const linkType = 0o120000;
/** As the kernel has it. */
const linksLimit = 40;
const rightBits = { read: 0o4, search: 0o1 } as const;

/** Goes along an absolute path. */
export function walkPath(path: string, reader: PathReader): Walk {
  const steps: PathStep[] = [];
  const left = componentsOf(path);
  let folder = '';
  let links = 0;
  const root = reader.lstat('/');
  if (root !== undefined && root !== 'closed') steps.push(makeStep('/', root, 'search'));
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === '..') {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
      continue;
    }
    const here = `${folder}/${name}`;
    const status = reader.lstat(here);
    if (status === undefined) return { kind: 'missing', path: here, steps };
    if (status === 'closed') return { kind: 'closed', steps };
    switch (status.mode & typeBits) {
      case linkType: {
        links += 1;
        if (links > linksLimit) return { kind: 'missing', path: here, steps };
        const target = reader.readlink(here);
        if (target.startsWith('/')) folder = '';
        left.push(...componentsOf(target));
        break;
      }
      case folderType:
        steps.push(makeStep(here, status, 'search'));
        folder = here;
        break;
      default:
        if (left.length > 0) return { kind: 'missing', path: here, steps };
        steps.push(makeStep(here, status, 'read'));
        return { kind: (status.mode & typeBits) === fileType ? 'file' : 'other', steps };
    }
  }
  return { kind: 'directory', steps };
}

/** The first thing on the way that stops the user; undefined: nothing does. */
export function findBarrier(steps: readonly PathStep[], { uid, gids }: Identity): PathStep | undefined {
  if (uid === 0) return undefined;
  return steps.find((step) => {
    const shift = step.uid === uid ? 6 : gids.has(step.gid) ? 3 : 0;
    return ((step.mode >> shift) & rightBits[step.needs]) === 0;
  });
}

/** Whether nobody is stopped, so that it does not matter who asks. */
export function isOpenToAll(steps: readonly PathStep[]): boolean {
  return steps.every(({ mode, needs }) => [6, 3, 0].every((shift) => ((mode >> shift) & rightBits[needs]) !== 0));
}

/** The last one first. */
function componentsOf(path: string): string[] {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reverse();
}

function makeStep(path: string, { uid, gid, mode }: PathStatus, needs: PathStep['needs']): PathStep {
  return { path, uid, gid, mode, needs };
}
