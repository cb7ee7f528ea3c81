/** Options of WSGIDaemonProcess about when a process ends and how the server talks to it. */

import { buffer, type DaemonOption, daemon, seconds } from './daemon-option.js';
import { parseAbsolutePath, parseBytes, parseOnOff, parseScaledBytes, parseWholeNumber } from './option-values.js';

export const lifeOptions: Readonly<Record<string, DaemonOption>> = {
  'maximum-requests': {
    syntax: 'number',
    default: '0',
    summary: 'After how many requests a process is replaced; 0 for never.',
    apply: (group, value) => {
      group.maximumRequests = parseWholeNumber(value, daemon('request count'), 0);
    },
  },
  'maximum-requests-jitter': {
    syntax: 'number',
    default: '0',
    summary: 'Adds to maximum-requests a random number up to this, another for each process.',
    difference: 'mod_wsgi does not have it.',
    apply: (group, value) => {
      group.maximumRequestsJitter = parseWholeNumber(value, daemon('request count jitter'), 0);
    },
  },
  'restart-interval': seconds('restartIntervalSeconds', 'restart interval', 0, 'At what age a process is replaced.'),
  'restart-jitter': seconds(
    'restartJitterSeconds',
    'restart jitter',
    0,
    'Adds to restart-interval a random time up to this, another for each process.',
    'mod_wsgi does not have it.',
  ),
  'memory-recycle': {
    syntax: 'bytes[K|M|G]',
    default: '0',
    summary: 'A process whose resident memory has reached this size is replaced, without breaking its requests off.',
    difference: 'mod_wsgi does not have it.',
    apply: (group, value) => {
      group.memoryRecycleBytes = parseScaledBytes(value, daemon('memory size'));
    },
  },
  'ready-url': {
    syntax: 'URL-path',
    summary: 'A path that a new process must answer with success before it gets requests of clients.',
    difference: 'mod_wsgi does not have it.',
    apply: (group, value) => {
      group.readyUrl = parseAbsolutePath(value, daemon('ready URL'));
    },
  },
  'reload-on-changes': {
    syntax: 'On|Off',
    default: 'Off',
    summary:
      'For development: once a second each process looks whether a file of a module it has loaded has changed, and if so ends and is replaced.',
    difference: 'mod_wsgi does not have it; mod_wsgi-express does, by a script of its own.',
    apply: (group, value) => {
      group.reloadOnChanges = parseOnOff(value, daemon('reload on changes flag'));
    },
  },
  'inactivity-timeout': seconds(
    'inactivityTimeoutSeconds',
    'inactivity timeout',
    0,
    'An idle process is restarted after this time.',
  ),
  'request-timeout': seconds(
    'requestTimeoutSeconds',
    'request timeout',
    0,
    'How long a request may run; with several threads the limit is longer, by a factor of 1 and the natural logarithm of their number.',
  ),
  'interrupt-timeout': seconds(
    'interruptTimeoutSeconds',
    'interrupt timeout',
    0,
    'How long a request that was told to stop after request-timeout may take to do so before its process is restarted.',
  ),
  'deadlock-timeout': seconds(
    'deadlockTimeoutSeconds',
    'deadlock timeout',
    300,
    'A process whose interpreter is stuck for this long is restarted.',
  ),
  'startup-timeout': seconds(
    'startupTimeoutSeconds',
    'startup timeout',
    0,
    'How long it may take until a script could be loaded; after that the process is restarted.',
  ),
  'graceful-timeout': seconds(
    'gracefulTimeoutSeconds',
    'graceful timeout',
    15,
    'How long a process that is to be replaced may go on with its requests.',
  ),
  'eviction-timeout': seconds(
    'evictionTimeoutSeconds',
    'eviction timeout',
    0,
    'The same for a process that got SIGUSR1; 0 for graceful-timeout.',
  ),
  'shutdown-timeout': seconds(
    'shutdownTimeoutSeconds',
    'shutdown timeout',
    5,
    'How long a process that shuts down may take before it is killed; 0 for any time.',
  ),
  'cpu-time-limit': seconds(
    'cpuTimeLimitSeconds',
    'CPU time limit',
    0,
    'A process that has used this much processor time is replaced.',
  ),
  'cpu-priority': {
    syntax: 'number',
    default: '0',
    summary: 'The scheduling priority of the processes, from -20 (first) to 20.',
    difference: 'Outside -20 to 20 it is an error.',
    apply: (group, value) => {
      group.cpuPriority = parseWholeNumber(value, daemon('CPU priority'), -20, 20);
    },
  },
  'memory-limit': {
    syntax: 'bytes',
    default: '0',
    summary: 'How much memory a process may have for its data (RLIMIT_DATA); Python raises MemoryError beyond it.',
    apply: (group, value) => {
      group.memoryLimitBytes = parseBytes(value, daemon('memory limit'));
    },
  },
  'virtual-memory-limit': {
    syntax: 'bytes',
    default: '0',
    summary: 'How large the address space of a process may be (RLIMIT_AS).',
    apply: (group, value) => {
      group.virtualMemoryLimitBytes = parseBytes(value, daemon('virtual memory limit'));
    },
  },
};

export const channelOptions: Readonly<Record<string, DaemonOption>> = {
  'connect-timeout': seconds(
    'connectTimeoutSeconds',
    'connect timeout',
    15,
    'How long a request waits for a process to be there at all.',
  ),
  'socket-timeout': seconds(
    'socketTimeoutSeconds',
    'socket timeout',
    0,
    'How long the server and a process wait for each other; 0 for Timeout.',
  ),
  'queue-timeout': seconds(
    'queueTimeoutSeconds',
    'queue timeout',
    0,
    'A request that no process has begun after this time is answered with 504.',
  ),
  'listen-backlog': {
    syntax: 'number',
    default: '100',
    summary: 'How many connections to a process the kernel keeps that it has not accepted yet.',
    apply: (group, value) => {
      group.listenBacklog = parseWholeNumber(value, daemon('listen backlog'), 0);
    },
  },
  'send-buffer-size': buffer(
    'sendBufferBytes',
    'send buffer size',
    512,
    'The send buffer of the sockets of the processes; 0 or at least 512.',
  ),
  'receive-buffer-size': buffer(
    'receiveBufferBytes',
    'receive buffer size',
    512,
    'The receive buffer of the sockets of the processes; 0 or at least 512.',
  ),
  'header-buffer-size': buffer(
    'headerBufferBytes',
    'header buffer size',
    8192,
    'How long one header line of a response may be; 0 (for 32768) or at least 8192.',
  ),
  'response-buffer-size': {
    ...buffer(
      'responseBufferBytes',
      'response buffer size',
      65_536,
      'How much of a response is kept for a client that takes it slowly, so that it does not keep the request thread; 0 (for 4 MiB) or at least 65536.',
    ),
    difference:
      'mod_wsgi flushes after so many bytes; here each block is sent at once, and this is how much may wait for the client. 256 KiB may always wait; beyond that all responses of an http child share 256 MiB.',
  },
  'response-socket-timeout': {
    syntax: 'seconds',
    default: 'socket-timeout',
    summary: 'How long a client may take no byte of a response; 0 for Timeout.',
    apply: (group, value) => {
      group.responseSocketTimeoutSeconds = parseWholeNumber(value, daemon('response socket timeout'), 0);
    },
  },
  'response-flush-delay': {
    syntax: 'milliseconds',
    default: '5',
    summary: 'How long the server waits for more of a response before it sends what it has; 0 for not at all.',
    difference: 'It has no effect: each block is sent as soon as the application has made it.',
    apply: (group, value) => {
      group.responseFlushDelayMs = parseWholeNumber(value, daemon('response flush delay'), 0);
    },
  },
};
