/**
 * Reads a configuration from the file system and keeps what it read, so that an http child resolves exactly the
 * configuration that the parent checked, whatever happened to the files since, and without the right to read them.
 */
import type { Config } from '../conf/config.js';
import type { Problem } from '../conf/source.js';
import type { ConfigTree } from '../conf/tree.js';
/** All that a configuration is made of. Plain data: it goes to the http children. */
export interface ConfigSnapshot {
    readonly file: string;
    readonly serverRoot: string;
    readonly defines: readonly (readonly [string, string])[];
    /** Environment variables that ${NAME} looked up, with what it found. */
    readonly environment: Record<string, string>;
    readonly files: Record<string, string>;
    /** Names in the folders that Include looked into. */
    readonly folders: Record<string, readonly string[]>;
    /** Paths that <IfFile> asked for and that were there. */
    readonly existing: readonly string[];
}
export interface LoadedConfig {
    readonly config: Config;
    readonly tree: ConfigTree;
    readonly problems: readonly Problem[];
    readonly snapshot: ConfigSnapshot;
}
export interface ConfigRequest {
    readonly file: string;
    /** In force until a ServerRoot line. */
    readonly serverRoot: string;
    readonly defines?: readonly (readonly [string, string])[];
    /** Used in the file's place: a configuration that stands in no file. */
    readonly text?: string;
}
/** Reads, parses and resolves. Never throws for what the files say: see `problems`. */
export declare function loadConfig(request: ConfigRequest): LoadedConfig;
/** Resolves a snapshot anew: the same values, in another process. */
export declare function replayConfig(snapshot: ConfigSnapshot): Config;
