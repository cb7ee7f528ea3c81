/** What the head of a response says of a file: type, entity tag, time. Kept for files that are asked for again. */

import type { BigIntStats } from 'node:fs';
import { basename } from 'node:path';
import { type MediaTypeRules, mediaTypeOf } from '../http/media-type.js';
import type { ETagComponent } from './core-file-directives.js';

export interface StaticHeadOptions {
  readonly mediaTypes: MediaTypeRules;
  /** Empty for no ETag. */
  readonly etag: ReadonlySet<ETagComponent>;
}

export interface StaticHead {
  readonly contentType: string | undefined;
  /** Flat; what the file is, without its length. */
  readonly fields: readonly string[];
  /** The same, as an answer has them that is the whole file. */
  readonly wholeFields: readonly string[];
}

interface KeptHead {
  readonly options: StaticHeadOptions;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly head: StaticHead;
}

/** Some 600 bytes each. */
const keptLimit = 4096;
/** While a file is this new it may change again within the resolution of its time, so its ETag is weak. */
const settledAgeMs = 1000;

/** By path. A head is made of nothing but what is compared before it is used again: it can't be stale. */
const kept = new Map<string, KeptHead>();

/** `fallbackType`: for a file that has no type of its own. */
export function headOf(
  path: string,
  stats: BigIntStats,
  options: StaticHeadOptions,
  fallbackType: string | undefined,
): StaticHead {
  if (fallbackType !== undefined) return makeHead(path, stats, options, fallbackType, Date.now());
  const known = kept.get(path);
  if (
    known !== undefined &&
    known.options === options &&
    known.mtimeNs === stats.mtimeNs &&
    known.size === stats.size &&
    known.ino === stats.ino
  ) {
    return known.head;
  }
  const nowMs = Date.now();
  const head = makeHead(path, stats, options, undefined, nowMs);
  if (isSettled(stats, nowMs)) {
    if (kept.size >= keptLimit) kept.clear();
    const { ino, mtimeNs, size } = stats;
    kept.set(path, { options, ino, size, mtimeNs, head });
  }
  return head;
}

function makeHead(
  path: string,
  stats: BigIntStats,
  options: StaticHeadOptions,
  fallbackType: string | undefined,
  nowMs: number,
): StaticHead {
  const media = mediaTypeOf(basename(path), options.mediaTypes);
  const { contentType = fallbackType, contentEncoding, contentLanguage } = media;
  const fields: string[] = [];
  if (contentType !== undefined) fields.push('Content-Type', contentType);
  if (contentEncoding !== undefined) fields.push('Content-Encoding', contentEncoding);
  if (contentLanguage !== undefined) fields.push('Content-Language', contentLanguage);
  const etag = formatETag(stats, options.etag, nowMs);
  if (etag !== undefined) fields.push('ETag', etag);
  const wholeFields = [...fields, 'Accept-Ranges', 'bytes', 'Last-Modified', modifiedAt(stats).toUTCString()];
  return { contentType, fields, wholeFields };
}

/** To the millisecond, and never later than it was. */
export function modifiedAt({ mtimeMs }: BigIntStats): Date {
  return new Date(Number(mtimeMs));
}

function isSettled({ mtimeMs }: BigIntStats, nowMs: number): boolean {
  return nowMs - Number(mtimeMs) > settledAgeMs;
}

/** `"size-mtime"` in hexadecimal, with the inode before where FileETag wants it: Apache's form. */
export function formatETag(stats: BigIntStats, parts: ReadonlySet<ETagComponent>, nowMs: number): string | undefined {
  // A digest would read the whole file for each request; the time and size say nearly as much.
  const digest = parts.has('Digest');
  const text: string[] = [];
  if (parts.has('INode')) text.push(stats.ino.toString(16));
  if (digest || parts.has('Size')) text.push(stats.size.toString(16));
  if (digest || parts.has('MTime')) text.push((stats.mtimeNs / 1000n).toString(16));
  if (text.length === 0) return undefined;
  return `${isSettled(stats, nowMs) ? '' : 'W/'}"${text.join('-')}"`;
}
