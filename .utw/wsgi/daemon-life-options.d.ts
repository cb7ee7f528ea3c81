/** Options of WSGIDaemonProcess about when a process ends and how the server talks to it. */
import { type DaemonOption } from './daemon-option.js';
export declare const lifeOptions: Readonly<Record<string, DaemonOption>>;
export declare const channelOptions: Readonly<Record<string, DaemonOption>>;
