/**
 * The folder of a running server: the daemon processes' sockets and scoreboards. Private to the server; others may only
 * pass through it (mode 0711 when root starts us, so that the http children's user reaches its sockets). Removed at
 * stop; what a server left that was killed is removed by the next start.
 */
/** The socket in a runtime folder that ps and stop talk to. */
export declare const controlSocketName = "control.sock";
/** The folder in which servers put theirs, where the configuration does not say. */
export declare function defaultRuntimeBase(): string;
export declare class RuntimeFolder {
    #private;
    readonly path: string;
    private constructor();
    /** Makes the folder `<base>/server-<pid>`. @throws ProcessError that says what to do */
    static create(base: string): RuntimeFolder;
    /** Path of a file in it. */
    file(name: string): string;
    remove(): void;
}
/** The runtime folders of servers that run now. */
export declare function findRuntimeFolders(base: string): readonly string[];
