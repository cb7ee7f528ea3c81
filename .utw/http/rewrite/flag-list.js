/** The bracketed list of flags that ends a RewriteRule or RewriteCond. */
import { RewriteSyntaxError } from './syntax-error.js';
import { parseTemplate } from './template.js';
/** The flags of `[A,B=value]`. `argument` is the list's place in the line. @throws RewriteSyntaxError */
export function parseFlagList(list, argument) {
    if (!list.startsWith('[') || !list.endsWith(']') || list.length < 2) {
        throw new RewriteSyntaxError(`flags stand in brackets without blanks, as in [L,NC], not '${list}'`, argument);
    }
    return list
        .slice(1, -1)
        .split(',')
        .map((item) => {
        const text = item.trimStart();
        const equals = text.indexOf('=');
        const name = equals === -1 ? text.trimEnd() : text.slice(0, equals);
        // A blank may be the very character that B= names, so it is kept there.
        const value = equals === -1 ? '' : text.slice(equals + 1);
        const upper = name.toUpperCase();
        return { name: upper, value: upper === 'B' || upper === 'BNE' ? value : value.trimEnd() };
    });
}
/** A template, with a reason that becomes a message about this argument. @throws RewriteSyntaxError */
export function parseTemplateArgument(source, argument) {
    try {
        return parseTemplate(source);
    }
    catch (error) {
        throw new RewriteSyntaxError(error instanceof Error ? error.message : String(error), argument);
    }
}
//# sourceMappingURL=flag-list.js.map