import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { settingsOf } from './directive-line.test.fixture.js';
import { type Mpm, readMpm, spareBoundsOf } from './mpm.js';
import { mpmDirectives } from './mpm-directives.js';

function read(text: string): { readonly mpm: Mpm; readonly messages: readonly string[] } {
  const { mpm, problems } = readMpm(settingsOf(text, mpmDirectives));
  return { mpm, messages: problems.map(({ severity, message }) => `${severity}: ${message}`) };
}

const load = (name: string): string => `LoadModule mpm_${name}_module modules/mod_mpm_${name}.so\n`;
const byProcessors = Math.max(1, Math.floor(availableParallelism() / 4));

describe('an MPM without numbers', () => {
  it("has those of Apache's prefork", () => {
    assert.deepEqual(read(load('prefork')), {
      mpm: {
        name: 'prefork',
        startServers: 5,
        childrenLimit: 256,
        maxRequestWorkers: 256,
        threadsPerChild: 1,
        minSpareThreads: 5,
        maxSpareThreads: 10,
        maxConnectionsPerChild: 0,
      },
      messages: [],
    });
  });

  for (const name of ['worker', 'event']) {
    it(`has those of Apache's ${name}, but starts as many children as processors can keep busy`, () => {
      const { mpm, messages } = read(load(name));
      assert.deepEqual(messages, []);
      assert.deepEqual(mpm, {
        name,
        startServers: Math.min(16, byProcessors),
        childrenLimit: 16,
        maxRequestWorkers: 400,
        threadsPerChild: 25,
        minSpareThreads: 75,
        maxSpareThreads: 250,
        maxConnectionsPerChild: 0,
      });
    });
  }

  it('is event', () => assert.equal(read('').mpm.name, 'event'));
});

describe('numbers that do not fit are corrected', () => {
  const cases: readonly (readonly [text: string, fields: Partial<Mpm>, warnings: readonly RegExp[]])[] = [
    [`${load('prefork')}StartServers 40\nMaxRequestWorkers 10`, { startServers: 10, childrenLimit: 10 }, []],
    [
      `${load('prefork')}ServerLimit 20\nMaxRequestWorkers 30`,
      { childrenLimit: 20 },
      [/^warning: MaxRequestWorkers of 30 exceeds ServerLimit value of 20 servers, decreasing MaxRequestWorkers to 20/],
    ],
    [
      `${load('prefork')}ServerLimit 20`,
      { childrenLimit: 20 },
      [/MaxRequestWorkers of 256 exceeds ServerLimit value of 20/],
    ],
    [`${load('prefork')}ServerLimit 500`, { childrenLimit: 256 }, []],
    [
      `${load('prefork')}ServerLimit 5000\nMaxRequestWorkers 900`,
      { childrenLimit: 900 },
      [/compile-time limit of 1000/],
    ],
    [`${load('prefork')}MinSpareServers 8\nMaxSpareServers 3`, { minSpareThreads: 8, maxSpareThreads: 9 }, []],
    [
      `${load('prefork')}StartServers 0\nMinSpareServers -1\nMaxRequestWorkers 0\nServerLimit 0`,
      { startServers: 1, minSpareThreads: 1, maxSpareThreads: 10, childrenLimit: 1 },
      [
        /ServerLimit of 0 not allowed, increasing to 1\./,
        /MaxRequestWorkers of 0 not allowed, increasing to 1\./,
        /StartServers of 0 not allowed, increasing to 1\./,
        /MinSpareServers of -1 not allowed, increasing to 1 to avoid almost certain server failure\./,
      ],
    ],
    ['ThreadsPerChild 30\nMaxRequestWorkers 90', { childrenLimit: 3, maxRequestWorkers: 90, threadsPerChild: 30 }, []],
    ['ThreadsPerChild 30', { childrenLimit: 13, maxRequestWorkers: 390 }, [/of 400 is not an integer multiple .* 390/]],
    [
      'ThreadsPerChild 100\nMaxRequestWorkers 10',
      { threadsPerChild: 64, childrenLimit: 1, maxRequestWorkers: 64 },
      [
        /ThreadsPerChild of 100 exceeds ThreadLimit of 64/,
        /MaxRequestWorkers of 10 is less than ThreadsPerChild of 64/,
      ],
    ],
    ['ThreadsPerChild 100\nThreadLimit 100\nMaxRequestWorkers 100', { threadsPerChild: 100, childrenLimit: 1 }, []],
    [
      'MaxRequestWorkers 150\nServerLimit 2',
      { childrenLimit: 2, maxRequestWorkers: 50 },
      [/MaxRequestWorkers of 150 would require 6 servers and would exceed ServerLimit of 2, decreasing to 50/],
    ],
    ['StartServers 40', { startServers: 16 }, []],
    ['MinSpareThreads 75\nMaxSpareThreads 80', { minSpareThreads: 75, maxSpareThreads: 101 }, []],
    ['MaxClients 100\nMaxRequestsPerChild 9', { maxRequestWorkers: 100, maxConnectionsPerChild: 9 }, []],
  ];
  for (const [text, fields, warnings] of cases) {
    it(text.replaceAll('\n', '; '), () => {
      const { mpm, messages } = read(text);
      assert.deepEqual({ ...mpm, ...fields }, mpm);
      assert.equal(messages.length, warnings.length, messages.join('\n'));
      for (const [index, pattern] of warnings.entries()) assert.match(messages[index] ?? '', pattern);
    });
  }
});

describe('the number of children', () => {
  it('varies under prefork, and under the others where applications run in embedded mode', () => {
    const prefork = read(load('prefork')).mpm;
    const event = read('').mpm;
    assert.equal(spareBoundsOf(prefork, false)?.maxSpareThreads, 10);
    assert.equal(spareBoundsOf(event, false), undefined);
    assert.equal(spareBoundsOf(event, true)?.minSpareThreads, 75);
  });
});
