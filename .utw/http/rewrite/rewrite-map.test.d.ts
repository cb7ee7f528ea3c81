/** Maps: the file format, the types, look-ups in substitutions. Compared with Apache 2.4.71 except where noted. */
export {};
