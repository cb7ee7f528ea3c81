/** What is measured: one record each, with the peers that it makes sense for. plan.ts makes sessions of them. */

import type { AppName, Shape } from './peers/peer.js';

export interface BenchRequest {
  readonly path: string;
  /** POST with this many bytes. */
  readonly bodyBytes?: number;
  readonly cookie?: string;
  /** What the answer's body must be, or must contain. */
  readonly expect: { readonly bytes: number; readonly equal?: string } | { readonly contains: string };
}

export type Load =
  /** wrk: every connection sends its next request when the last one is answered. */
  | { readonly kind: 'closed' }
  /** A constant rate whatever the server does; latency counts from the moment a request was due. */
  | { readonly kind: 'open'; readonly ratePerSecond: number }
  /** Closed, one request in `slowEvery` being `slow`; the latencies are those of the others. */
  | { readonly kind: 'mixed'; readonly slow: BenchRequest; readonly slowEvery: number }
  /** wrk without, then beside this many idle connections. */
  | { readonly kind: 'idle'; readonly idleConnections: number };

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly app: AppName;
  readonly shape: Shape;
  readonly connections: number;
  readonly request: BenchRequest;
  readonly load: Load;
  readonly peers: readonly string[];
  /** Part of --quick. */
  readonly isQuick?: boolean;
}

const daemons = ['stillhouse', 'apache-daemon-4', 'apache-daemon-6'];
const threaded = [...daemons, 'gunicorn-gthread', 'uwsgi-http', 'nginx-gunicorn', 'waitress', 'granian'];
const common = [...daemons, 'gunicorn-gthread', 'uwsgi-http', 'granian'];
const few = ['stillhouse', 'apache-daemon-6', 'gunicorn-gthread', 'granian'];
const embedded = [
  'stillhouse-embedded-worker',
  'stillhouse-embedded-prefork',
  'apache-embedded-4',
  'apache-embedded-6',
  'apache-embedded-worker',
  'apache-embedded-prefork',
];
const prefork = embedded.filter((id) => id.endsWith('prefork'));
const fileServers = ['stillhouse', 'apache-daemon-4', 'nginx-gunicorn', 'uwsgi-http', 'granian'];

const twoByFive: Shape = { processes: 2, threads: 5 };
const twoByOne: Shape = { processes: 2, threads: 1 };
const oneByFifteen: Shape = { processes: 1, threads: 15 };

const hello: BenchRequest = { path: '/hello', expect: { bytes: 12, equal: 'hello world\n' } };
const json: BenchRequest = { path: '/json?page=3', expect: { contains: '"page":3' } };
const slow: BenchRequest = { path: '/sleep-100ms', expect: { bytes: 12, equal: 'hello world\n' } };
const KIB = 1024;

const plain = { app: 'plain', shape: twoByFive, connections: 32, load: { kind: 'closed' } } as const;

export const workloads: readonly Workload[] = [
  // Within a session in this order: what makes a server grow comes last.
  {
    ...plain,
    id: 'hello',
    title: 'hello, 12 bytes',
    request: hello,
    peers: [...threaded, ...embedded.filter((id) => !prefork.includes(id))],
    isQuick: true,
  },
  {
    ...plain,
    id: 'one-connection',
    title: 'hello, one connection at a time',
    connections: 1,
    request: hello,
    peers: common,
    isQuick: true,
  },
  {
    ...plain,
    id: 'hello-open',
    title: 'hello, 1,000 requests a second whatever happens',
    connections: 64,
    request: hello,
    load: { kind: 'open', ratePerSecond: 1000 },
    peers: threaded.filter((id) => id !== 'nginx-gunicorn'),
  },
  {
    ...plain,
    id: 'mixed',
    title: 'mixed: 1 request in 100 takes 100 ms; latency of the others',
    connections: 8,
    request: hello,
    load: { kind: 'mixed', slow, slowEvery: 100 },
    peers: few,
  },
  {
    ...plain,
    id: 'echo',
    title: 'POST of 10 KB, echoed',
    request: { path: '/echo', bodyBytes: 10 * KIB, expect: { bytes: 10 * KIB } },
    peers: common,
  },
  {
    ...plain,
    id: 'upload',
    title: 'upload of 64 KB',
    request: { path: '/upload', bodyBytes: 64 * KIB, expect: { bytes: 12, equal: '65536 bytes\n' } },
    peers: common,
  },
  {
    ...plain,
    id: 'stream',
    title: 'response of 16 blocks of 64 KB, streamed',
    request: { path: '/stream', expect: { bytes: 1024 * KIB } },
    peers: common,
  },
  {
    ...plain,
    id: 'megabyte',
    title: 'response of 1 MB',
    request: { path: '/megabyte', expect: { bytes: 1024 * KIB } },
    peers: common,
  },
  {
    ...plain,
    id: 'hello-1x15',
    title: 'hello, 12 bytes',
    shape: oneByFifteen,
    request: hello,
    peers: [...daemons, 'gunicorn-gthread'],
  },
  {
    ...plain,
    id: 'sleep',
    title: 'hello after 10 ms of sleep',
    shape: oneByFifteen,
    request: { ...hello, path: '/sleep-10ms' },
    peers: few,
  },
  {
    ...plain,
    id: 'hello-2x1',
    title: 'hello, 12 bytes',
    shape: twoByOne,
    request: hello,
    peers: ['stillhouse', 'uwsgi-http-socket', 'granian', 'gunicorn-sync', 'fastpysgi', 'bjoern'],
  },
  {
    ...plain,
    id: 'hello-prefork',
    title: 'hello, 12 bytes, a process for each of two connections',
    shape: twoByOne,
    connections: 2,
    request: hello,
    peers: prefork,
  },
  {
    ...plain,
    id: 'mixed-2x1',
    title: 'mixed: 1 request in 100 takes 100 ms; latency of the others',
    shape: twoByOne,
    connections: 2,
    request: hello,
    load: { kind: 'mixed', slow, slowEvery: 100 },
    peers: ['stillhouse', 'granian'],
  },
  {
    ...plain,
    id: 'flask',
    title: 'Flask, JSON',
    app: 'flask_json',
    request: json,
    peers: [...threaded, ...embedded.filter((id) => id.endsWith('worker'))],
    isQuick: true,
  },
  {
    ...plain,
    id: 'flask-prefork',
    title: 'Flask, JSON, a process for each of two connections',
    app: 'flask_json',
    shape: twoByOne,
    connections: 2,
    request: json,
    peers: prefork,
  },
  {
    ...plain,
    id: 'flask-open',
    title: 'Flask, JSON, 500 requests a second whatever happens',
    app: 'flask_json',
    connections: 64,
    request: json,
    load: { kind: 'open', ratePerSecond: 500 },
    peers: few,
  },
  {
    ...plain,
    id: 'django',
    title: 'Django: session, SQLite, template',
    app: 'django_view',
    request: { path: '/books', cookie: `sessionid=${'b'.repeat(32)}`, expect: { contains: 'books of bench' } },
    peers: common,
  },
  {
    ...plain,
    id: 'static-1k',
    title: 'file of 1 KB',
    // Shares a start with nothing else: a server that has run Python is larger.
    shape: { processes: 1, threads: 5 },
    request: { path: '/static/1k.bin', expect: { bytes: KIB } },
    peers: fileServers,
  },
  {
    ...plain,
    id: 'static-1m',
    title: 'file of 1 MB',
    shape: { processes: 1, threads: 5 },
    request: { path: '/static/1m.bin', expect: { bytes: 1024 * KIB } },
    peers: fileServers,
  },
  {
    ...plain,
    id: 'idle',
    title: 'hello on 16 connections beside 5,000 idle ones',
    shape: { processes: 2, threads: 4 },
    connections: 16,
    request: hello,
    load: { kind: 'idle', idleConnections: 5000 },
    peers: few,
  },
];
