/**
 * Tests of embedded mode, which needs the optional package koffi. They fail without it, unless the run is the one that
 * shows what works without: `npm run test:without-koffi`.
 */

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

function findSkip(): string | false {
  if (process.env.STILLHOUSE_TEST_WITHOUT_KOFFI === undefined) return false;
  try {
    require.resolve('koffi');
  } catch {
    return 'embedded mode needs koffi, which is not installed';
  }
  throw new Error('STILLHOUSE_TEST_WITHOUT_KOFFI is set, and koffi is installed');
}

/** Options of such a test. */
export const embedded = { skip: findSkip() };
