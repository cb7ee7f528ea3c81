/**
 * Every flag of RewriteRule, by what it does. The table of outcomes, the cookies, E, N, F, H, T and DPI were compared
 * with Apache 2.4.71; subrequests, the limit on growing paths and the values that we refuse and Apache takes were not.
 */
export {};
