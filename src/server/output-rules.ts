/**
 * Everything that the configuration does to responses on their way out: Header lines, expiry, compression. One record for
 * each scope that has any of it; most have none, and their requests never come here.
 */

import type { Settings } from '../conf/settings.js';
import type { ExpiryRules } from '../http/expiry.js';
import type { HeaderRule } from '../http/header-rules.js';
import { findExpiryRules } from './expires-directives.js';
import { type DeflateRules, findDeflateRules } from './filter-directives.js';
import { headersSettings } from './headers-directives.js';

export interface OutputRules {
  readonly always: readonly HeaderRule[];
  readonly onSuccess: readonly HeaderRule[];
  readonly expiry: ExpiryRules | undefined;
  readonly deflate: DeflateRules | undefined;
}

/** Undefined where responses go out as they are. */
export function findOutputRules(settings: Settings): OutputRules | undefined {
  const rules = {
    always: settings.get(headersSettings.always, []),
    onSuccess: settings.get(headersSettings.onSuccess, []),
    expiry: findExpiryRules(settings),
    deflate: findDeflateRules(settings),
  };
  const hasLines = rules.always.length > 0 || rules.onSuccess.length > 0;
  return hasLines || rules.expiry !== undefined || rules.deflate !== undefined ? rules : undefined;
}
