/** Verdicts and names are Apache 2.4.71's under HttpProtocolOptions Strict, its default. */
export {};
