/**
 * The table is what Apache 2.4.71 answered to `GET target HTTP/1.1` with `Host: x`: the status it refused the target
 * with, or else the path that it logged (%U), under AllowEncodedSlashes Off, under On, and under NoDecode with
 * MergeSlashes Off; one entry stands for all three.
 */
export {};
