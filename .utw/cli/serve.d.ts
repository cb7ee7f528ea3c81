/** `stillhouse serve`: one application by one command, with mod_wsgi-express's options and defaults. */
/** As commander hands them over. */
export interface ServeFlags {
    readonly host?: string;
    readonly port: number;
    readonly serverName?: string;
    readonly serverAlias?: readonly string[];
    readonly processes?: number;
    readonly threads: number;
    readonly mountPoint: string;
    readonly callableObject: string;
    readonly workingDirectory?: string;
    readonly pythonPath?: readonly string[];
    readonly pythonHome?: string;
    readonly urlAlias?: readonly (readonly [string, string])[];
    readonly documentRoot?: string;
    readonly directoryIndex?: string;
    readonly errorDocument?: readonly (readonly [string, string])[];
    readonly setenv?: readonly (readonly [string, string])[];
    readonly passenv?: readonly string[];
    readonly user?: string;
    readonly group?: string;
    readonly limitRequestBody: number;
    readonly keepAliveTimeout: number;
    readonly socketTimeout: number;
    readonly connectTimeout: number;
    readonly queueTimeout: number;
    readonly shutdownTimeout: number;
    readonly deadlockTimeout: number;
    readonly chunkedRequest?: boolean;
    readonly reloadOnChanges?: boolean;
    readonly passAuthorization: boolean;
    readonly locale: string;
    readonly serverAdmin?: string;
    readonly logLevel: string;
    readonly logDirectory?: string;
    readonly accessLog?: boolean;
    readonly accessLogFormat: string;
    readonly socketPrefix?: string;
    readonly includeFile?: readonly string[];
    readonly printConfig?: boolean;
}
/** Joins the two words of options that take two. */
export declare function joinPairs(words: readonly string[]): string[];
/** @throws UsageError where one of the two words is missing */
export declare function splitPair(text: string): readonly [string, string];
/** @returns the exit status */
export declare function serve(app: string, flags: ServeFlags): Promise<number>;
