/** What the parent needs to know: where to listen, as whom to run, where its files are. Directives of core, MPM, unixd. */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import type { Position } from '../conf/source.js';
import { type AccountReference } from '../wsgi/account-reference.js';
/** One Listen line. */
export interface ListenAddress {
    /** A numeric address without brackets; undefined: every address of the machine. */
    readonly host: string | undefined;
    /** 0: any free port. */
    readonly port: number;
    readonly protocol: 'http';
    readonly position: Position;
}
export declare const processSettings: Readonly<{
    listen: Setting<readonly ListenAddress[]>;
    listenBacklog: Setting<number>;
    user: Setting<AccountReference>;
    group: Setting<AccountReference>;
    pidFile: Setting<string>;
    mutex: Setting<readonly string[]>;
    /** Where sockets and other files of a running server lie. */
    defaultRuntimeDir: Setting<string>;
    coreDumpDirectory: Setting<string>;
    gracefulShutdownTimeoutSeconds: Setting<number>;
    extendedStatus: Setting<boolean>;
}>;
export declare const coreProcessDirectives: readonly DirectiveDefinition[];
