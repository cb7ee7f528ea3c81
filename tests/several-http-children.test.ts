/** Several http children share the processes of a group: a request never waits in a busy process while another is free. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

/** Each request waits for the other one of its pair, which it meets only where both run at once. */
const pairs = `
import os, socket, time

kept = []

def name(pair, who):
    return "\\0" + __file__ + pair + who

def application(environ, start_response):
    pair, me, other = environ["QUERY_STRING"].split(",")
    here = socket.socket(socket.AF_UNIX)
    here.bind(name(pair, me))
    here.listen()
    # It stays: the other one may look for it when this request is over.
    kept.append(here)
    deadline = time.monotonic() + 20
    met = False
    while not met and time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as there:
            met = there.connect_ex(name(pair, other)) == 0
        time.sleep(0.005)
    body = (f"{os.getpid()} met" if met else "alone").encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;

test('two requests at a time run in two processes of one thread, whichever http children take them', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      StartServers 3
      WSGIDaemonProcess app processes=2 threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/pairs.wsgi`,
    files: { 'pairs.wsgi': pairs },
  });
  for (let pair = 0; pair < 12; pair++) {
    const [one, two] = await Promise.all([
      server.request(`/?${pair},a,b`, { timeoutMs: 30_000 }),
      server.request(`/?${pair},b,a`, { timeoutMs: 30_000 }),
    ]);
    for (const { text } of [one, two]) assert.match(text, /^\d+ met$/);
    assert.notEqual(one.text, two.body.toString());
  }
});
