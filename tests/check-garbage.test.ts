/** What is no configuration at all gives errors with positions: soon, and without a crash. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const durationMsLimit = 5_000;
const outputBytesLimit = 1_000_000;

/** The same bytes on every run. */
function randomBytes(seed: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let index = 0; index * 32 < length; index++) {
    blocks.push(createHash('sha256').update(`${seed} ${index}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function nest(section: string, depth: number, close: boolean): string {
  const [name] = section.split(' ');
  const inner = 'ServerName a.example\n';
  return `Listen 127.0.0.1:0\n${`<${section}>\n`.repeat(depth)}${inner}${close ? `</${name}>\n`.repeat(depth) : ''}`;
}

const cases: Readonly<Record<string, string | Buffer>> = {
  '100 KB of random bytes': randomBytes('one', 100_000),
  'other 100 KB of random bytes': randomBytes('two', 100_000),
  '100 KB of random printable characters': randomBytes('three', 100_000).toString('base64'),
  zeros: Buffer.alloc(100_000),
  '1,000 sections in each other': nest('IfModule !mod_none.c', 1_000, true),
  '1,000 open sections': nest('Directory /srv', 1_000, false),
  '1,000 virtual hosts in each other': nest('VirtualHost *:80', 1_000, true),
  '1,000 closed sections that nobody opened': '</Directory>\n'.repeat(1_000),
  'a line of 10 MB': 'x'.repeat(10_000_000),
  'a line continued 50,000 times': '\\\n'.repeat(50_000).concat('x'),
  'a file that includes itself': 'Include httpd.conf\n',
};

for (const [name, content] of Object.entries(cases)) {
  test(name, async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('httpd.conf', content);
    for (const command of ['check', 'run']) {
      const { exitStatus, signal, stdout, stderr, durationMs } = await runStillhouse([command, '-f', file]);
      const output = stdout + stderr;
      assert.deepEqual({ exitStatus, signal }, { exitStatus: 1, signal: null }, output.slice(0, 2_000));
      assert(durationMs < durationMsLimit, `${durationMs} ms`);
      assert.match(output, /httpd\.conf:\d+:\d+: error: /, output.slice(0, 2_000));
      assert.doesNotMatch(output, /^ +at .*\.js:\d+/m, 'no stack trace');
      assert(output.length < outputBytesLimit);
    }
  });
}
