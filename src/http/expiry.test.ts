import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExpiryError, findExpiry, formatExpiry, parseExpiry } from './expiry.js';

const day = 86_400;

describe('parseExpiry', () => {
  const codes: readonly [code: string, base: 'access' | 'modification', seconds: number][] = [
    ['A3600', 'access', 3600],
    ['M-60', 'modification', -60],
    ['access plus 1 month', 'access', 30 * day],
    ['access 1 month 15 days 2 hours', 'access', 45 * day + 7200],
    ['now plus 2 minutes', 'access', 120],
    ['modification plus 5 hours 3 minutes', 'modification', 5 * 3600 + 180],
    ['access plus 1 year 1 week 1 second', 'access', 372 * day + 1],
    ['access', 'access', 0],
    ['access plus 0 seconds', 'access', 0],
  ];
  for (const [code, base, seconds] of codes) {
    it(`'${code}'`, () => assert.deepEqual(parseExpiry(code), { base, seconds }));
  }

  for (const [code, message] of [
    ['Ax', /A and a number of seconds/],
    ['tomorrow', /access, now or modification/],
    ['access plus month', /must be a number/],
    ['access plus 1', /unit after 1 is missing/],
    ['access plus 1 fortnight', /must be years/],
    ['', /access, now or modification/],
  ] as const) {
    it(`'${code}' is refused`, () =>
      assert.throws(
        () => parseExpiry(code),
        (error) => error instanceof ExpiryError && message.test(error.message),
      ));
  }
});

describe('findExpiry', () => {
  const of = (seconds: number) => ({ base: 'access', seconds }) as const;
  const rules = {
    byType: new Map([
      ['image/*', of(1)],
      ['image/gif', of(2)],
      ['text/html', of(3)],
    ]),
    fallback: of(4),
  };

  it('takes the type, then its kind, then the default', () => {
    const types = ['image/png', 'image/gif', 'Text/HTML; charset=utf-8', 'text/plain', undefined, 'nonsense'];
    assert.deepEqual(
      types.map((type) => findExpiry(rules, type)?.seconds),
      [1, 2, 3, 4, 4, 4],
    );
    assert.equal(findExpiry({ ...rules, fallback: undefined }, 'text/plain'), undefined);
  });
});

describe('formatExpiry', () => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z') + 400;

  it('counts from the request or from the change, and never ends before the request', () => {
    assert.deepEqual(formatExpiry({ base: 'access', seconds: 60 }, nowMs, undefined), {
      expires: 'Thu, 01 Jan 2026 00:01:00 GMT',
      cacheControl: 'max-age=60',
    });
    assert.deepEqual(formatExpiry({ base: 'modification', seconds: 60 }, nowMs, nowMs - 20_500), {
      expires: 'Thu, 01 Jan 2026 00:00:39 GMT',
      cacheControl: 'max-age=39',
    });
    const past = { expires: 'Thu, 01 Jan 2026 00:00:00 GMT', cacheControl: 'max-age=0' };
    assert.deepEqual(formatExpiry({ base: 'modification', seconds: 60 }, nowMs, 0), past);
    assert.deepEqual(formatExpiry({ base: 'access', seconds: -5 }, nowMs, undefined), past);
    assert.equal(formatExpiry({ base: 'modification', seconds: 60 }, nowMs, undefined), undefined);
  });
});
