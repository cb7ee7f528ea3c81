/** Where PCRE and JavaScript differ, the translation must follow PCRE or refuse. */
export {};
