/** What is printed when the server is up: its addresses, its processes, its log. */
import type { ServerTree } from '../server/parent.js';
export declare function printTree(tree: ServerTree): void;
/** An address that a browser on this machine can open. */
export declare function formatUrl(host: string | undefined, port: number): string;
