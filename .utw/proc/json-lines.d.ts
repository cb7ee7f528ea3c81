/** JSON lines over a stream: between the parent and a daemon process, and between the commands and the parent. */
/** Cuts received bytes into lines and calls `onValue` for each. */
export declare class JsonLineDecoder {
    #private;
    constructor(onValue: (value: Record<string, unknown>) => void);
    /** @throws ProtocolError where a line is no JSON object or too long */
    push(chunk: Buffer): void;
}
export declare function encodeJsonLine(value: object): string;
