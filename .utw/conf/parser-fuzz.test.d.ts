/** Random text and random configurations: nothing is thrown, nothing hangs, every problem lies inside its file. */
export {};
