/** Which MPM: LoadModule, IfModule, `serve --mpm`, and what `check` and `info` say about it. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CommandResult, runStillhouse } from './support/command.js';

const prefork = 'LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n';
const worker = 'LoadModule mpm_worker_module modules/mod_mpm_worker.so\n';

async function ask(command: 'check' | 'info', text: string): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), 'stillhouse-mpm-'));
  try {
    const file = join(folder, 'httpd.conf');
    writeFileSync(file, `Listen 127.0.0.1:0\n${text}`);
    return await runStillhouse([command, '-f', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lines of `info` about the MPM. */
async function mpmLines(text: string): Promise<readonly string[]> {
  const { stdout } = await ask('info', text);
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => line.startsWith('Server MPM:'));
  return lines.slice(first, first + 4);
}

test('info prints what httpd -V prints', async () => {
  const event = (await mpmLines('')).slice(0, 3);
  assert.deepEqual(event, [
    'Server MPM:     event',
    '  threaded:     yes (fixed thread count)',
    '    forked:     yes (variable process count)',
  ]);
  assert.deepEqual(await mpmLines(`${prefork}MaxSpareServers 7\nMaxRequestWorkers 20\nMaxConnectionsPerChild 9`), [
    'Server MPM:     prefork',
    '  threaded:     no',
    '    forked:     yes (variable process count)',
    'Http children:       5 at the start, 5 to 7 idle, at most 20, each replaced after 9 connections',
  ]);
  assert.deepEqual((await mpmLines(worker))[0], 'Server MPM:     worker');
});

test('two MPMs are one too many', async () => {
  const { exitStatus, stderr } = await ask('check', prefork + worker);
  assert.equal(exitStatus, 1);
  assert.match(stderr, /httpd\.conf:3:1: error: More than one MPM loaded: mpm_prefork_module and mpm_worker_module/);
  const twice = await ask('check', prefork + prefork);
  assert.equal(twice.exitStatus, 0);
  assert.match(twice.stderr, /module mpm_prefork_module is already loaded, skipping/);
});

test('IfModule finds the MPM that is loaded and no other', async () => {
  const sections = ['mpm_prefork_module', 'prefork.c', 'mpm_worker_module', 'worker.c', 'mpm_event_module', 'event.c']
    .map((name, index) => `<IfModule ${name}>\nMaxConnectionsPerChild ${index + 1}\n</IfModule>\n`)
    .join('');
  const found = async (text: string): Promise<string | undefined> =>
    /replaced after (\d)/.exec((await mpmLines(text))[3] ?? '')?.[1];
  assert.equal(await found(prefork + sections), '2');
  assert.equal(await found(worker + sections), '4');
  // Nothing is loaded: event is built in. Loaded later: not there yet.
  assert.equal(await found(sections), '6');
  assert.equal(await found(sections + prefork), undefined);
  assert.equal(await found(`<IfModule !mpm_worker_module>\n${prefork}</IfModule>\n${sections}`), '2');
});

test("check gives Apache's warnings about numbers that don't fit", async () => {
  const { exitStatus, stderr } = await ask(
    'check',
    `${worker}ThreadsPerChild 25\nMaxRequestWorkers 140\n<IfModule !prefork.c>\nServerLimit 4\n</IfModule>`,
  );
  assert.equal(exitStatus, 0);
  assert.match(
    stderr,
    /httpd\.conf:4:1: warning: MaxRequestWorkers of 140 is not an integer multiple of ThreadsPerChild of 25, decreasing to nearest multiple 125, for a maximum of 5 servers\./,
  );
  assert.match(
    stderr,
    /warning: MaxRequestWorkers of 125 would require 5 servers and would exceed ServerLimit of 4, decreasing to 100\./,
  );
});

test('serve has --mpm', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stillhouse-mpm-'));
  try {
    writeFileSync(join(folder, 'site.wsgi'), '');
    const run = (mpm: string): Promise<CommandResult> =>
      runStillhouse(['serve', 'site.wsgi', '--mpm', mpm, '--print-config'], { cwd: folder });
    assert.match((await run('prefork')).stdout, /^LoadModule mpm_prefork_module /m);
    const wrong = await run('winnt');
    assert.equal(wrong.exitStatus, 2);
    assert.match(wrong.stderr, /prefork, worker, event/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
