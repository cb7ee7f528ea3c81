import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpenRequests } from './open-requests.js';

describe('OpenRequests', () => {
  it('finds what is open by its id, whatever was closed before, between and behind', () => {
    const requests = new OpenRequests<string>();
    const open = new Map<number, string>();
    // As a Map would: ids grow with gaps, and requests end in any order.
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    for (let id = 1; id < 3000; id += 1 + random(3)) {
      requests.add({ id, exchange: `x${id}`, creditBytes: 0, takenBytes: 0, windowBytes: 0, hasResponse: false });
      open.set(id, `x${id}`);
      while (open.size > random(12)) {
        const ended = [...open.keys()][random(open.size)] as number;
        requests.delete(ended);
        requests.delete(ended);
        open.delete(ended);
      }
      assert.equal(requests.size, open.size);
      assert.deepEqual(
        requests.all.map((request) => request.id),
        [...open.keys()],
      );
      const asked = random(id + 2);
      assert.equal(requests.find(asked)?.exchange, open.get(asked));
    }
    requests.clear();
    assert.equal(requests.size, 0);
  });
});
