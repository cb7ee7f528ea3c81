/** Reloads, touches and restarts under load: every request is answered, whole and by the right application. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editConfig, replaceScript, sendCommand, servingPids, waitReplaced } from './support/control.js';
import { Load } from './support/load.js';
import { application, TestServer } from './support/server.js';
import { siteConfig, versionScript } from './support/site.js';

const rounds = 5;
const clients = 8;
const requestsBetween = 60;

async function startUnderLoad(): Promise<{ server: TestServer; load: Load }> {
  const server = await TestServer.start({
    config: siteConfig('version.wsgi', 'processes=2 threads=3', '# more'),
    files: { 'version.wsgi': application('version') },
  });
  const load = new Load(server, { clients });
  await load.goOn(requestsBetween);
  return { server, load };
}

async function endLoad(load: Load): Promise<void> {
  await load.goOn(requestsBetween);
  await load.stop();
  assert.deepEqual(load.failures.slice(0, 5), [], `${load.failures.length} of ${load.answers.length} failed`);
}

test('reloads of a configuration that changes the group each time', async () => {
  const { server, load } = await startUnderLoad();
  await using _ = server;
  for (let round = 1; round <= rounds; round++) {
    const before = await servingPids(server);
    editConfig(server, /threads=\d/, `threads=${3 + (round % 2)}`);
    const answer = await sendCommand(server, { command: 'reload' });
    assert.deepEqual([answer.generation, answer.error], [1 + round, undefined]);
    await load.goOn(requestsBetween);
    assert(!(await servingPids(server)).some((pid) => before.includes(pid)));
  }
  await endLoad(load);
});

test('touches of the script', async () => {
  const { server, load } = await startUnderLoad();
  await using _ = server;
  for (let round = 1; round <= rounds; round++) {
    const before = await servingPids(server);
    replaceScript(server, 'version.wsgi', versionScript(`v${round}`));
    await waitReplaced(server, before);
  }
  await endLoad(load);
  assert.match(load.answers.at(-1)?.text ?? '', new RegExp(`^v${rounds} `));
});

test('restarts', async () => {
  const { server, load } = await startUnderLoad();
  await using _ = server;
  for (let round = 1; round <= rounds; round++) {
    const before = await servingPids(server);
    const answer = await sendCommand(server, { command: 'restart' });
    assert.deepEqual(answer.groups, [{ name: 'site', replaced: 2 }]);
    assert(!(await servingPids(server)).some((pid) => before.includes(pid)));
  }
  await endLoad(load);
});
