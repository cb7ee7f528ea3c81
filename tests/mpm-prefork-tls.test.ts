/** prefork where one address speaks TLS and another does not: one connection for each child all the same. */

import assert from 'node:assert/strict';
import { request as sendRequest } from 'node:https';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificate, certificateFiles } from './support/certificates.js';
import { treeOf } from './support/control.js';
import { preforkConfig } from './support/mpm.js';
import { application, TestServer } from './support/server.js';

const numbers = { StartServers: 2, MinSpareServers: 1, MaxSpareServers: 2, MaxRequestWorkers: 2 };

function askSecurely(server: TestServer, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(
      {
        host: '127.0.0.2',
        port: server.ports[1],
        path,
        agent: false,
        ca: certificate('authority.pem'),
        servername: 'www.example.com',
        headers: { host: 'www.example.com' },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode));
      },
    );
    request.once('error', reject);
    request.end();
  });
}

test('clients of both addresses take their turn', async () => {
  await using server = await TestServer.start({
    listen: 'Listen 127.0.0.1:0\nListen 127.0.0.2:0',
    config: (paths) =>
      [
        preforkConfig(numbers, 'threads=5')(paths),
        '<VirtualHost 127.0.0.2:*>',
        'SSLEngine on',
        `SSLCertificateFile ${paths.folder}/tls/server.pem`,
        `SSLCertificateKeyFile ${paths.folder}/tls/server.key`,
        '</VirtualHost>',
      ].join('\n'),
    files: { 'sleep.wsgi': application('sleep'), ...certificateFiles('server.pem', 'server.key') },
    allowErrors: [/server reached MaxRequestWorkers setting/],
  });
  let most = 0;
  let areOver = false;
  const watching = (async () => {
    while (!areOver) {
      for (const { connections } of (await treeOf(server)).httpChildren) most = Math.max(most, connections);
      await sleep(50);
    }
  })();
  const path = '/?seconds=0.4';
  const plain = Array.from({ length: 6 }, async () => (await server.request(path)).status);
  const statuses = await Promise.all([...plain, ...Array.from({ length: 6 }, () => askSecurely(server, path))]);
  areOver = true;
  await watching;
  assert.deepEqual(statuses, new Array<number>(12).fill(200));
  assert.equal(most, 1);
});
