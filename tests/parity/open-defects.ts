/**
 * Where we answer otherwise than Apache and should not: work to be done. The cases are compared as all others are, and
 * fail as soon as a defect is mended; then its lines go.
 */

import type { KnownDifference } from './known-differences.js';

/** `reason`: what is missing. */
export const openDefects: readonly KnownDifference[] = [
  {
    reason: 'A response of 200 with `Location: /path` is no internal redirect.',
    cases: [
      {
        scenario: 'what the server makes of a response',
        request: 'sends elsewhere',
        fields: {
          body: ['there\n', 'not seen'],
          'header location': [undefined, '/there.txt?x=1'],
          'header last-modified': ['Fri, 01 Mar 2024 12:00:00 GMT', undefined],
          'header etag': ['"6-612981d875000"', undefined],
          'header accept-ranges': ['bytes', undefined],
        },
      },
    ],
  },
];
