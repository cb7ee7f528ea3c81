/** What only per-directory rules do, and the record of steps. All compared with Apache 2.4.71, but for the steps. */
export {};
