/**
 * What the tables know and this build does not do. Nothing here is accepted in silence: the line is refused where
 * going without it could open a door or lose requests, else reported. Work that brings a behaviour deletes its line.
 */

import { type DirectiveDefinition, DirectiveError } from '../conf/directive.js';

interface Lack {
  readonly severity: 'error' | 'warning';
  /** Goes on after "this build": what it does not do, and what happens instead. */
  readonly message: string;
  /** A line with this argument asks for nothing. */
  readonly unless?: string;
}

/** By directive, lower case. */
const lackingDirectives: ReadonlyMap<string, Lack> = new Map<string, Lack>([
  [
    'wsgipassapacherequest',
    { severity: 'warning', message: 'has no request object of Apache to pass, the line has no effect', unless: 'off' },
  ],
  [
    'wsgienablesendfile',
    { severity: 'warning', message: 'sends files through the channel, the line has no effect', unless: 'off' },
  ],
  ['wsgitelemetryservice', { severity: 'warning', message: 'sends no telemetry, the line has no effect' }],
  ['wsgislowrequests', { severity: 'warning', message: 'sends no telemetry, the line has no effect' }],
  ['wsgitelemetryoptions', { severity: 'warning', message: 'sends no telemetry, the line has no effect' }],
]);

/** The directive as this build has it: refused or reported where it stands in the list above, else unchanged. */
export function notYet(definition: DirectiveDefinition): DirectiveDefinition {
  const lack = lackingDirectives.get(definition.name.toLowerCase());
  if (lack === undefined) return definition;
  const difference = `Not there yet: this build ${lack.message}.`;
  return {
    ...definition,
    difference: definition.difference === undefined ? difference : `${definition.difference} ${difference}`,
    apply(line, scope) {
      const message = `${definition.name}: this build ${lack.message}`;
      if (lack.severity === 'error') throw new DirectiveError(message);
      definition.apply(line, scope);
      if (lack.unless === undefined || line.args[0]?.text.toLowerCase() !== lack.unless)
        line.report('warning', message);
    },
  };
}
