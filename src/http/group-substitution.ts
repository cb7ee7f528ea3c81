/** $0 to $9 in the targets of AliasMatch, RedirectMatch, WSGIScriptAliasMatch and in the values of SetEnvIf. */

/**
 * The template with what the groups of a match caught, as ap_pregsub does it: a group that took no part is empty, and a
 * backslash makes the character after it plain.
 */
export function substituteGroups(template: string, match: readonly (string | undefined)[]): string {
  return template.replace(/\$(\d)|\\([\s\S])/g, (_whole, group?: string, plain?: string) =>
    group === undefined ? (plain ?? '') : (match[Number(group)] ?? ''),
  );
}
