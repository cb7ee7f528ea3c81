/**
 * The options of WSGIDaemonProcess: for each its syntax, its meaning for the documentation, and what it does to the
 * group that the line defines. The table of the directive is in daemon-directives.ts.
 */
import type { DaemonOption } from './daemon-option.js';
/** Every option by its name, in the order of the documentation. */
export declare const daemonOptions: ReadonlyMap<string, DaemonOption>;
