/** The limits of reading a configuration. Crossing one is a problem with a position, never a crash or a hang. */
/** Characters of one logical line, continuations joined; httpd's own limit. */
export declare const MAX_LINE_CHARACTERS: number;
/** Characters of one line after ${VAR}: names that double each other grow without bound otherwise. */
export declare const MAX_EXPANDED_CHARACTERS: number;
/** Sections inside sections. httpd has no limit of its own; no sane configuration comes near. */
export declare const MAX_SECTION_DEPTH = 100;
/** Files that include files; the depth at which httpd 2.4 gives up. */
export declare const MAX_INCLUDE_DEPTH = 128;
/** Folders below an included folder. */
export declare const MAX_FOLDER_DEPTH = 20;
/** Files read, each as often as it is included. */
export declare const MAX_FILES = 10000;
/** Characters read, over all files. */
export declare const MAX_TOTAL_CHARACTERS: number;
/** Directives and sections in the tree. */
export declare const MAX_NODES = 200000;
/** After so many errors the reading ends. */
export declare const MAX_ERRORS = 100;
/** After so many warnings and notes, further ones are counted, not kept. */
export declare const MAX_REMARKS = 200;
