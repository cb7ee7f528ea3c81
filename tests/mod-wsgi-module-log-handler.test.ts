/** mod_wsgi.LogHandler: records of Python's logging keep their level in the error log, and LogLevel decides. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const logALot = `
import logging, mod_wsgi

logger = logging.getLogger("site")
logger.setLevel(logging.DEBUG)
logger.addHandler(mod_wsgi.LogHandler())
logger.warning("while loading")

def application(environ, start_response):
    logger.info("an info\\nof two lines")
    logger.critical("a critical")
    logger.debug("a debug")
    logger.log(25, "between")
    start_response("200 OK", [("Content-Length", "0")])
    return []
`;

test('each record has its level, its client and its script', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/log-a-lot.wsgi`,
    files: { 'log-a-lot.wsgi': logALot },
    allowErrors: [/a critical/],
  });
  assert.equal((await server.request('/')).status, 200);
  await server.waitForLog(/between/);
  const mark = String.raw`\[client 127\.0\.0\.1:\d+\] \[script ${server.paths.folder}/log-a-lot\.wsgi\] `;
  const found = [
    ...server.errorLog().matchAll(new RegExp(String.raw`\[wsgi:(\w+)\] \[pid \d+:tid \d+\] ${mark}(.*)$`, 'gm')),
  ].map((match) => `${match[1]}: ${match[2]}`);
  assert.deepEqual(found, [
    'warn: while loading',
    'info: an info',
    'info: of two lines',
    'crit: a critical',
    'info: between',
  ]);
});
