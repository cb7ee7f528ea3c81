import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SpareMaintenance } from './spare-maintenance.js';

const prefork = { minSpareThreads: 5, maxSpareThreads: 10, threadsPerChild: 1, childrenLimit: 100 };
const threaded = { minSpareThreads: 75, maxSpareThreads: 250, threadsPerChild: 25, childrenLimit: 16 };

describe('SpareMaintenance', () => {
  it('starts 1, 2, 4 ... up to 32 where there are never enough, and says so from 8 on', () => {
    const maintenance = new SpareMaintenance({ ...prefork, childrenLimit: 1000 }, false);
    const decisions = Array.from({ length: 8 }, () => maintenance.decide({ total: 50, ending: 0, idleThreads: 0 }));
    assert.deepEqual(
      decisions.map(({ start }) => start),
      [1, 2, 4, 8, 16, 32, 32, 32],
    );
    assert.deepEqual(
      decisions.map(({ message }) => message?.level),
      [undefined, undefined, undefined, 'info', 'info', 'info', 'info', 'info'],
    );
    assert.equal(
      decisions[3]?.message?.text,
      'server seems busy, (you may need to increase StartServers, or Min/MaxSpareServers), ' +
        'spawning 8 children, there are 0 idle, and 50 total children',
    );
  });

  it('begins with 1 again after a second with enough', () => {
    const maintenance = new SpareMaintenance(prefork, false);
    const starts = [0, 0, 0, 5, 0].map(
      (idleThreads) => maintenance.decide({ total: 20, ending: 0, idleThreads }).start,
    );
    assert.deepEqual(starts, [1, 2, 4, 0, 1]);
  });

  it('does not double for ten rounds after a reload', () => {
    const maintenance = new SpareMaintenance(prefork, true);
    const starts = Array.from({ length: 13 }, () => maintenance.decide({ total: 20, ending: 0, idleThreads: 0 }).start);
    assert.deepEqual(starts, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4]);
  });

  it('fills up to the limit and reports it once, as an error', () => {
    const maintenance = new SpareMaintenance({ ...prefork, childrenLimit: 6 }, false);
    const decide = (total: number) => maintenance.decide({ total, ending: 0, idleThreads: 0 });
    assert.deepEqual([decide(1).start, decide(2).start, decide(4).start], [1, 2, 2]);
    const reached = decide(6);
    assert.deepEqual([reached.start, reached.message?.level], [0, 'error']);
    assert.match(reached.message?.text ?? '', /^server reached MaxRequestWorkers setting, consider raising/);
    assert.equal(decide(6).message, undefined);
  });

  it('does not blame the limit where some that end take the room', () => {
    const maintenance = new SpareMaintenance({ ...prefork, childrenLimit: 6 }, false);
    assert.deepEqual(maintenance.decide({ total: 6, ending: 2, idleThreads: 0 }), { start: 0, endsOne: false });
  });

  it('ends one each second while there are too many, under prefork also beside one that ends', () => {
    const maintenance = new SpareMaintenance(prefork, false);
    assert.deepEqual(maintenance.decide({ total: 11, ending: 0, idleThreads: 11 }), { start: 0, endsOne: true });
    assert.deepEqual(maintenance.decide({ total: 12, ending: 1, idleThreads: 11 }), { start: 0, endsOne: true });
    assert.deepEqual(maintenance.decide({ total: 10, ending: 0, idleThreads: 10 }), { start: 0, endsOne: false });
  });

  it('counts threads where children have several, and ends one child after the other', () => {
    const maintenance = new SpareMaintenance(threaded, false);
    assert.deepEqual(maintenance.decide({ total: 3, ending: 0, idleThreads: 74 }), { start: 1, endsOne: false });
    assert.deepEqual(maintenance.decide({ total: 4, ending: 0, idleThreads: 75 }), { start: 0, endsOne: false });
    assert.deepEqual(maintenance.decide({ total: 11, ending: 0, idleThreads: 251 }), { start: 0, endsOne: true });
    assert.deepEqual(maintenance.decide({ total: 12, ending: 1, idleThreads: 251 }), { start: 0, endsOne: false });
  });

  it('never asks for more children than there may be, nor for both at once', () => {
    const round = fc.record({ total: fc.nat(40), ending: fc.nat(5), idleThreads: fc.nat(400) });
    fc.assert(
      fc.property(fc.array(round, { maxLength: 30 }), fc.boolean(), fc.boolean(), (rounds, isReload, isThreaded) => {
        const bounds = isThreaded ? threaded : { ...prefork, childrenLimit: 20 };
        const maintenance = new SpareMaintenance(bounds, isReload);
        let limits = 0;
        for (const counts of rounds) {
          const { start, endsOne, message } = maintenance.decide(counts);
          assert.ok(start >= 0 && start <= Math.max(0, bounds.childrenLimit - counts.total) && start <= 32);
          assert.ok(start === 0 || !endsOne);
          if (message?.level === 'error') limits += 1;
        }
        assert.ok(limits <= 1);
      }),
    );
  });
});
