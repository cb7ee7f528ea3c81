/**
 * The process groups of a whole configuration: which there are, which server defined them, and who may use them. Found
 * after resolving, as the lines of one server do not see those of others. Called by `check` and by the parent.
 */
import type { Config, ServerScope } from '../conf/config.js';
import type { Problem } from '../conf/source.js';
import type { DaemonProcessGroup } from './daemon-process-group.js';
import { type WsgiImportScript } from './settings.js';
export interface CatalogedGroup {
    readonly group: DaemonProcessGroup;
    /** The server in whose scope its line stands. */
    readonly server: ServerScope;
}
export interface GroupCatalog {
    /** By name, in the order of definition. */
    readonly groups: ReadonlyMap<string, CatalogedGroup>;
    readonly importScripts: readonly WsgiImportScript[];
    readonly problems: readonly Problem[];
}
export type Access = 'accessible' | 'unknown' | 'not accessible' | 'not matchable';
/** Whether requests of a server may go to the group: those of the main server are everybody's. */
export declare function groupAccess(catalog: Pick<GroupCatalog, 'groups'>, name: string, user: ServerScope, serverNameOf: (server: ServerScope) => string | undefined): Access;
/** `serverNameOf` gives the host of ServerName; the setting is not this layer's. */
export declare function catalogGroups(config: Config, serverNameOf: (server: ServerScope) => string | undefined): GroupCatalog;
