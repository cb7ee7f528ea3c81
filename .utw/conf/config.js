/**
 * The resolved form of a configuration: frozen values, no text. The http child matches requests against it; the parent
 * reads from it what to bind and which processes to run.
 */
export {};
//# sourceMappingURL=config.js.map