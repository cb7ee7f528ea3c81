/**
 * The parent's control socket: one JSON line with a command in, one with the answer out. Only the user that the parent
 * runs as can connect (mode 0600 in the runtime folder); nothing that came from an HTTP client is read here.
 */
/** By name: what to do, and the object to answer with. */
export type ControlCommands = Readonly<Record<string, () => object>>;
export declare class ControlSocket implements Disposable {
    #private;
    constructor(commands: ControlCommands);
    /** @throws the system's error where the socket can't be made */
    listen(path: string): Promise<void>;
    [Symbol.dispose](): void;
}
