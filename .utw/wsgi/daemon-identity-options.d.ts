/** Options of WSGIDaemonProcess about how many processes a group has, as whom they run, and with which Python. */
import { type DaemonOption } from './daemon-option.js';
export declare const sizeOptions: Readonly<Record<string, DaemonOption>>;
export declare const identityOptions: Readonly<Record<string, DaemonOption>>;
export declare const pythonOptions: Readonly<Record<string, DaemonOption>>;
