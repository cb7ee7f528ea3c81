/** Reads the scoreboard of a daemon process, which may be dead: see protocol.ts for the layout. Bytes in, values out. */
/** What one request thread is doing. */
export interface ScoreboardSlot {
    /** Number of the http child's connection that the request came over. */
    readonly connection: number;
    /** 0: idle. */
    readonly requestId: number;
    /** Seconds since the epoch. */
    readonly startedAt: number;
    /** Requests finished by this thread. */
    readonly served: number;
    /** The operating system's id of the thread. */
    readonly threadId: number;
    /** Method and request target, perhaps cut. */
    readonly label: string;
}
/** What a scoreboard says. */
export interface ScoreboardContent {
    readonly slots: readonly ScoreboardSlot[];
    /** By connection number: the highest request id that has started. */
    readonly highestStarted: ReadonlyMap<number, number>;
}
/** @throws ProtocolError where the bytes are no scoreboard */
export declare function decodeScoreboard(bytes: Buffer): ScoreboardContent;
