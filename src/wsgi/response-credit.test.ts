import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { responseWindowBytes } from '../wire/protocol.js';
import { defaultResponseBufferBytes, ResponseBudget, ResponseCredit } from './response-credit.js';

const block = 65_536;

describe('ResponseCredit', () => {
  it('gives back at once what there is room for, and the rest as the client takes', () => {
    const budget = new ResponseBudget(10 * block);
    const credit = new ResponseCredit(responseWindowBytes + 2 * block, budget);
    assert.deepEqual(
      [credit.received(block), credit.received(block), credit.received(block), credit.received(block)],
      [block, block, 0, 0],
    );
    assert.equal(budget.freeBytes, 8 * block);
    assert.equal(credit.taken(block), block);
    assert.equal(budget.freeBytes, 8 * block, 'the next took its place');
    assert.deepEqual([credit.taken(block), credit.taken(block), credit.taken(block)], [block, 0, 0]);
    assert.equal(budget.freeBytes, 10 * block);
  });

  it('gives a part with the request, which keeps its place until the response has come', () => {
    const budget = new ResponseBudget(64 * block);
    const credit = new ResponseCredit(0, budget);
    assert.equal(credit.advance(), 12);
    assert.equal(budget.freeBytes, 52 * block);
    assert.deepEqual(
      [credit.received(10 * block), credit.received(4 * block)],
      [0, 2 * block],
      'beyond it, as without',
    );
    assert.equal(budget.freeBytes, 50 * block);
    assert.equal(credit.taken(10 * block), 8 * block);
    assert.equal(budget.freeBytes, 52 * block);
    credit.end();
    assert.equal(budget.freeBytes, 60 * block, 'what the client has not taken');
    credit.taken(4 * block);
    assert.equal(budget.freeBytes, 64 * block);
  });

  it('gives nothing with the request where little is left, or response-buffer-size is small', () => {
    const budget = new ResponseBudget(40 * block);
    assert.equal(new ResponseCredit(responseWindowBytes + 3 * block - 1, budget).advance(), 2);
    assert.deepEqual(
      [1, 2, 3].map(() => new ResponseCredit(0, budget).advance()),
      [12, 12, 0],
    );
    assert.equal(budget.freeBytes, 14 * block);
    assert.equal(new ResponseCredit(responseWindowBytes, new ResponseBudget(block)).advance(), 0);
  });

  it('takes back what it gave with a request that does not run', () => {
    const budget = new ResponseBudget(40 * block);
    const credit = new ResponseCredit(0, budget);
    credit.advance();
    credit.withdraw();
    credit.withdraw();
    assert.equal(budget.freeBytes, 40 * block);
  });

  it('gives nothing in advance where response-buffer-size is no more than the window', () => {
    const budget = new ResponseBudget(10 * block);
    const credit = new ResponseCredit(block, budget);
    assert.deepEqual([credit.received(block), credit.taken(block)], [0, block]);
  });

  it('keeps up to 4 MiB of a response by default', () => {
    const budget = new ResponseBudget(100 * 1024 * 1024);
    const credit = new ResponseCredit(0, budget);
    let given = 0;
    for (let count = 0; count < 1000; count++) given += credit.received(block);
    assert.equal(given + responseWindowBytes, defaultResponseBufferBytes);
  });

  it('gives back as the client takes where others have used up the budget', () => {
    const budget = new ResponseBudget(block);
    const first = new ResponseCredit(0, budget);
    const second = new ResponseCredit(0, budget);
    assert.deepEqual([first.received(block), second.received(block)], [block, 0]);
    assert.equal(second.taken(block), block);
    first.close();
    first.close();
    assert.equal(budget.freeBytes, block);
    assert.deepEqual([first.taken(block), budget.freeBytes], [0, block]);
    assert.equal(second.received(block), block);
  });

  it('gives nothing in advance for thousands of tiny blocks: each costs more than its bytes', () => {
    const budget = new ResponseBudget(1_000_000);
    const credit = new ResponseCredit(0, budget);
    let given = 0;
    for (let count = 0; count < 10_000; count++) given += credit.received(1);
    assert.equal(given, 2048);
    for (let count = 0; count < 10_000; count++) given += credit.taken(1);
    assert.deepEqual([given, budget.freeBytes], [10_000, 1_000_000]);
  });

  it('keeps within its limits and gives every byte back once, in whatever order', () => {
    const step = fc.tuple(
      fc.nat(1),
      fc.constantFrom('receive', 'receive', 'take'),
      fc.integer({ min: 1, max: 300_000 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.nat(1_000_000), (steps, budgetBytes) => {
        const budget = new ResponseBudget(budgetBytes);
        const buffer = 500_000;
        const responses = [0, 1].map(() => {
          return { credit: new ResponseCredit(buffer, budget), kept: [] as number[], received: 0, taken: 0, given: 0 };
        });
        const check = (): void => {
          let ahead = 0;
          for (const { received, taken, given } of responses) {
            assert.ok(given >= taken && given <= received);
            assert.ok(given - taken <= buffer - responseWindowBytes);
            ahead += given - taken;
          }
          assert.equal(budget.freeBytes, budgetBytes - ahead);
        };
        for (const [index, what, bytes] of steps) {
          const response = responses[index];
          assert.ok(response !== undefined);
          if (what === 'receive') {
            response.kept.push(bytes);
            response.received += bytes;
            response.given += response.credit.received(bytes);
          } else {
            const next = response.kept.shift() ?? 0;
            response.taken += next;
            if (next > 0) response.given += response.credit.taken(next);
          }
          check();
        }
        for (const response of responses) {
          for (const next of response.kept) {
            response.taken += next;
            response.given += response.credit.taken(next);
          }
          assert.equal(response.given, response.received);
        }
        assert.equal(budget.freeBytes, budgetBytes);
      }),
    );
  });
});
