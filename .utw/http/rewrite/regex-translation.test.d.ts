/** Patterns that PCRE and JavaScript spell differently, and those that are refused. */
export {};
