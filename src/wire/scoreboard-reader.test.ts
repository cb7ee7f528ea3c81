import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../base/errors.js';
import { runPython } from '../base/python.test.fixture.js';
import { scoreboard } from './protocol.js';
import { decodeScoreboard } from './scoreboard-reader.js';

const program = `
import sys
from stillhouse.scoreboard import Scoreboard
board = Scoreboard(sys.argv[1], 3)
for slot in range(3):
    board.occupy(slot, 1000 + slot)
board.open_connection(17)
board.open_connection(4294967295)
board.open_connection(5)
board.mark_started(17, 41)
board.mark_started(17, 42)
board.mark_started(4294967295, 4294967295)
board.close_connection(5)
board.start(0, 17, 41, 1234.5, "GET /caf\\xe9?a=b")
board.finish(0)
board.start(0, 17, 42, 1235.25, "POST /" + "x" * 500)
board.start(1, 4294967295, 4294967295, 1236.0, "")
for request_id in (1, 2):
    board.start(2, 17, request_id, 1.0, "")
    board.finish(2)
`;

const areasProgram = `
import sys
from stillhouse.scoreboard import Scoreboard
main = Scoreboard(sys.argv[1], 2)
areas = [main.add_area() for _ in range(3)]
one = Scoreboard.attach(main.descriptor, 2, areas[0], "caf\\xe9|/a")
Scoreboard.attach(main.descriptor, 2, areas[2], "x" * 1000)
main.occupy(0, 11)
main.open_connection(1)
main.mark_started(1, 5)
main.prove_life(60.0)
one.occupy(1, 22)
one.open_connection(2)
one.mark_started(2, 6)
one.start(1, 2, 6, 1.0, "GET /")
one.prove_life(50.0)
`;

describe('decodeScoreboard', () => {
  let folder: string;
  let bytes: Buffer;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillhouse-scoreboard-'));
    const file = join(folder, 'board');
    runPython(program, '', [file]);
    bytes = readFileSync(file);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('reads what the Python writer of a process that is gone has written', () => {
    const { slots, highestStarted } = decodeScoreboard(bytes);
    assert.deepEqual(
      highestStarted,
      new Map([
        [17, 42],
        [0xffffffff, 0xffffffff],
      ]),
    );
    const label = `POST /${'x'.repeat(500)}`.slice(0, scoreboard.slotBytes - scoreboard.slot.label);
    assert.deepEqual(slots, [
      { applicationGroup: '', connection: 17, requestId: 42, startedAt: 1235.25, served: 1, threadId: 1000, label },
      {
        applicationGroup: '',
        connection: 0xffffffff,
        requestId: 0xffffffff,
        startedAt: 1236,
        served: 0,
        threadId: 1001,
        label: '',
      },
      { applicationGroup: '', connection: 17, requestId: 0, startedAt: 1, served: 2, threadId: 1002, label: '' },
    ]);
  });

  it('reads the areas of all interpreters, and leaves out one that is being made', () => {
    const file = join(folder, 'areas');
    runPython(areasProgram, '', [file]);
    const { aliveAt, slots, highestStarted } = decodeScoreboard(readFileSync(file));
    assert.deepEqual(
      slots.map(({ applicationGroup, label, threadId }) => [applicationGroup, label, threadId]),
      [
        ['', '', 11],
        ['', '', 0],
        ['caf\xe9|/a', '', 0],
        ['caf\xe9|/a', 'GET /', 22],
        ['x'.repeat(scoreboard.name.bytesLimit), '', 0],
        ['x'.repeat(scoreboard.name.bytesLimit), '', 0],
      ],
    );
    assert.deepEqual(
      highestStarted,
      new Map([
        [1, 5],
        [2, 6],
      ]),
    );
    assert.equal(aliveAt, 50);
  });

  it('says where bytes are no scoreboard, or a part of one', () => {
    for (const cut of [0, 8, 63, scoreboard.headerBytes - 1]) {
      assert.throws(() => decodeScoreboard(bytes.subarray(0, cut)), /not a scoreboard/);
    }
    assert.throws(() => decodeScoreboard(bytes.subarray(0, -1)), /scoreboard is cut/);
    const other = Buffer.from(bytes);
    other.write('OTHER', 0);
    assert.throws(() => decodeScoreboard(other), ProtocolError);
  });

  it('gives values or a ProtocolError for any bytes behind the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(1500), (noise, at) => {
        const broken = Buffer.from(bytes);
        broken.set(noise.subarray(0, Math.max(0, broken.length - at)), Math.min(at, broken.length));
        try {
          for (const slot of decodeScoreboard(broken).slots) assert.ok(slot.label.length <= 224);
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      }),
    );
  });
});
