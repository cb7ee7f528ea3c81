/** What one option of WSGIDaemonProcess is, and how the common kinds of options are made. */
import { parseAccount } from './account-reference.js';
import { parseBufferSize, parseWholeNumber } from './option-values.js';
/** How messages name the value: mod_wsgi's own wording. */
export const daemon = (what) => `${what} for WSGI daemon process`;
export function seconds(field, what, standard, summary, difference) {
    return {
        syntax: 'seconds',
        default: String(standard),
        summary,
        ...(difference === undefined ? {} : { difference }),
        apply: (group, value) => {
            group[field] = parseWholeNumber(value, daemon(what), 0);
        },
    };
}
export function buffer(field, what, min, summary) {
    return {
        syntax: 'bytes',
        default: '0',
        summary,
        apply: (group, value) => {
            group[field] = parseBufferSize(value, daemon(what), min);
        },
    };
}
export function text(field, syntax, summary) {
    return {
        syntax,
        summary,
        apply: (group, value) => {
            // An empty value is as good as none, as in mod_wsgi.
            group[field] = value.text === '' ? undefined : value.text;
        },
    };
}
export function account(field, what, summary) {
    return {
        syntax: 'name|#id',
        summary,
        apply: (group, value) => {
            group[field] = parseAccount(value, daemon(what));
        },
    };
}
//# sourceMappingURL=daemon-option.js.map