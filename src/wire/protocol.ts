/**
 * The channel protocol between an http child and a daemon process: the one place where its numbers are written.
 * scripts/generate-protocol.mjs writes python/stillhouse/protocol.py from this file; `npm run check` compares.
 *
 * One UNIX stream connection for each (http child, daemon process, application group) carries many requests at once. Every
 * frame is
 *
 *     u32 payload length | u32 request id | u8 type | u8 flags | u16 extra        (little endian)
 *
 * followed by the payload. `extra` is the advance (advanceUnitBytes) in a request frame, the service time (serviceTimeUnitMs), from 1
 * up, in the frame that completes a response, and 0 in every other one.
 *
 * Request ids are chosen by the http child, grow from 1 and are not reused on a connection; id 0 is the connection itself.
 * Bodies flow on credit, in both directions: a sender may have at most the receiver's window unacknowledged, and CREDIT
 * returns what was consumed.
 */

/** First bytes of a HELLO payload; both ends refuse another version. */
export const protocolVersion = 3;

export const frameHeaderBytes = 12;

/** The unit of a frame's service time, in milliseconds. Times beyond the limit are given as the limit. */
export const serviceTimeUnitMs = 0.01;
export const serviceTimeLimit = 65_535;

/** Longest payload of one frame. A longer one closes the connection. */
export const framePayloadBytesLimit = 1_048_576;

/**
 * Body bytes of one response that may be sent before the first credit. The http child may return credit for bytes that
 * it has received and keeps for its client, so a daemon process never knows more than: this much is unacknowledged.
 */
export const responseWindowBytes = 262_144;

/** What the u16 of a request frame counts: so many bytes of the response may be sent beyond the window. */
export const advanceUnitBytes = 65_536;

/** Body bytes of one request that may be on their way to the application unread. */
export const requestWindowBytes = 131_072;

/** Exit status of a daemon process that can't run as configured: starting it again would not help. */
export const daemonExitCannotStart = 78;

/** Requests that one connection may have open; a sender that goes beyond breaks the protocol. */
export const openRequestsLimit = 4096;

/** Longest name of an application group, in bytes. */
export const applicationGroupBytesLimit = 4096;

/** Application groups beside the main interpreter that one daemon process makes: their names may come from clients (%{HOST}). */
export const subInterpretersLimit = 64;

export const frameType = {
  /**
   * http child -> daemon, first frame: u32 protocol version, u32 connection number (names this connection in the
   * scoreboard), and the name of the application group that the connection is for, latin-1, '' for the main interpreter.
   */
  hello: 1,
  /** http child -> daemon: (environ, facts), one marshal tuple of two dicts. Flag `end`: there is no body. */
  request: 2,
  /** Both ways: body bytes. Flag `end`: these are the last. */
  data: 3,
  /** Both ways: u32, body bytes that the receiver took and that may be sent anew. */
  credit: 4,
  /**
   * Both ways. http child: the client left; the daemon still ends the request, by whatever frame, when it is over.
   * daemon: the response that began can't be completed; UTF-8 reason.
   */
  abort: 5,
  /** daemon -> http child: u32 head bytes, head, first block. The head is latin-1: status line, then name and value of each header, separated by line feeds. */
  response: 6,
  /** http child -> daemon: give this request back if it has not started. */
  revoke: 7,
  /** daemon -> http child: this request has not started here and never will. Flag `reload`: nor in any older process. */
  revoked: 8,
  /** daemon -> http child: no response can be made; u16 status, UTF-8 reason. The http child makes the page. */
  refuse: 9,
  /**
   * daemon -> http child: this process takes no more requests; those that wait in it follow as `revoked`. The http
   * child closes the connection when all of its requests have ended.
   */
  goodbye: 10,
} as const;

export const frameFlag = {
  /** request, response, data: the body ends here. */
  end: 1,
  /** request: the client waits for 100 Continue; no body is sent before the first credit. */
  expectContinue: 2,
  /**
   * revoked: the request's script is another than the one this process has loaded; the request is for a process that is
   * started from now on. Set only where the request's `script_reloading` was true.
   */
  reload: 4,
} as const;

/**
 * The scoreboard: one file per daemon process, written by it through shared memory, read by others as a file. It
 * outlives the process, so it tells which requests a dead process had started.
 *
 * It is a row of areas of equal size, one for each interpreter, the main one's first; it grows while the process runs.
 * Area: a header with magic, u32 slots, u32 pid and the table of connections, then one slot for each request thread. An
 * area without the magic is being made.
 */
export const scoreboard = {
  magic: 'SHSCORE2',
  /** Magic and counts, the table of connections, the name. */
  headerBytes: 16_960,
  /** f64, seconds since the epoch: when the interpreter last showed, once a second, that it is not stuck. */
  aliveAt: 16,
  /** f64, seconds on the process's monotonic clock: when a request last began or ended, where inactivity-timeout asks for it. */
  activityAt: 24,
  /** u16, then latin-1 and cut to what fits: the application group, '' for the main interpreter. */
  name: { bytes: 32, offset: 16_448, bytesLimit: 448 },
  /**
   * For each connection u32 number (0: free; no number is in two areas) and u32 the highest request id that has started: requests of a connection
   * start in the order of their ids, so every open request up to that id has started and every later one has not.
   */
  connections: { offset: 64, entries: 2_048, entryBytes: 8 },
  slotBytes: 256,
  /** Offsets within a slot. `requestId` is 0 while the thread is idle. */
  slot: {
    /** u32 */
    connection: 0,
    /** u32 */
    requestId: 4,
    /** f64, seconds since the epoch */
    startedAt: 8,
    /** u32, requests finished by this thread */
    served: 16,
    /** u32, the operating system's id of the thread */
    threadId: 20,
    /** u16 */
    labelBytes: 24,
    /** latin-1: method and request target, cut to what fits */
    label: 32,
  },
} as const;
