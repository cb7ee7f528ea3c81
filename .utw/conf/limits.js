/** The limits of reading a configuration. Crossing one is a problem with a position, never a crash or a hang. */
/** Characters of one logical line, continuations joined; httpd's own limit. */
export const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;
/** Characters of one line after ${VAR}: names that double each other grow without bound otherwise. */
export const MAX_EXPANDED_CHARACTERS = 1024 * 1024;
/** Sections inside sections. httpd has no limit of its own; no sane configuration comes near. */
export const MAX_SECTION_DEPTH = 100;
/** Files that include files; the depth at which httpd 2.4 gives up. */
export const MAX_INCLUDE_DEPTH = 128;
/** Folders below an included folder. */
export const MAX_FOLDER_DEPTH = 20;
/** Files read, each as often as it is included. */
export const MAX_FILES = 10_000;
/** Characters read, over all files. */
export const MAX_TOTAL_CHARACTERS = 64 * 1024 * 1024;
/** Directives and sections in the tree. */
export const MAX_NODES = 200_000;
/** After so many errors the reading ends. */
export const MAX_ERRORS = 100;
/** After so many warnings and notes, further ones are counted, not kept. */
export const MAX_REMARKS = 200;
//# sourceMappingURL=limits.js.map