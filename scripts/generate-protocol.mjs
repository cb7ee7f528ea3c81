// Writes python/stillhouse/protocol.py from dist/wire/protocol.js, so that both ends of the channel share one set of
// numbers. With --check it only compares and fails if the file is stale.
import { fileURLToPath } from 'node:url';
import { writeOrCheck } from './generated-file.mjs';

const root = new URL('../', import.meta.url);
const protocol = await import(new URL('dist/wire/protocol.js', root).href);
const target = fileURLToPath(new URL('python/stillhouse/protocol.py', root));

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const lines = [
  '"""Numbers of the channel protocol. Generated from src/wire/protocol.ts by scripts/generate-protocol.mjs."""',
  '',
  `PROTOCOL_VERSION = ${protocol.protocolVersion}`,
  `FRAME_HEADER_BYTES = ${protocol.frameHeaderBytes}`,
  `SERVICE_TIME_UNIT_MS = ${protocol.serviceTimeUnitMs}`,
  `SERVICE_TIME_LIMIT = ${protocol.serviceTimeLimit}`,
  `FRAME_PAYLOAD_BYTES_LIMIT = ${protocol.framePayloadBytesLimit}`,
  `RESPONSE_WINDOW_BYTES = ${protocol.responseWindowBytes}`,
  `REQUEST_WINDOW_BYTES = ${protocol.requestWindowBytes}`,
  `ADVANCE_UNIT_BYTES = ${protocol.advanceUnitBytes}`,
  `DAEMON_EXIT_CANNOT_START = ${protocol.daemonExitCannotStart}`,
  `OPEN_REQUESTS_LIMIT = ${protocol.openRequestsLimit}`,
  `APPLICATION_GROUP_BYTES_LIMIT = ${protocol.applicationGroupBytesLimit}`,
  `SUB_INTERPRETERS_LIMIT = ${protocol.subInterpretersLimit}`,
  '',
  ...Object.entries(protocol.frameType).map(([name, value]) => `FRAME_${snake(name)} = ${value}`),
  '',
  ...Object.entries(protocol.frameFlag).map(([name, value]) => `FLAG_${snake(name)} = ${value}`),
  '',
  `SCOREBOARD_MAGIC = b"${protocol.scoreboard.magic}"`,
  `SCOREBOARD_HEADER_BYTES = ${protocol.scoreboard.headerBytes}`,
  `SCOREBOARD_ALIVE_AT = ${protocol.scoreboard.aliveAt}`,
  `SCOREBOARD_ACTIVITY_AT = ${protocol.scoreboard.activityAt}`,
  ...Object.entries(protocol.scoreboard.name).map(([name, value]) => `SCOREBOARD_NAME_${snake(name)} = ${value}`),
  `SCOREBOARD_SLOT_BYTES = ${protocol.scoreboard.slotBytes}`,
  ...Object.entries(protocol.scoreboard.connections).map(
    ([name, value]) => `SCOREBOARD_CONNECTIONS_${snake(name)} = ${value}`,
  ),
  ...Object.entries(protocol.scoreboard.slot).map(([name, value]) => `SLOT_${snake(name)} = ${value}`),
  '',
];
const text = lines.join('\n');

writeOrCheck({ target, text, source: 'src/wire/protocol.ts', command: 'node scripts/generate-protocol.mjs' });
