/** The types are those that Apache 2.4.71 sends under the same lines. */
export {};
