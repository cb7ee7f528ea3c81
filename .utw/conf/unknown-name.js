/** Messages for names that the program does not carry out: Apache's, mod_wsgi's former ones, and slips. */
import { canonicalModule, findKnownModule, findRemoved } from './known-directives.js';
import { findScopeSection } from './section-definition.js';
import { READING_SECTIONS } from './vocabulary.js';
/** What to say of a directive that the vocabulary does not have. Features that read their own children use it too. */
export function describeUnknownDirective(name, vocabulary) {
    const removed = findRemoved(name);
    if (removed !== undefined) {
        return { severity: 'warning', message: `${name} is no longer part of mod_wsgi and does nothing: ${removed}` };
    }
    const isSection = findScopeSection(name) !== undefined ||
        vocabulary.findSection(name) !== undefined ||
        READING_SECTIONS.some((section) => section.toLowerCase() === name.toLowerCase());
    if (isSection)
        return { severity: 'error', message: `${name} is a section, write <${name} ...> ... </${name}>` };
    return (describeForeign(name, name, vocabulary) ?? {
        severity: 'error',
        message: `directive '${shorten(name)}' is unknown${suggestion(vocabulary.nearest(name))}`,
    });
}
/** The same for a section; its lines are not looked at. */
export function describeUnknownSection(name, vocabulary) {
    if (vocabulary.hasDirective(name)) {
        return { severity: 'error', message: `${name} is a directive, write it without brackets` };
    }
    return (describeForeign(`<${name}>`, name, vocabulary) ?? {
        severity: 'error',
        message: `section <${shorten(name)}> is unknown${suggestion(vocabulary.nearestSection(name))}`,
    });
}
function describeForeign(shown, name, vocabulary) {
    const module = findKnownModule(name);
    if (module === undefined)
        return undefined;
    if (module === 'core' || module === 'mpm') {
        const owner = module === 'core' ? "Apache's core" : "Apache's process modules (mpm)";
        return { severity: 'error', message: `${shown} belongs to ${owner}, Stillhouse does not have it; remove it` };
    }
    // IfModule would not help where the module as such is present.
    if (vocabulary.hasModule(canonicalModule(module))) {
        return { severity: 'error', message: `${shown} is a part of ${module} that Stillhouse does not have; remove it` };
    }
    const advice = `remove it or put it into <IfModule ${module}.c>`;
    return { severity: 'error', message: `${shown} belongs to ${module}, which Stillhouse does not have; ${advice}` };
}
function suggestion(name) {
    return name === undefined ? '' : `; did you mean ${name}?`;
}
/** Random bytes make long names; a message shows their beginning. */
function shorten(name) {
    return name.length > 60 ? `${name.slice(0, 60)}...` : name;
}
//# sourceMappingURL=unknown-name.js.map