/**
 * Reads Require lines and their containers from configuration nodes into the rules of http/access-rules.ts.
 * access-directives.ts calls it for what stands in a scope; the containers' children come here only.
 */
import { type DirectiveLine } from '../conf/directive.js';
import type { Word } from '../conf/source.js';
import type { ConfigNode, SectionNode } from '../conf/tree.js';
import type { RequireRule } from '../http/access-rules.js';
import { type IpNetwork } from '../http/ip-network.js';
/** Where warnings go. */
type Reporter = Pick<DirectiveLine, 'report'>;
type ContainerName = 'RequireAll' | 'RequireAny' | 'RequireNone';
/** The rules that `nodes` make within a container of this name. @throws DirectiveError */
export declare function parseRequireTree(nodes: readonly ConfigNode[], container: ContainerName, reporter: Reporter): readonly RequireRule[];
/** One container that stands within `container`. @throws DirectiveError */
export declare function parseRequireSection(node: SectionNode, container: ContainerName, reporter: Reporter): RequireRule;
/** One Require line that stands within `container`. @throws DirectiveError */
export declare function parseRequireLine(line: Pick<DirectiveLine, 'args'>, container: ContainerName, reporter: Reporter): RequireRule;
/** @throws DirectiveError that points at the word */
export declare function parseNetworkWord(word: Word): IpNetwork;
/** Host names need a lookup for every client, which is not done. */
export declare function warnAboutHostNames(reporter: Reporter, words: readonly Word[]): void;
export {};
