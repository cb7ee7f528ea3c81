/**
 * Rule sets as they are found on real sites, in both modes, with the same outcome as in Apache 2.4.71. Not compared are
 * the request over https and the two with a Host of their own, which fell to another virtual host there.
 */
export {};
