/** Limits end in a message: deep sections, garbage, variables that double, files without end. */
export {};
