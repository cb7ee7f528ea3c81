/**
 * The directives of Apache's multi-processing modules. Here StartServers is the number of http children; a child serves
 * any number of connections in one thread, so most of the others have nothing to say and are only kept.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
export declare const mpmSettings: Readonly<{
    /** Number of http children. */
    startServers: Setting<number>;
    serverLimit: Setting<number>;
    minSpareServers: Setting<number>;
    maxSpareServers: Setting<number>;
    minSpareThreads: Setting<number>;
    maxSpareThreads: Setting<number>;
    threadsPerChild: Setting<number>;
    threadLimit: Setting<number>;
    maxRequestWorkers: Setting<number>;
    /** 0: no limit. */
    maxConnectionsPerChild: Setting<number>;
    threadStackSizeBytes: Setting<number>;
}>;
export declare const mpmDirectives: readonly DirectiveDefinition[];
