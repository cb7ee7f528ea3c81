/** The bracketed list of flags that ends a RewriteRule or RewriteCond. */
import { type Template } from './template.js';
export interface Flag {
    /** In capital letters. */
    readonly name: string;
    /** What follows the '='; empty where there is none. */
    readonly value: string;
}
/** The flags of `[A,B=value]`. `argument` is the list's place in the line. @throws RewriteSyntaxError */
export declare function parseFlagList(list: string, argument: number): readonly Flag[];
/** A template, with a reason that becomes a message about this argument. @throws RewriteSyntaxError */
export declare function parseTemplateArgument(source: string, argument: number): Template;
