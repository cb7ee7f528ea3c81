/**
 * Where we answer otherwise than Apache and should not: work to be done. The cases are compared as all others are, and
 * fail as soon as a defect is mended; then its lines go.
 */

import type { KnownDifference } from './known-differences.js';

/** `reason`: what is missing. */
export const openDefects: readonly KnownDifference[] = [
  {
    topic: 'Error pages',
    reason:
      "Where ErrorDocument sends a refused request on, Vary of the refused one goes along; Apache's internal redirects " +
      'begin with no response fields but those for errors.',
    cases: [
      {
        scenario: 'site: a bookshop in Django',
        request: '/staff/',
        fields: { 'header vary': [undefined, 'X-Office-Pass'] },
      },
    ],
  },
];
