/**
 * The parsed form of a configuration: what the files say, in order, with a position on every node. Include, Define,
 * IfDefine, IfModule and ${VAR} are already carried out, as Apache does while it reads.
 */

import type { Position, Word } from './source.js';

export interface DirectiveNode {
  readonly kind: 'directive';
  /** As written; names are compared without regard to case. */
  readonly name: string;
  readonly args: readonly Word[];
  /** Everything after the name, blanks trimmed, quotes kept: for directives that split their own line. */
  readonly rawArgs: string;
  /** Of its first character; absent in nodes that no file has. */
  readonly rawStart?: Position;
  readonly position: Position;
}

export interface SectionNode {
  readonly kind: 'section';
  /** Without the angle bracket: `VirtualHost`. */
  readonly name: string;
  readonly args: readonly Word[];
  readonly rawArgs: string;
  readonly rawStart?: Position;
  readonly children: readonly ConfigNode[];
  readonly position: Position;
}

export type ConfigNode = DirectiveNode | SectionNode;

export interface ConfigTree {
  readonly nodes: readonly ConfigNode[];
  /** Every file read, in order: what a reload must look at. */
  readonly files: readonly string[];
  /** Names set by Define (and -D) after the whole configuration was read. */
  readonly defines: ReadonlyMap<string, string>;
}
