/**
 * The strings with $1, %1, %{VARIABLE} and ${map:key|default} in them: substitutions, test strings and the values of
 * the flags E, CO, H and T. Taken apart once, when the line is read.
 */
import { lookUp } from './rewrite-map.js';
import { escapeBackReference } from './uri-escapes.js';
import { compileVariable } from './variables.js';
/** Takes a string apart. @throws Error with a reason, where it holds a variable that can't be supported. */
export function parseTemplate(source) {
    const parts = [];
    const maps = [];
    let text = '';
    let at = 0;
    const add = (part) => {
        if (text !== '')
            parts.push({ kind: 'text', text });
        text = '';
        parts.push(part);
    };
    while (at < source.length) {
        const char = source.charAt(at);
        const next = source.charAt(at + 1);
        if (char === '\\' && next !== '') {
            text += next;
            at += 2;
        }
        else if ((char === '$' || char === '%') && next >= '0' && next <= '9') {
            add({ kind: char === '$' ? 'rule-group' : 'condition-group', group: Number(next) });
            at += 2;
        }
        else if ((char === '$' || char === '%') && next === '{') {
            const end = closingBrace(source, at + 2);
            const inside = end === -1 ? '' : source.slice(at + 2, end);
            const colon = inside.indexOf(':');
            // Without an end, or a map without a colon, the text stands for itself.
            if (end === -1 || (char === '$' && colon === -1)) {
                text += char + next;
                at += 2;
            }
            else {
                if (char === '%')
                    add({ kind: 'variable', read: compileVariable(inside) });
                else {
                    const part = parseMapPart(inside.slice(0, colon), inside.slice(colon + 1));
                    maps.push(part.map, ...part.key.maps, ...(part.fallback?.maps ?? []));
                    add(part);
                }
                at = end + 1;
            }
        }
        else {
            text += char;
            at++;
        }
    }
    if (text !== '')
        parts.push({ kind: 'text', text });
    return Object.freeze({ parts: Object.freeze(parts), maps: Object.freeze(maps) });
}
function parseMapPart(map, rest) {
    const bar = barOutsideBraces(rest);
    return {
        kind: 'map',
        map,
        key: parseTemplate(bar === -1 ? rest : rest.slice(0, bar)),
        fallback: bar === -1 ? undefined : parseTemplate(rest.slice(bar + 1)),
    };
}
/** The string with everything filled in; `escaping` applies to back-references (flag B). */
export function expand(template, scope, escaping) {
    let output = '';
    for (const part of template.parts) {
        switch (part.kind) {
            case 'text':
                output += part.text;
                break;
            case 'variable':
                output += part.read(scope);
                break;
            case 'map':
                output += expandMap(part, scope);
                break;
            default: {
                const match = part.kind === 'rule-group' ? scope.ruleMatch : scope.conditionMatch;
                const group = match?.[part.group] ?? '';
                output += escaping === undefined ? group : escapeBackReference(group, escaping);
            }
        }
    }
    return output;
}
function expandMap(part, scope) {
    const map = scope.findMap(part.map);
    const key = expand(part.key, scope);
    const value = map === undefined ? undefined : lookUp(map, key, scope.services.maps, scope.services.random);
    if (value !== undefined)
        return value;
    return part.fallback === undefined ? '' : expand(part.fallback, scope);
}
/** Where the brace that was opened before `from` ends, or -1. A backslash does not hide a brace. */
function closingBrace(source, from) {
    let depth = 1;
    for (let at = from; at < source.length; at++) {
        const char = source.charAt(at);
        if (char === '{')
            depth++;
        else if (char === '}' && --depth === 0)
            return at;
    }
    return -1;
}
function barOutsideBraces(source) {
    let depth = 0;
    for (let at = 0; at < source.length; at++) {
        const char = source.charAt(at);
        if (char === '{')
            depth++;
        else if (char === '}')
            depth--;
        else if (char === '|' && depth === 0)
            return at;
    }
    return -1;
}
//# sourceMappingURL=template.js.map