/**
 * Where we answer otherwise than Apache and should not: work to be done. The cases are compared as all others are, and
 * fail as soon as a defect is mended; then its lines go.
 */

import type { KnownDifference } from './known-differences.js';

/** `reason`: what is missing. */
export const openDefects: readonly KnownDifference[] = [
  {
    reason: 'mod_wsgi.listener_host is always empty; it is the address of the Listen line.',
    cases: [
      {
        scenario: 'the whole environ',
        request: 'of mod_wsgi',
        fields: { 'environ mod_wsgi.listener_host': ['127.0.0.1', ''] },
      },
    ],
  },
];
