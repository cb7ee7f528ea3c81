/** The text of configuration lines by where they stand, for messages about lines that were carried out long ago. */

import { readFileSync } from 'node:fs';
import type { Config } from '../conf/config.js';
import { parseConfig } from '../conf/parser.js';
import type { Position } from '../conf/source.js';
import type { ConfigNode, ConfigTree } from '../conf/tree.js';
import { vocabulary } from './directive-tables.js';
import type { ConfigLine } from './explanation.js';

export class DirectiveSources {
  readonly #config: Config;
  readonly #nodes = new Map<string, ConfigNode>();
  readonly #accessFiles = new Set<string>();

  constructor(config: Config, tree: ConfigTree) {
    this.#config = config;
    this.#add(tree.nodes);
  }

  /** The line there, or for a section its first line without brackets. */
  lineAt(position: Position): ConfigLine {
    const { file, line } = position;
    const node = this.#nodeAt(position);
    const text = node === undefined ? '' : `${node.name} ${node.rawArgs}`.trim();
    return { text: hideCredentials(text), file, line };
  }

  #nodeAt(position: Position): ConfigNode | undefined {
    const key = keyOf(position);
    const found = this.#nodes.get(key);
    if (found !== undefined || this.#accessFiles.has(position.file)) return found;
    this.#readAccessFile(position.file);
    return this.#nodes.get(key);
  }

  /** .htaccess files are no part of the configuration that was read at the start. */
  #readAccessFile(file: string): void {
    this.#accessFiles.add(file);
    const { defines, serverRoot } = this.#config;
    try {
      const content = readFileSync(file);
      const environment = (name: string): string | undefined =>
        Object.hasOwn(process.env, name) ? process.env[name] : undefined;
      const readFile = (): Buffer => content;
      this.#add(
        parseConfig({ file, isAccessFile: true, readFile, vocabulary, defines, environment, serverRoot }).tree.nodes,
      );
    } catch {
      // It was there a moment ago. Lines of it have no text, then.
    }
  }

  #add(nodes: readonly ConfigNode[]): void {
    for (const node of nodes) {
      // Of lines that a file has for each time that it is included the text is the same, but for variables.
      this.#nodes.set(keyOf(node.position), node);
      if (node.kind === 'section') this.#add(node.children);
    }
  }
}

function keyOf(position: Position): string {
  const from = position.includedFrom === undefined ? '' : ` from ${keyOf(position.includedFrom)}`;
  return `${position.file}:${position.line}:${position.column}${from}`;
}

/** What a line gives to clients or applications as a password is not for the eyes of whoever looks on. */
function hideCredentials(text: string): string {
  return /authorization/i.test(text) ? text.replace(/\b(Basic|Bearer)\s+[\w+/.~-]+=*/gi, '$1 ***') : text;
}
