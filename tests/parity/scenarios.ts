/** All scenarios, in the order in which they run. */

import { articleScenarios } from './cases/articles.js';
import { environScenarios } from './cases/environ.js';
import { mappingScenarios } from './cases/mapping.js';
import { responseScenarios } from './cases/responses.js';
import type { Scenario } from './scenario.js';

export const scenarios: readonly Scenario[] = [
  ...articleScenarios,
  ...mappingScenarios,
  ...responseScenarios,
  ...environScenarios,
];
