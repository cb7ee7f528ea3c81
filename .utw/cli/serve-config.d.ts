/**
 * The httpd.conf that `serve` stands for: options named as mod_wsgi-express names them, with its defaults, as the
 * directives that do the same. `serve --print-config` prints it; `run -f` of that file does the same again.
 */
/** What `serve` is asked for. Paths may be relative to `folder`. */
export interface ServeOptions {
    readonly app: string;
    readonly host: string | undefined;
    readonly port: number;
    readonly serverName: string | undefined;
    readonly serverAlias: readonly string[];
    /** Undefined: one process, and the application is told that it is the only one. */
    readonly processes: number | undefined;
    readonly threads: number;
    readonly mountPoint: string;
    readonly callableObject: string;
    readonly workingDirectory: string | undefined;
    readonly pythonPath: readonly string[];
    readonly pythonHome: string | undefined;
    readonly urlAlias: readonly (readonly [urlPath: string, path: string])[];
    readonly documentRoot: string | undefined;
    readonly directoryIndex: string | undefined;
    readonly errorDocument: readonly (readonly [status: string, target: string])[];
    readonly setenv: readonly (readonly [name: string, value: string])[];
    readonly passenv: readonly string[];
    readonly user: string | undefined;
    readonly group: string | undefined;
    readonly limitRequestBody: number;
    readonly keepAliveTimeout: number;
    readonly socketTimeout: number;
    readonly connectTimeout: number;
    readonly queueTimeout: number;
    readonly shutdownTimeout: number;
    readonly deadlockTimeout: number;
    readonly chunkedRequest: boolean;
    readonly reloadOnChanges: boolean;
    readonly passAuthorization: boolean;
    readonly locale: string | undefined;
    readonly serverAdmin: string | undefined;
    readonly logLevel: string;
    readonly logDirectory: string | undefined;
    readonly accessLog: boolean;
    readonly accessLogFormat: string;
    readonly socketPrefix: string | undefined;
    readonly includeFile: readonly string[];
}
/** What an application's name on the command line means. */
export interface Application {
    /** The WSGI script that WSGIScriptAlias names. */
    readonly script: string;
    readonly callable: string;
    /** Its text, where the script has to be made: the application is in a module, not in a file that was named. */
    readonly scriptText: string | undefined;
}
/**
 * Reads site.wsgi, path.py:callable or package.module:callable.
 * @param generatedScript where the script of a module is put
 */
export declare function parseApplication(app: string, callableObject: string, folder: string, generatedScript: string): Application;
/** The configuration as text. */
export declare function formatServeConfig(options: ServeOptions, application: Application, folder: string): string;
/** Name of the script that is made for an application in a module. */
export declare const generatedScriptName = "application.wsgi";
/** For messages: the name of the application's file. */
export declare function applicationLabel(application: Application): string;
