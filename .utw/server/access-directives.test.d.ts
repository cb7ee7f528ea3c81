/** The status of every case was taken from Apache 2.4.71 for a request from 127.0.0.1 with SEEN set. */
export {};
