/** What one option of WSGIDaemonProcess is, and how the common kinds of options are made. */

import type { Word } from '../conf/source.js';
import { parseAccount } from './account-reference.js';
import type { DaemonProcessDraft } from './daemon-process-group.js';
import { parseBufferSize, parseWholeNumber } from './option-values.js';

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
export const daemon = (what: string): string => `${what} for WSGI daemon process`;

/** Names of options whose field is a number of seconds, 0 upwards. */
type SecondsField = {
  [Key in keyof DaemonProcessDraft]: Key extends `${string}Seconds` ? Key : never;
}[keyof DaemonProcessDraft];

export function seconds(
  field: SecondsField,
  what: string,
  standard: number,
  summary: string,
  difference?: string,
): DaemonOption {
  return {
    syntax: 'seconds',
    default: String(standard),
    summary,
    ...(difference === undefined ? {} : { difference }),
    apply: (group, value) => {
      group[field] = parseWholeNumber(value, daemon(what), 0);
    },
  };
}

export function buffer(
  field: 'sendBufferBytes' | 'receiveBufferBytes' | 'headerBufferBytes' | 'responseBufferBytes',
  what: string,
  min: number,
  summary: string,
): DaemonOption {
  return {
    syntax: 'bytes',
    default: '0',
    summary,
    apply: (group, value) => {
      group[field] = parseBufferSize(value, daemon(what), min);
    },
  };
}

export function text(
  field: 'lang' | 'locale' | 'pythonHome' | 'pythonEggs',
  syntax: string,
  summary: string,
): DaemonOption {
  return {
    syntax,
    summary,
    apply: (group, value) => {
      // An empty value is as good as none, as in mod_wsgi.
      group[field] = value.text === '' ? undefined : value.text;
    },
  };
}

export function account(
  field: 'socketUser' | 'scriptUser' | 'scriptGroup' | 'group',
  what: string,
  summary: string,
): DaemonOption {
  return {
    syntax: 'name|#id',
    summary,
    apply: (group, value) => {
      group[field] = parseAccount(value, daemon(what));
    },
  };
}
