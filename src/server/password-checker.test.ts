import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { PasswordChecker, TooManyChecks } from './password-checker.js';

/** Of `secret`. */
const stored = '$2y$05$yqf6IgKUuzq9QxchdWA9jOdUnnC6sLeTXXNBjMRPd8mYI656.ylJW';

describe('PasswordChecker', () => {
  let nowMs = 0;
  const checker = new PasswordChecker(() => nowMs);
  after(() => checker.close());
  const check = (password: string, hash = stored) => checker.check(Buffer.from(password), hash);

  it('tells passwords', async () => {
    assert.deepEqual(await Promise.all(['secret', 'Secret', ''].map((one) => check(one))), [true, false, false]);
    assert.equal(await check('secret', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='), true);
    assert.equal(await check('secret', 'secret'), false);
  });

  it('remembers an answer for a while, and for its hash only', async () => {
    const first = check('secret');
    assert.equal(check('secret'), first);
    assert.notEqual(check('secret', `${stored.slice(0, -1)}V`), first);
    assert.equal(await check('secret', `${stored.slice(0, -1)}V`), false);
    nowMs += 10_000;
    assert.notEqual(check('secret'), first);
    assert.equal(await check('secret'), true);
  });

  it('keeps no password where somebody could find it', async () => {
    await check('a very special password');
    const { inspect } = await import('node:util');
    assert.doesNotMatch(inspect(checker, { depth: 9, showHidden: true }), /very special/);
  });

  it('lets only so many wait', async () => {
    const asked = Array.from({ length: 70 }, (_, index) => check(`guess ${index}`));
    const settled = await Promise.allSettled(asked);
    const refused = settled.filter((one) => one.status === 'rejected');
    assert.equal(refused.length, 6);
    assert.ok(refused.every(({ reason }) => reason instanceof TooManyChecks));
    assert.equal(await check('guess 69'), false, 'a refusal is not remembered');
  });
});
