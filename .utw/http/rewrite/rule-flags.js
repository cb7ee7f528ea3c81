/** The flags of RewriteRule: what each one means, under its short and its long name. */
import { parseFlagList, parseTemplateArgument } from './flag-list.js';
import { RewriteSyntaxError } from './syntax-error.js';
/** Apache's limit on rounds through [N] where the flag gives none. */
const roundsLimit = 32_000;
/** The statuses that Apache knows, and so takes in R=. */
const knownStatus = /^(?:20[0-8]|226|30[0-57-8]|40\d|41[0-8]|42[1-69]|428|431|451|50[0-8]|51[01])$/;
const redirectNames = { permanent: 301, temp: 302, seeother: 303 };
const longNames = {
    CHAIN: 'C',
    COOKIE: 'CO',
    DISCARDPATH: 'DPI',
    DISCARDPATHINFO: 'DPI',
    ENV: 'E',
    FORBIDDEN: 'F',
    GONE: 'G',
    HANDLER: 'H',
    LAST: 'L',
    NEXT: 'N',
    NOCASE: 'NC',
    NOESCAPE: 'NE',
    NOSUBREQ: 'NS',
    PASSTHROUGH: 'PT',
    PROXY: 'P',
    QSAPPEND: 'QSA',
    QSDISCARD: 'QSD',
    QSLAST: 'QSL',
    REDIRECT: 'R',
    SKIP: 'S',
    TYPE: 'T',
};
/** The third argument of RewriteRule; undefined where it is absent. @throws RewriteSyntaxError */
export function parseRuleFlags(list) {
    const flags = {
        backReferences: undefined,
        chain: false,
        cookies: [],
        discardPathInfo: false,
        end: false,
        environment: [],
        handler: undefined,
        ignoreCase: false,
        last: false,
        maxRounds: undefined,
        mimeType: undefined,
        noEscape: false,
        noSubrequests: false,
        passThrough: false,
        queryAppend: false,
        queryDiscard: false,
        queryLast: false,
        redirect: false,
        redirectStatus: 302,
        skip: 0,
        status: undefined,
        unsafeAllow3F: false,
        unsafePrefixStat: false,
    };
    for (const flag of list === undefined ? [] : parseFlagList(list, 2))
        apply(flag, flags);
    return Object.freeze(flags);
}
function apply({ name, value }, flags) {
    switch (longNames[name] ?? name) {
        case 'B':
            flags.backReferences = { ...escapes(flags), only: value === '' ? undefined : value };
            break;
        case 'BCTLS':
            flags.backReferences = { ...escapes(flags), controlsOnly: true };
            break;
        case 'BNE':
            flags.backReferences = { ...escapes(flags), except: value };
            break;
        case 'BNP':
            flags.backReferences = { ...escapes(flags), spaceAsPlus: false };
            break;
        case 'C':
            flags.chain = true;
            break;
        case 'CO':
            flags.cookies.push(parseTemplateArgument(required(value, 'CO=name:value:domain'), 2));
            break;
        case 'DPI':
            flags.discardPathInfo = true;
            break;
        case 'E':
            flags.environment.push(parseTemplateArgument(required(value, 'E=name:value or E=!name'), 2));
            break;
        case 'END':
            flags.end = true;
            break;
        case 'F':
            flags.status = 403;
            break;
        case 'G':
            flags.status = 410;
            break;
        case 'H':
            flags.handler = parseTemplateArgument(required(value, 'H=handler-name'), 2);
            break;
        case 'L':
            flags.last = true;
            break;
        case 'N':
            flags.maxRounds = value === '' ? roundsLimit : wholeNumber(value, 'N', 1);
            break;
        case 'NC':
            flags.ignoreCase = true;
            break;
        case 'NE':
            flags.noEscape = true;
            break;
        case 'NS':
            flags.noSubrequests = true;
            break;
        case 'P':
            throw new RewriteSyntaxError('the flag P is not supported, since this server is no proxy; put a proxy in front or use a daemon process group', 2);
        case 'PT':
            flags.passThrough = true;
            break;
        case 'QSA':
            flags.queryAppend = true;
            break;
        case 'QSD':
            flags.queryDiscard = true;
            break;
        case 'QSL':
            flags.queryLast = true;
            break;
        case 'R':
            applyRedirect(value, flags);
            break;
        case 'S':
            flags.skip = wholeNumber(value, 'S', 0);
            break;
        case 'T':
            flags.mimeType = parseTemplateArgument(required(value, 'T=media-type'), 2);
            break;
        case 'UNSAFEALLOW3F':
            flags.unsafeAllow3F = true;
            break;
        case 'UNSAFEPREFIXSTAT':
            flags.unsafePrefixStat = true;
            break;
        // About UNC file names, which only Windows has.
        case 'UNC':
            break;
        default:
            throw new RewriteSyntaxError(`'${name}' is not a flag of RewriteRule`, 2);
    }
}
function applyRedirect(value, flags) {
    const status = value === '' ? 302 : (redirectNames[value.toLowerCase()] ?? Number(value));
    if (!knownStatus.test(String(status))) {
        throw new RewriteSyntaxError(`'${value}' is not an HTTP status; R takes one, or permanent, temp or seeother`, 2);
    }
    flags.redirect = true;
    if (status >= 300 && status < 400)
        flags.redirectStatus = status;
    else
        flags.status = status;
}
function escapes(flags) {
    return flags.backReferences ?? { only: undefined, except: '', controlsOnly: false, spaceAsPlus: true };
}
function required(value, form) {
    if (value === '')
        throw new RewriteSyntaxError(`this flag needs a value: ${form}`, 2);
    return value;
}
function wholeNumber(value, flag, min) {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
    if (number < min)
        throw new RewriteSyntaxError(`${flag} takes a whole number of at least ${min}, not '${value}'`, 2);
    return number;
}
//# sourceMappingURL=rule-flags.js.map