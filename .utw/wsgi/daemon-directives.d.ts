/** WSGIDaemonProcess, and the directives about the sockets of daemon processes. */
import { type DirectiveDefinition, type DirectiveLine } from '../conf/directive.js';
import { type DaemonProcessGroup } from './daemon-process-group.js';
/** Reads one WSGIDaemonProcess line. @throws DirectiveError */
export declare function parseDaemonProcess(line: DirectiveLine): DaemonProcessGroup;
export declare const daemonDirectives: readonly DirectiveDefinition[];
