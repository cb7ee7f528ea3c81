/**
 * If, ElseIf and Else: sections that apply where an expression holds. As in httpd they are a setting of the scope around
 * them, so that those of all sections that a request fell into come together in the order of merging; they are tried
 * last, and what they set lies over all else. The sections are read in server/condition-sections.ts.
 */

import type { AppliedSection, ConditionKind, ServerScope } from './config.js';
import type { Setting } from './settings.js';

/** A compiled expression. Who evaluates it knows its type; here it only has its text. */
export interface SectionCondition {
  readonly text: string;
}

export interface ConditionalSection extends AppliedSection {
  readonly kind: ConditionKind;
  /** Absent for Else. */
  readonly condition: SectionCondition | undefined;
}

export const conditionalSections: Setting<readonly ConditionalSection[]> = {
  id: 'core.conditional-sections',
  merge: (outer, inner) => [...outer, ...inner],
};

/**
 * The sections of `candidates` that apply, and those inside of them, in order of application. Of If and what follows it
 * up to Else the first counts whose condition holds.
 */
export function chooseConditional(
  candidates: readonly ConditionalSection[],
  holds: (condition: SectionCondition) => boolean,
): readonly ConditionalSection[] {
  const chosen: ConditionalSection[] = [];
  let isDecided = false;
  for (const section of candidates) {
    if (section.kind === 'If') isDecided = false;
    if (isDecided || (section.condition !== undefined && !holds(section.condition))) continue;
    isDecided = true;
    chosen.push(section);
  }
  // What stands inside comes after all of the level above, as in ap_if_walk.
  const inner = chosen.flatMap(({ settings }) => settings.get(conditionalSections, []));
  return inner.length === 0 ? chosen : [...chosen, ...chooseConditional(inner, holds)];
}

/** All sections of a server, whatever they stand in: for checks that look at every line. */
export function sectionsOf(server: ServerScope): readonly AppliedSection[] {
  const plain = [...server.directories, ...server.files, ...server.locations].flatMap((section) => [
    section,
    ...section.nested,
  ]);
  return [...conditionalsOf(server), ...plain.flatMap((section) => [section, ...conditionalsOf(section)])];
}

function conditionalsOf({ settings }: Pick<AppliedSection, 'settings'>): readonly AppliedSection[] {
  return settings.get(conditionalSections, []).flatMap((section) => [section, ...conditionalsOf(section)]);
}
