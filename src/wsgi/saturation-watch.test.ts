import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SaturationWatch } from './saturation-watch.js';

class Scene {
  readonly log: string[] = [];
  readonly #watch = new SaturationWatch('site', (level, message) => this.log.push(`${level} ${message}`));
  #nowMs = 1_000_000;

  /** One second later. */
  check(waiting: number, longestWaitMs: number): void {
    this.#nowMs += 1_000;
    this.#watch.check(this.#nowMs, { threads: 25, waiting, longestWaitMs, describeRunning: () => 'GET /slow' });
  }

  get levels(): string {
    return this.log.map((line) => line.split(' ')[0]).join(' ');
  }
}

describe('SaturationWatch', () => {
  it('says how many wait, what runs and what helps', () => {
    const scene = new Scene();
    scene.check(3, 1_300);
    assert.deepEqual(scene.log, [
      "warn all 25 request threads of daemon process group 'site' have been busy for 1.3 s and 3 requests wait; " +
        'longest running: GET /slow; consider more threads= or processes=, or a request-timeout=',
    ]);
  });

  it('takes waiting that is over soon for what it is', () => {
    const scene = new Scene();
    for (let round = 0; round < 100; round++) scene.check(round % 5, 1_000);
    assert.deepEqual(scene.log, []);
  });

  it('sees one episode where waiting is short only now and then', () => {
    const scene = new Scene();
    for (let round = 0; round < 10; round++) {
      scene.check(3, 1_300);
      scene.check(3, 300);
      scene.check(3, 300);
    }
    assert.equal(scene.levels, 'warn');
    scene.check(3, 300);
    assert.equal(scene.levels, 'warn notice');
    assert.match(scene.log[1] ?? '', /'site', which had no free request thread for 31\.3 s$/);
    for (let round = 0; round < 10; round++) scene.check(0, 0);
    assert.equal(scene.levels, 'warn notice');
  });

  it('warns of each episode', () => {
    const scene = new Scene();
    for (let round = 0; round < 3; round++) {
      scene.check(1, 2_000);
      scene.check(1, 3_000);
      scene.check(0, 0);
    }
    assert.equal(scene.levels, 'warn notice warn notice warn notice');
  });
});
