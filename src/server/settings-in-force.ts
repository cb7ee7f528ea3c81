/** The settings of one scope as `explain` shows them: each with its lines, and with those that they overrode. */

import type { SettingFacts, Settings } from '../conf/settings.js';
import { formatPosition, type Position } from '../conf/source.js';
import type { DirectiveSources } from './directive-sources.js';
import type { ExplainedSetting } from './explanation.js';
import { type DirectoryRewrite, directoryRewrite, type ServerRewrite, serverRewrite } from './rewrite-directives.js';

/** Not settings to anybody who reads a configuration: sections are shown as such, and the other repeats lines. */
const hidden: ReadonlySet<string> = new Set(['core.conditional-sections', 'mod_wsgi.preloaded-scripts']);

/** Rules are best read as they are written. */
const rewriteIds: ReadonlySet<string> = new Set([directoryRewrite.id, serverRewrite.id]);

/** Deeper values are shown as their lines only. */
const valueDepthLimit = 6;

export function settingsInForce(settings: Settings, sources: DirectiveSources): readonly ExplainedSetting[] {
  const ids = [...settings.ids()].filter((id) => !hidden.has(id)).sort();
  return ids.flatMap((id) => {
    const facts = settings.findById(id);
    if (facts === undefined) return [];
    const { origins, overridden } = withoutDroppedRules(id, facts, sources);
    const toLines = (positions: readonly Position[]) => unique(positions).map((position) => sources.lineAt(position));
    const value = rewriteIds.has(id) ? null : plain(facts.value, 0);
    return [{ setting: id, value, lines: toLines(origins), overrode: toLines(overridden) }];
  });
}

/** The lines that made one setting. */
export function linesOf(settings: Settings, id: string, sources: DirectiveSources): ExplainedSetting['lines'] {
  return unique(settings.findById(id)?.origins ?? []).map((position) => sources.lineAt(position));
}

/** Rules of an outer scope do not run without RewriteOptions Inherit, while its RewriteEngine counts. */
function withoutDroppedRules(
  id: string,
  facts: SettingFacts,
  sources: DirectiveSources,
): Pick<SettingFacts, 'origins' | 'overridden'> {
  if (!rewriteIds.has(id)) return facts;
  const { pending, rules } = facts.value as DirectoryRewrite | ServerRewrite;
  const conditions = [...pending, ...rules.flatMap((rule) => rule.conditions)];
  const running = new Set([...rules, ...conditions].map(({ label }) => label));
  const isDropped = (position: Position): boolean =>
    /^Rewrite(?:Cond|Rule)\b/i.test(sources.lineAt(position).text) && !running.has(formatPosition(position));
  return {
    origins: facts.origins.filter((position) => !isDropped(position)),
    overridden: [...facts.overridden, ...facts.origins.filter(isDropped)],
  };
}

function unique(positions: readonly Position[]): readonly Position[] {
  return [...new Map(positions.map((position) => [formatPosition(position), position])).values()];
}

/** As JSON has it. */
function plain(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || depth > valueDepthLimit) return undefined;
  if (value instanceof RegExp) return value.source;
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1));
  if (value instanceof Set) return [...value].map((one) => plain(one, depth + 1));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries
      .filter(([name, one]) => name !== 'position' && typeof one !== 'function')
      .map(([name, one]) => [String(name), plain(one, depth + 1)]),
  );
}
