/**
 * What expressions are asked about. Every string is a byte string, as in the rewrite engine, whose view of the request is
 * used here too: %{REQUEST_URI} is the same in a RewriteCond and in an <If>.
 */

import type { RewriteRequest, RewriteServices } from '../rewrite/rewrite-request.js';

export interface ExpressionSubject {
  readonly request: RewriteRequest;
  readonly services: Pick<RewriteServices, 'fileTest' | 'isSymbolicLink' | 'now'>;
  /** HANDLER; undefined before it is chosen. */
  readonly handler: string | undefined;
  /** REQUEST_STATUS: 200 until something else is known. */
  readonly status: number;
  /** Remembers that the outcome depends on a request header, for Vary. */
  noteHeader(name: string): void;
  /** %{resp:name} and %{CONTENT_TYPE}; absent while there is no response. */
  responseHeader?(name: string): string | undefined;
}

/** One evaluation. */
export interface ExpressionRun {
  readonly subject: ExpressionSubject;
  /** $0 to $9: of the last regular expression with groups, undefined where that did not match. */
  groups: readonly (string | undefined)[] | undefined;
}

/** A string of an expression; `constant` where it is known beforehand. */
export interface ExpressionWord {
  readonly constant?: string;
  read(run: ExpressionRun): string;
}

export type ExpressionTest = (run: ExpressionRun) => boolean;
