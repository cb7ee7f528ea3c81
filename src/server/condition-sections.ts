/**
 * <If>, <ElseIf> and <Else>: how they are read, and which of them apply to a request. Sections of httpd's core; the
 * order in which they come together is conf/conditional-sections.ts's.
 */

import {
  type ConditionalSection,
  chooseConditional,
  conditionalSections,
  type SectionCondition,
} from '../conf/conditional-sections.js';
import type { ConditionKind } from '../conf/config.js';
import { DirectiveError } from '../conf/directive.js';
import type { SectionDefinition, SectionLine } from '../conf/section-definition.js';
import type { SettingsBuilder } from '../conf/settings.js';
import type { Expression, ExpressionSubject } from '../http/expression/expression.js';
import { allContexts } from './directive-arguments.js';
import { compileExpressionWord, quoteLength } from './expression-argument.js';

/**
 * The sections of `candidates` that apply to a request, in order. What they hold was compiled here.
 * @param tried hears of each section whose condition was looked at
 */
export function findConditional(
  candidates: readonly ConditionalSection[],
  subject: ExpressionSubject,
  tried?: (section: ConditionalSection, holds: boolean) => void,
): readonly ConditionalSection[] {
  return chooseConditional(candidates, (condition: SectionCondition, section) => {
    const holds = (condition as Expression).holds(subject);
    tried?.(section, holds);
    return holds;
  });
}

function readSection(kind: ConditionKind, line: SectionLine, scope: SettingsBuilder): void {
  if (line.limitedTo !== undefined) throw new DirectiveError(`<${kind}> may not stand in <Limit> or <LimitExcept>`);
  const before = scope.find(conditionalSections)?.at(-1);
  if (kind !== 'If' && (before === undefined || before.kind === 'Else')) {
    throw new DirectiveError(`<${kind}> needs an <If> or <ElseIf> before it in the same section`);
  }
  const [word] = line.args;
  const condition = word === undefined ? undefined : compileExpressionWord(word, quoteLength(line.rawArgs));
  const section: ConditionalSection = Object.freeze({
    kind,
    argument: word?.text ?? '',
    condition,
    settings: line.resolveChildren(),
    position: line.position,
  });
  scope.update(conditionalSections, (previous) => [...(previous ?? []), section], line.position);
}

function definition(kind: ConditionKind, syntax: string, summary: string): SectionDefinition {
  const count = syntax === '' ? 0 : 1;
  const shared = {
    name: kind,
    module: 'core',
    contexts: allContexts,
    syntax,
    args: { min: count, max: count },
    summary,
  };
  return {
    ...shared,
    override: 'All',
    ...(kind === 'If' ? { difference: expressionDifference } : {}),
    apply: (line, scope) => readSection(kind, line, scope),
  };
}

const expressionDifference =
  'The functions file and ldap, the operators -A, -F and -U and the variable LAST_MODIFIED are not supported.';

export const conditionSections: readonly SectionDefinition[] = [
  definition(
    'If',
    'expression',
    'Directives for requests that an expression holds for, as in `<If "%{HTTP_HOST} != \'www.example.com\'">`. It is tried after all other sections are known, so that what it sets lies over Directory, Files and Location, whatever it stands in; inside of one of them it only counts for their requests.',
  ),
  definition(
    'ElseIf',
    'expression',
    'Directives for requests that its expression holds for and that no If or ElseIf before it in the same section has taken.',
  ),
  definition('Else', '', 'Directives for requests that no If or ElseIf before it in the same section has taken.'),
];
