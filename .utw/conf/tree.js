/**
 * The parsed form of a configuration: what the files say, in order, with a position on every node. Include, Define,
 * IfDefine, IfModule and ${VAR} are already carried out, as Apache does while it reads.
 */
export {};
//# sourceMappingURL=tree.js.map