/**
 * One case per file in cases/: files, dashes, and the tree and problems expected. Files after the first open with
 * `=== /path`. `-D`, `env` and `resolve` on lines beginning with `%` set the scene. With UPDATE_CASES=1 the expectation
 * is written anew; read the difference before keeping it.
 */
export {};
