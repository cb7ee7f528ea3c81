/**
 * Tells, without touching it, whether a path lies on file systems that answer at once: those of this machine's own disks
 * and memory. A call on any other (NFS, SMB, FUSE, 9p ...) may hang for as long as its server does, and must not be made
 * on the event loop. FileCalls asks.
 *
 * statfs(2) tells the type of a file system, but hangs itself on a dead one. The kernel's table of mounts does not: every
 * name and link on the way is held against it before it is looked at, so that no step leaves what is known to be local.
 */

import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { type PathReader, walkPath } from './path-rights.js';

/** By their names in /proc/filesystems. What is not here may be slow: a new kind, a layer over something else. */
const localTypes: ReadonlySet<string> = new Set(
  [
    'ext2 ext3 ext4 xfs btrfs zfs bcachefs f2fs jfs reiserfs nilfs2 hfsplus ufs vfat msdos exfat ntfs3',
    'iso9660 udf squashfs erofs cramfs romfs overlay tmpfs ramfs rootfs devtmpfs devpts hugetlbfs mqueue',
    'proc sysfs cgroup cgroup2 securityfs selinuxfs debugfs tracefs pstore bpf configfs efivarfs fusectl binfmt_misc nsfs',
  ]
    .join(' ')
    .split(' '),
);

/** A file system that is mounted on a folder in use is noticed after so long; so is a link that leads elsewhere. */
const rememberMs = 1000;
const rememberedLimit = 4096;

export interface LocalMountsOptions {
  readonly monotonicMs: () => number;
  /** The text of /proc/self/mountinfo. Throws where there is none. */
  readonly readMounts?: () => string;
}

export class LocalMounts {
  readonly #monotonicMs: () => number;
  readonly #readMounts: () => string;
  #validUntilMs = Number.NEGATIVE_INFINITY;
  #table: string | undefined;
  /** Where file systems are mounted that may be slow; undefined: nobody knows. */
  #slow: ReadonlySet<string> | undefined;
  readonly #remembered = new Map<string, boolean>();

  constructor({ monotonicMs, readMounts = readMountTable }: LocalMountsOptions) {
    this.#monotonicMs = monotonicMs;
    this.#readMounts = readMounts;
  }

  /** `path`: absolute. What is not there counts as local where its folder is. */
  isLocal(path: string): boolean {
    if (this.#monotonicMs() >= this.#validUntilMs) this.#refresh();
    const slow = this.#slow;
    if (slow === undefined) return false;
    if (slow.size === 0) return true;
    const known = this.#remembered.get(path);
    if (known !== undefined) return known;
    const isLocal = !meets(path, slow);
    if (this.#remembered.size >= rememberedLimit) this.#remembered.clear();
    this.#remembered.set(path, isLocal);
    return isLocal;
  }

  #refresh(): void {
    this.#validUntilMs = this.#monotonicMs() + rememberMs;
    this.#remembered.clear();
    try {
      const table = this.#readMounts();
      if (table !== this.#table) this.#slow = slowMounts(table);
      this.#table = table;
    } catch {
      this.#table = undefined;
      this.#slow = undefined; // without a table every call is made as if it could hang
    }
  }
}

/** The mount points of what may be slow, from the text of /proc/self/mountinfo (proc(5)). */
export function slowMounts(table: string): ReadonlySet<string> {
  const slow = new Set<string>();
  for (const line of table.split('\n')) {
    const [before = '', after] = line.split(' - ');
    const point = before.split(' ')[4];
    const type = after?.split(' ')[0];
    if (point === undefined || type === undefined) continue;
    const path = unescapePath(point);
    // systemd's autofs for the kernel's own tables is on nearly every machine.
    if (path.startsWith('/proc/') || path.startsWith('/sys/')) continue;
    if (!localTypes.has(type)) slow.add(path);
  }
  return slow;
}

/** Blanks and their kin stand as octal numbers of bytes. */
function unescapePath(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(plain, 'latin1').toString();
}

/** Whether something slow lies on the way, links followed. */
function meets(path: string, slow: ReadonlySet<string>): boolean {
  let met = false;
  const reader: PathReader = {
    lstat(at) {
      if (slow.has(at)) {
        met = true;
        return 'closed';
      }
      try {
        return lstatSync(at, { throwIfNoEntry: false });
      } catch {
        return undefined; // what can't be looked at is not gone through either
      }
    },
    readlink(at) {
      try {
        return readlinkSync(at);
      } catch {
        return '/'; // it has just been replaced: the next look is at what is there then
      }
    },
  };
  walkPath(path, reader);
  return met;
}

function readMountTable(): string {
  return readFileSync('/proc/self/mountinfo', 'utf8');
}
