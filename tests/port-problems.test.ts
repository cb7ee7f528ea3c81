/** A port that is taken or not allowed ends the start: status 1, the address, the reason, and who may fix it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { unprivilegedUser } from './support/accounts.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const files = { 'hello.wsgi': application('hello') };

test('a port that is taken', async () => {
  await using first = await TestServer.start({ config: siteConfig('hello.wsgi'), files });
  await using second = await TestServer.start({
    listen: `Listen 127.0.0.1:${first.port}`,
    config: siteConfig('hello.wsgi'),
    files,
    expectStart: false,
  });
  assert.equal(second.ended?.exitStatus, 1);
  const address = `127.0.0.1:${first.port}`;
  assert.match(
    second.output(),
    new RegExp(`^stillhouse: can't listen on ${address}: EADDRINUSE: another process`, 'm'),
  );
  assert.match(second.output(), /stop it .* or choose another port/);
  assert.equal((await first.request('/')).status, 200, 'the other server is not disturbed');
});

test('one of two ports is taken: the other is let go', async () => {
  await using first = await TestServer.start({ config: siteConfig('hello.wsgi'), files });
  await using second = await TestServer.start({
    listen: `Listen 127.0.0.1:0\nListen 127.0.0.1:${first.port}`,
    config: siteConfig('hello.wsgi'),
    files,
    expectStart: false,
  });
  assert.equal(second.ended?.exitStatus, 1);
});

test('a port that a normal user may not have', async () => {
  const firstFree = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  // Some containers let everybody have every port: there is nothing to be refused then.
  const isRefused = firstFree > 1;
  await using server = await TestServer.start({
    listen: `Listen 127.0.0.1:${isRefused ? firstFree - 1 : 0}`,
    config: siteConfig('hello.wsgi'),
    files,
    runAs: unprivilegedUser(),
    expectStart: !isRefused,
  });
  if (!isRefused) return;
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(
    server.output(),
    new RegExp(`^stillhouse: can't listen on 127\\.0\\.0\\.1:${firstFree - 1}: EACCES: no permission`, 'm'),
  );
  assert.match(server.output(), /root or CAP_NET_BIND_SERVICE; start as root or choose a higher port/);
});

test('an address that this machine does not have', async () => {
  await using server = await TestServer.start({
    listen: 'Listen 192.0.2.1:8000',
    config: siteConfig('hello.wsgi'),
    files,
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /can't listen on 192\.0\.2\.1:8000: EADDRNOTAVAIL: .*correct the Listen line/);
});
