/** All scenarios, in the order in which they run. */

import { accessScenarios } from './cases/access.js';
import { accessFileScenarios } from './cases/access-files.js';
import { applicationGroupScenarios } from './cases/application-groups.js';
import { articleRuleScenarios } from './cases/article-rules.js';
import { articleScenarios } from './cases/articles.js';
import { authenticationScenarios } from './cases/authentication.js';
import { environScenarios } from './cases/environ.js';
import { expressionScenarios } from './cases/expressions.js';
import { folderScenarios } from './cases/folders.js';
import { furtherScriptScenarios } from './cases/further-scripts.js';
import { languageScenarios } from './cases/languages.js';
import { limitScenarios } from './cases/limits.js';
import { mappingScenarios } from './cases/mapping.js';
import { mergeOrderScenarios } from './cases/merge-order.js';
import { methodLimitScenarios } from './cases/method-limits.js';
import { outputScenarios } from './cases/output.js';
import { portScenarios } from './cases/ports.js';
import { proxyScenarios } from './cases/proxies.js';
import { redirectScenarios } from './cases/redirects.js';
import { responseScenarios } from './cases/responses.js';
import { ruleOrderScenarios } from './cases/rule-orders.js';
import { bookshopSite } from './cases/site-bookshop.js';
import { identitySite } from './cases/site-identity.js';
import { trackerSite } from './cases/site-tracker.js';
import { staticScenarios } from './cases/static-files.js';
import { tlsScenarios } from './cases/tls.js';
import { virtualHostScenarios } from './cases/virtual-hosts.js';
import type { Scenario } from './scenario.js';

export const scenarios: readonly Scenario[] = [
  bookshopSite,
  trackerSite,
  identitySite,
  ...articleScenarios,
  ...articleRuleScenarios,
  ...mappingScenarios,
  ...responseScenarios,
  ...environScenarios,
  ...applicationGroupScenarios,
  ...furtherScriptScenarios,
  ...accessScenarios,
  ...methodLimitScenarios,
  ...expressionScenarios,
  ...accessFileScenarios,
  ...mergeOrderScenarios,
  ...ruleOrderScenarios,
  ...authenticationScenarios,
  ...virtualHostScenarios,
  ...staticScenarios,
  ...languageScenarios,
  ...redirectScenarios,
  ...outputScenarios,
  ...limitScenarios,
  ...portScenarios,
  ...tlsScenarios,
  ...proxyScenarios,
  ...folderScenarios,
];
