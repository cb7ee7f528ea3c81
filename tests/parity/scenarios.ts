/** All scenarios, in the order in which they run. */

import { accessScenarios } from './cases/access.js';
import { articleScenarios } from './cases/articles.js';
import { environScenarios } from './cases/environ.js';
import { furtherScriptScenarios } from './cases/further-scripts.js';
import { limitScenarios } from './cases/limits.js';
import { mappingScenarios } from './cases/mapping.js';
import { redirectScenarios } from './cases/redirects.js';
import { responseScenarios } from './cases/responses.js';
import { staticScenarios } from './cases/static-files.js';
import { virtualHostScenarios } from './cases/virtual-hosts.js';
import type { Scenario } from './scenario.js';

export const scenarios: readonly Scenario[] = [
  ...articleScenarios,
  ...mappingScenarios,
  ...responseScenarios,
  ...environScenarios,
  ...furtherScriptScenarios,
  ...accessScenarios,
  ...virtualHostScenarios,
  ...staticScenarios,
  ...redirectScenarios,
  ...limitScenarios,
];
