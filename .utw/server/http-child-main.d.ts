/**
 * An http child: speaks HTTP, serves files, and passes requests on to the daemon processes. Started by the parent
 * (http-child-handle.ts), which sends it a boot message, the list of daemon processes as it changes, and when to stop.
 * Without its parent it ends.
 */
export {};
