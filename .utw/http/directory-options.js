/**
 * What the Options directive says about a folder: parsing of its words and the merge rule of httpd's core (core.c,
 * set_options and merge_core_dir_configs). Pure; the table in core-request-directives.ts and the file handlers use it.
 */
import { absoluteSet, elementsOf, mergeRelativeSets, unchanged, withAdded, withRemoved, } from './relative-set.js';
/** In force where no Options line applies. */
export const DEFAULT_OPTIONS = new Set(['FollowSymLinks']);
/** Lower-case word to what it stands for. `All` leaves MultiViews and SymLinksIfOwnerMatch out, as httpd does. */
const WORDS = new Map([
    ['all', ['ExecCGI', 'FollowSymLinks', 'Includes', 'IncludesExec', 'Indexes']],
    ['execcgi', ['ExecCGI']],
    ['followsymlinks', ['FollowSymLinks']],
    ['includes', ['Includes', 'IncludesExec']],
    ['includesnoexec', ['Includes']],
    ['indexes', ['Indexes']],
    ['multiviews', ['MultiViews']],
    ['none', []],
    ['symlinksifownermatch', ['SymLinksIfOwnerMatch']],
]);
export const OPTION_WORDS = [
    'All',
    'None',
    'ExecCGI',
    'FollowSymLinks',
    'Includes',
    'IncludesNOEXEC',
    'Indexes',
    'MultiViews',
    'SymLinksIfOwnerMatch',
];
/** Carries out one Options line over what earlier lines of the same scope left. */
export function applyOptionsLine(previous, words) {
    const relative = /^[+-]/.test(words[0] ?? '');
    let options = relative ? (previous ?? unchanged) : absoluteSet([]);
    let wide = false;
    for (const [index, word] of words.entries()) {
        const sign = /^[+-]/.exec(word)?.[0];
        const name = word.slice(sign === undefined ? 0 : 1);
        const stands = WORDS.get(name.toLowerCase());
        if (stands === undefined)
            return { index, message: `'${name}' is not an option` };
        if (name.toLowerCase() === 'all' || name.toLowerCase() === 'none') {
            if (sign !== undefined)
                return { index, message: `Options ${name} takes no ${sign}` };
            if (index > 0)
                return { index, message: `Options ${name} must be the first word` };
            wide = true;
        }
        // After All or None signs may follow; otherwise all words have one or none has.
        if ((sign !== undefined) !== relative && !(wide && index > 0)) {
            return { index, message: 'either all Options start with + or -, or none does' };
        }
        if (sign === '-')
            options = withRemoved(options, stands);
        else
            options = withAdded(options, stands);
    }
    return options;
}
/** An inner scope's Options over an outer one's. */
export function mergeOptions(outer, inner) {
    const merged = mergeRelativeSets(outer, inner);
    // +IncludesNOEXEC over an outer Includes takes the right to run programs away.
    const narrows = inner.absolute === undefined && inner.added.has('Includes') && !inner.added.has('IncludesExec');
    return narrows ? withRemoved(merged, ['IncludesExec']) : merged;
}
/** The options in force. */
export function effectiveOptions(options) {
    return elementsOf(options, DEFAULT_OPTIONS);
}
//# sourceMappingURL=directory-options.js.map