/**
 * If, ElseIf and Else: sections that apply where an expression holds. As in httpd they are a setting of the scope around
 * them, so that those of all sections that a request fell into come together in the order of merging; they are tried
 * last, and what they set lies over all else. The sections are read in server/condition-sections.ts.
 */

import type { AppliedSection, ConditionKind, ServerScope } from './config.js';
import type { Setting, SettingKey } from './settings.js';

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
  holds: (condition: SectionCondition, section: ConditionalSection) => boolean,
): readonly ConditionalSection[] {
  const chosen: ConditionalSection[] = [];
  let isDecided = false;
  for (const section of candidates) {
    if (section.kind === 'If') isDecided = false;
    if (isDecided || (section.condition !== undefined && !holds(section.condition, section))) continue;
    isDecided = true;
    chosen.push(section);
  }
  // What stands inside comes after all of the level above, as in ap_if_walk.
  const inner = chosen.flatMap(({ settings }) => settings.get(conditionalSections, []));
  return inner.length === 0 ? chosen : [...chosen, ...chooseConditional(inner, holds)];
}

/** The sections that stand in a server, whatever they stand in: for checks that look at every line. */
export function ownSectionsOf(server: ServerScope): readonly AppliedSection[] {
  const known = ownSections.get(server);
  if (known !== undefined) return known;
  const { directories, files, locations } = server.own;
  const plain = [...directories, ...files, ...locations].flatMap((section) => [section, ...section.nested]);
  const inherited = new Set(server.main?.settings.get(conditionalSections, []));
  const conditionals = server.settings.get(conditionalSections, []).filter((section) => !inherited.has(section));
  const all = [...conditionals.flatMap(withInner), ...plain.flatMap(withInner)];
  ownSections.set(server, all);
  return all;
}

/** The sections that can apply to a server's requests, also the main server's, and set one of `wanted`. Cheap also where thousands of virtual hosts ask. */
export function sectionsWith(server: ServerScope, wanted: readonly SettingKey[]): readonly AppliedSection[] {
  const own = ownSectionsWith(server, wanted);
  if (server.main === undefined) return own;
  const inherited = ownSectionsWith(server.main, wanted);
  return inherited.length === 0 ? own : [...inherited, ...own];
}

const ownSections = new WeakMap<ServerScope, readonly AppliedSection[]>();
const foundSections = new WeakMap<ServerScope, Map<string, readonly AppliedSection[]>>();

function ownSectionsWith(server: ServerScope, wanted: readonly SettingKey[]): readonly AppliedSection[] {
  const found = foundSections.get(server) ?? new Map<string, readonly AppliedSection[]>();
  foundSections.set(server, found);
  const key = wanted.map(({ id }) => id).join();
  let sections = found.get(key);
  if (sections === undefined) {
    sections = ownSectionsOf(server).filter(({ settings }) => wanted.some((one) => settings.has(one)));
    found.set(key, sections);
  }
  return sections;
}

function withInner(section: AppliedSection): readonly AppliedSection[] {
  return [section, ...conditionalsOf(section)];
}

function conditionalsOf({ settings }: Pick<AppliedSection, 'settings'>): readonly AppliedSection[] {
  return settings.get(conditionalSections, []).flatMap((section) => [section, ...conditionalsOf(section)]);
}
