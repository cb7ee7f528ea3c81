/**
 * Names of groups and callables that depend on the request: %{SERVER} and its kin (mod_wsgi's wsgi_process_group,
 * wsgi_application_group and wsgi_callable_object). Pure; called for each request that goes to an application.
 */
import type { Settings } from '../conf/settings.js';
import { type WsgiScriptAlias } from './settings.js';
/** What a name may be made of. */
export interface ExpansionFacts {
    /** ServerName of the virtual host that serves the request. */
    readonly serverName: string;
    /** The port of the server as UseCanonicalName has it. */
    readonly port: number;
    /** The name in the Host header, without its port; undefined or empty where the client sent none. */
    readonly host: string | undefined;
    /** SCRIPT_NAME. */
    readonly scriptName: string;
    /** WSGICaseSensitivity. */
    readonly caseSensitive: boolean;
    /** A variable: of the request's notes, else of its environment, else of the server's own environment. */
    findVariable(name: string): string | undefined;
}
/** Embedded mode as a process group, the main interpreter as an application group. */
export declare const GLOBAL_GROUP = "";
export declare const DEFAULT_CALLABLE = "application";
/**
 * The value with its token expanded. Only a value that is a token as a whole is one; anything else, and %{ENV:name}
 * without such a variable, is the name itself.
 */
export declare function expandGroupToken(value: string, facts: ExpansionFacts): string;
/** In which process group the request runs: the alias says it, else WSGIProcessGroup, else it is embedded mode. */
export declare function effectiveProcessGroup(settings: Settings, alias: Pick<WsgiScriptAlias, 'processGroup'> | undefined, facts: ExpansionFacts): string;
/** In which application group: the alias says it, else WSGIApplicationGroup, else one for the mount point. */
export declare function effectiveApplicationGroup(settings: Settings, alias: Pick<WsgiScriptAlias, 'applicationGroup'> | undefined, facts: ExpansionFacts): string;
/** Which global of the script: the alias says it as it is, else WSGICallableObject, which may be %{ENV:name}. */
export declare function effectiveCallable(settings: Settings, alias: Pick<WsgiScriptAlias, 'callableObject'> | undefined, facts: Pick<ExpansionFacts, 'findVariable'>): string;
/** Whether WSGIRestrictProcess lets the request go to the group. */
export declare function isProcessGroupAllowed(settings: Settings, group: string): boolean;
