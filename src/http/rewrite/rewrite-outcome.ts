/** What the engine answers. It changes nothing itself: the caller carries this out. */

/** Undefined unsets the variable. In order; a later change of the same name wins. */
export interface EnvironmentChange {
  readonly name: string;
  readonly value: string | undefined;
}

export interface RewriteCookie {
  readonly name: string;
  /** The whole Set-Cookie value. A cookie of one name is sent once in a request, redirects included: the first wins. */
  readonly header: string;
}

/** One thing that happened while rules were tried. */
export interface RewriteStep {
  /** Where the line stands that it is about; undefined where it is about what came of all of them. */
  readonly label: string | undefined;
  readonly text: string;
  /** What was held against what, where that is what happened. */
  readonly test?: RewriteTest;
}

export interface RewriteTest {
  /** As written. */
  readonly pattern: string;
  readonly subject: string;
  readonly holds: boolean;
}

/** What comes with every kind of outcome. */
export interface RewriteEffects {
  readonly environment: readonly EnvironmentChange[];
  /** For error responses too. */
  readonly cookies: readonly RewriteCookie[];
  /** Request headers to be named in the response's Vary; Apache's error responses go without. */
  readonly vary: readonly string[];
  /** H, in lower case. */
  readonly handler: string | undefined;
  /** T, in lower case. */
  readonly mimeType: string | undefined;
  /** END was met: no more rewriting in this request, redirects included. */
  readonly end: boolean;
  /** What happened, in order; empty unless asked for. */
  readonly steps: readonly RewriteStep[];
}

export type RewriteResult =
  /** Nothing rewritten: go on as if there were no rules. */
  | { readonly kind: 'declined' }
  /**
   * Per server: this file is served, whatever aliases there are; `uri` is unchanged.
   * Per directory: only the query string changed, or nothing did. `discardPathInfo` is DPI.
   */
  | {
      readonly kind: 'file';
      readonly filename: string;
      readonly query: string | undefined;
      readonly discardPathInfo: boolean;
    }
  /** PT: go on with aliases and the rest, with this as the request's URL path. */
  | { readonly kind: 'passthrough'; readonly uri: string; readonly query: string | undefined }
  /**
   * Per directory: start over with this URL. As in Apache it is read as a URL once more, so %XX is decoded in it and
   * a '#' ends it.
   */
  | { readonly kind: 'internal-redirect'; readonly uri: string; readonly query: string | undefined }
  | { readonly kind: 'redirect'; readonly location: string; readonly status: number }
  | { readonly kind: 'status'; readonly status: number };

export type RewriteOutcome = RewriteResult & RewriteEffects;
