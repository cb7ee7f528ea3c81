/** Expected values were taken from Apache 2.4.71's own access log for the same requests, except where a comment says so. */
export {};
