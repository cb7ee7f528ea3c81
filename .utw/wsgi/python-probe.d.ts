/**
 * Finds out, before anything is started, whether an interpreter can run the daemon processes of a group: it is there,
 * the group's user can execute it, it is CPython of a known version, and it can load its own library.
 */
export interface PythonInfo {
    /** As it names itself: sys.executable. */
    readonly executable: string;
    readonly version: readonly [number, number, number];
    readonly implementation: string;
}
export declare const oldestPython: readonly [number, number];
/** The interpreter of a virtual environment or installation prefix (python-home), or the system's. */
export declare function findInterpreter(pythonHome: string | undefined): string;
/**
 * Runs the interpreter once, as the group's user where the server is root.
 * @throws ProcessError with the cure
 */
export declare function probePython(python: string, user: {
    uid: number;
    gid: number;
    name: string;
} | undefined): PythonInfo;
