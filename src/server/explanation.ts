/** What `explain` finds out about one request: plain data, and the JSON of `explain --json` (docs/explain.md). */

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One line of the configuration as it was carried out: ${NAME} is replaced. */
export interface ConfigLine extends Place {
  readonly text: string;
}

/** Where a request may come from that is not its first pass through the phases. */
export type PassReason = 'request' | 'rewriting' | 'index' | 'error document' | 'application';

export interface ExplainedHost extends Place {
  /** ServerName's host. */
  readonly name: string | null;
  /** The addresses of its <VirtualHost> line; empty for the main server. */
  readonly addresses: readonly string[];
  readonly why: string;
}

export interface ExplainedSection extends Place {
  /** `Directory`, `Files`, `Location`, `If` and their kin; `.htaccess` for such a file. */
  readonly kind: string;
  readonly argument: string;
}

export interface ExplainedCondition extends ExplainedSection {
  readonly holds: boolean;
}

export interface ExplainedSetting {
  /** Unique: `core.options`. */
  readonly setting: string;
  /** In the server's own form, for programs to compare. */
  readonly value: unknown;
  /** The lines that made it, the last one last. */
  readonly lines: readonly ConfigLine[];
  /** The lines that have no part in it, because later ones took their place. */
  readonly overrode: readonly ConfigLine[];
}

export interface ExplainedStep {
  /** Null where it is about what came of all rules. */
  readonly file: string | null;
  readonly line: number | null;
  readonly text: string;
  readonly test?: { readonly pattern: string; readonly subject: string; readonly holds: boolean };
}

export interface ExplainedRewriting {
  /** `server`, or the directory whose rules these are. */
  readonly where: string;
  readonly steps: readonly ExplainedStep[];
  readonly outcome: string;
}

export interface ExplainedMapping {
  /** Which line maps the URL. Null: rewriting, or nothing. */
  readonly line: ConfigLine | null;
  readonly text: string;
}

export interface ExplainedFile {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'missing' | 'denied' | 'other';
  readonly pathInfo: string;
}

export interface ExplainedAccess {
  readonly decision: 'granted' | 'refused' | 'not asked';
  readonly user: string | null;
  /** Lines of Require, Order, Auth... that are in force. */
  readonly lines: readonly ConfigLine[];
}

export interface ExplainedFailure {
  readonly status: number;
  /** As in the error log. */
  readonly message: string | null;
}

/** One way through the phases; a request that goes on inside the server has several. */
export interface ExplainedPass {
  readonly because: PassReason;
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: string;
  readonly rewriting: readonly ExplainedRewriting[];
  readonly mapping: ExplainedMapping | null;
  readonly file: ExplainedFile | null;
  /** Those that apply, in the order in which they are merged. */
  readonly sections: readonly ExplainedSection[];
  /** <If> and <ElseIf> that were tried. */
  readonly conditions: readonly ExplainedCondition[];
  readonly settings: readonly ExplainedSetting[];
  readonly access: ExplainedAccess;
  readonly handler: { readonly name: string; readonly line: ConfigLine | null } | null;
  readonly failure: ExplainedFailure | null;
}

export interface ExplainedGroup extends Place {
  /** Empty in embedded mode, which no line defines. */
  readonly name: string;
  /** In embedded mode: how many http children there may be. */
  readonly processes: number;
  readonly threads: number;
}

/** What an application is asked with. */
export interface ExplainedApplication {
  readonly script: string;
  readonly callable: string;
  /** URL-path of the alias; null where no alias leads there. */
  readonly mountPoint: string | null;
  readonly scriptName: string;
  readonly pathInfo: string;
  readonly processGroup: ExplainedGroup;
  /** `%{GLOBAL}` for the main interpreter. */
  readonly applicationGroup: string;
}

/** A script of the server that would be asked on the way. */
export interface ExplainedQuestion extends ConfigLine {
  readonly script: string;
  /** What it is taken to say. */
  readonly assumed: string;
}

export interface Explanation {
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly host: string | null;
    readonly scheme: 'http' | 'https';
    /** Who sends it: the client's address. */
    readonly from: string;
    /** Where it arrives: `address:port`. */
    readonly to: string;
  };
  /** Null: what the application answers. */
  readonly status: number | null;
  /** 'nobody': no answer came. */
  readonly decidedBy: 'server' | 'application' | 'nobody';
  /** Of an error, why. */
  readonly reason: string | null;
  /** Of a redirect, where to. */
  readonly location: string | null;
  readonly contentType: string | null;
  readonly handler: string | null;
  /** The file that the URL was mapped to. */
  readonly file: string | null;
  readonly application: ExplainedApplication | null;
  readonly virtualHost: ExplainedHost;
  readonly questions: readonly ExplainedQuestion[];
  readonly passes: readonly ExplainedPass[];
  /** Environment variables at the end. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the request would write to the error log, at any level. */
  readonly log: readonly { readonly level: string; readonly message: string }[];
  /** What was taken for granted. */
  readonly notes: readonly string[];
}
