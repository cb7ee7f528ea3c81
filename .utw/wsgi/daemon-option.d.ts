/** What one option of WSGIDaemonProcess is, and how the common kinds of options are made. */
import type { Word } from '../conf/source.js';
import type { DaemonProcessDraft } from './daemon-process-group.js';
export interface DaemonOption {
    /** The value, as documentation shows it. */
    readonly syntax: string;
    readonly default?: string;
    readonly summary: string;
    readonly difference?: string;
    /** Puts the value into the group. @throws DirectiveError */
    readonly apply: (group: DaemonProcessDraft, value: Word) => void;
}
/** How messages name the value: mod_wsgi's own wording. */
export declare const daemon: (what: string) => string;
/** Names of options whose field is a number of seconds, 0 upwards. */
type SecondsField = {
    [Key in keyof DaemonProcessDraft]: Key extends `${string}Seconds` ? Key : never;
}[keyof DaemonProcessDraft];
export declare function seconds(field: SecondsField, what: string, standard: number, summary: string, difference?: string): DaemonOption;
export declare function buffer(field: 'sendBufferBytes' | 'receiveBufferBytes' | 'headerBufferBytes' | 'responseBufferBytes', what: string, min: number, summary: string): DaemonOption;
export declare function text(field: 'lang' | 'locale' | 'pythonHome' | 'pythonEggs', syntax: string, summary: string): DaemonOption;
export declare function account(field: 'socketUser' | 'scriptUser' | 'scriptGroup' | 'group', what: string, summary: string): DaemonOption;
export {};
