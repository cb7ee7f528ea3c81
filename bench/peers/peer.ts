/** What the bench knows of a server that it measures. One file for each; peers.ts lists them. */

export interface Shape {
  readonly processes: number;
  readonly threads: number;
}

export function formatShape({ processes, threads }: Shape): string {
  return `${processes}x${threads}`;
}

/** A module in bench/apps. */
export type AppName = 'plain' | 'flask_json' | 'django_view';

/** What scripts/bench.mjs has found and installed. */
export interface Tools {
  readonly checkout: string;
  /** The folder with bin/stillhouse that the servers' user can read. */
  readonly program: string;
  readonly node: string;
  /** What the bench keeps on this machine: environments, results. */
  readonly benchFolder: string;
  readonly venv: string;
  readonly wrk: string;
  readonly apache: string;
  readonly apacheModules: string;
  readonly nginx: string;
  /** mod_wsgi.so of Debian and of PyPI. */
  readonly modWsgi: { readonly debian: string; readonly pypi: string };
  /** Who the servers run as where the bench is root: none of them has to be started as root for these ports. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Empty where there is no setpriv. */
  readonly setpriv: string;
  /** By peer: its version, or why it can't be had here. */
  readonly peers: Readonly<Record<string, { readonly version: string } | { readonly missing: string }>>;
  /** Of what all peers share, for the report. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One start of one server. */
export interface Site {
  readonly tools: Tools;
  /** A folder of its own that the server may write to. */
  readonly folder: string;
  readonly port: number;
  /** bench/apps, copied to where the servers' user can read it. */
  readonly apps: string;
  /** Holds 1k.bin and 1m.bin; served as /static/ by peers that serve files. */
  readonly documents: string;
  readonly app: AppName;
  readonly shape: Shape;
}

export type Command = readonly [file: string, ...args: string[]];

export interface Launch {
  /** Usually one. All are started at once, and the server is up when its port answers. */
  readonly commands: readonly Command[];
  /** Configuration, by name in the site's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Peer {
  readonly id: string;
  readonly title: string;
  /** What the reader of a figure has to know. */
  readonly note?: string;
  readonly launch: (site: Site) => Launch;
}

/** The longest pause between two requests that a server must bear: longer than any run. */
export const keepAliveSeconds = 75;
/** More than the workload with idle connections opens. */
export const connectionsLimit = 10_000;
export const listenBacklog = 2048;
