import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectChoice } from './direct-choice.js';

describe('DirectChoice', () => {
  it('knows nothing of what it has not seen', () => {
    const choice = new DirectChoice();
    assert.equal(choice.isFast('GET /'), false);
    choice.note('GET /', 1);
    assert.deepEqual(
      [choice.isFast('GET /'), choice.isFast('POST /'), choice.isFast('GET /other')],
      [true, false, false],
    );
  });

  it('forgets the first request, which loads the script, and a slow one', () => {
    const choice = new DirectChoice();
    for (const slow of [3_000, 60_000]) {
      choice.note('GET /', slow);
      let requests = 0;
      while (!choice.isFast('GET /')) {
        choice.note('GET /', 1);
        requests += 1;
      }
      assert(requests >= 3 && requests <= 10, `${requests} requests`);
    }
  });

  it('leaves what is slow alone', () => {
    const choice = new DirectChoice();
    for (let count = 0; count < 100; count++) choice.note('GET /', 25);
    assert.equal(choice.isFast('GET /'), false);
  });

  it('bears any number of names', () => {
    const choice = new DirectChoice();
    for (let count = 0; count < 100_000; count++) choice.note(`GET /items/${count}`, 1);
    assert.equal(choice.isFast('GET /items/5'), true);
  });
});
