/**
 * Serves files. The http child has mapped the URL to a path, checked access and found the settings in force; this sends
 * the file with the `send` library, which does conditional requests and ranges, or throws a RequestError before any
 * byte is sent. Header fields that belong to the error (Allow, Content-Range) are left on the response for whoever
 * writes the error page.
 */
import type { BigIntStats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type MediaTypeRules } from '../http/media-type.js';
import type { ETagComponent } from './core-file-directives.js';
import { type SymlinkPolicy } from './static-path.js';
/** What the URL was mapped to. */
export interface StaticFile {
    /** Absolute, in the file system's own characters (not percent-encoded). */
    readonly path: string;
    /** The folder that DocumentRoot or an Alias names: nothing outside is served, and it may itself be hidden. */
    readonly root: string;
    /** The path of the request as it arrived, percent-encoded and without the query, for the redirect that adds a slash. */
    readonly rawUrlPath: string;
    /** With its question mark, or empty. */
    readonly query: string;
    /** Set where the file is an error document: the status it is for. Then method and conditions of the request don't count. */
    readonly errorStatus?: number;
}
export interface StaticOptions {
    readonly mediaTypes: MediaTypeRules;
    readonly symlinks: SymlinkPolicy;
    /** Empty where DirectoryIndex is disabled. URL paths in it are for the http child, which looks first. */
    readonly directoryIndex: readonly string[];
    readonly directorySlash: boolean;
    /** Options Indexes: lists are not made yet, the refusal says so. */
    readonly indexes: boolean;
    /** Empty for no ETag. */
    readonly etag: ReadonlySet<ETagComponent>;
    /** `http://name:port` in front of a redirect's path; without it the redirect is relative. */
    readonly origin?: string;
}
export interface StaticOutcome {
    readonly status: number;
    /** Bytes of the body that were handed to the connection. */
    readonly bodyBytes: number;
    /** Why the response is incomplete, where that is not the client's doing. */
    readonly failure?: string;
}
/** The first of the names that is a file in the folder. URL paths (with a leading slash) are passed over. */
export declare function findDirectoryIndex(folder: string, names: readonly string[]): Promise<string | undefined>;
/**
 * Answers the request with the file. Resolves when the response is with the kernel or the client has left.
 * @throws RequestError 403, 404, 405, 412, 416 or 500, with nothing sent
 */
export declare function serveStatic(request: IncomingMessage, response: ServerResponse, file: StaticFile, options: StaticOptions): Promise<StaticOutcome>;
/** `"size-mtime"` in hexadecimal, with the inode before where FileETag wants it: Apache's form. */
export declare function formatETag(found: BigIntStats, parts: ReadonlySet<ETagComponent>, nowMs: number): string | undefined;
