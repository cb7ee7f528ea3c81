// `npm start`: makes an example ready and serves it in the foreground.
//
//   npm start -- [--example django|flask|plain] [--port N] [--host ADDRESS]

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces, constants as osConstants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findOnPath } from './apt.mjs';
import { runMain } from './command.mjs';
import { parseAddress, prepareExample, prepareProgram } from './setup.mjs';

// npm hands a Ctrl-C on that the terminal has already sent to us: the same signal within this time is the same wish.
const SAME_SIGNAL_MS = 1_000;
// The server promises to be gone within 5 s. Its children end themselves when it is killed.
const STOP_LIMIT_MS = 15_000;
const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 100;

await runMain(async () => {
  const { example: wanted, ...address } = parseAddress(process.argv.slice(2));
  await prepareProgram();
  const example = await prepareExample(wanted, address);
  await serve(example, address);
});

async function serve(example, { host, port }) {
  const command = [example.node, join(example.program, 'bin/stillhouse'), 'run', '-f', example.config];
  // Where we are killed the kernel stops the server for us. In a session of its own it gets each signal only once:
  // from us, not also from the terminal.
  if (findOnPath('setpriv')) command.unshift('setpriv', '--pdeathsig', 'TERM', '--');
  const env = { ...process.env, STILLHOUSE_EXAMPLE_HOSTS: allowedHosts(host) };
  const server = spawn(command[0], command.slice(1), { env, stdio: 'inherit', detached: true });
  const ended = new Promise((resolve, reject) => {
    server.on('error', reject);
    server.on('exit', (code, signal) => resolve({ code, signal }));
  });
  forwardSignals(server);
  let isRunning = true;
  const announced = announce(example, host, port, () => isRunning);
  const { code, signal } = await ended;
  isRunning = false;
  await announced;
  process.exit(signal === null ? code : 128 + osConstants.signals[signal]);
}

/** A site that listens on all addresses answers to all of this machine's names and addresses. */
function allowedHosts(host) {
  const given = process.env.STILLHOUSE_EXAMPLE_HOSTS;
  if (given !== undefined) return given;
  if (host !== '0.0.0.0' && host !== '[::]') return host;
  const addresses = Object.values(networkInterfaces()).flat();
  return [hostname(), ...addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))].join();
}

function forwardSignals(server) {
  const lastMs = new Map();
  let isStopping = false;
  const forward = (received) => {
    // A closed terminal ends us all; without one SIGHUP asks for a reload, as it does when sent to the server.
    const signal = received === 'SIGHUP' && process.stdin.isTTY ? 'SIGTERM' : received;
    const nowMs = Date.now();
    if (nowMs - (lastMs.get(signal) ?? 0) < SAME_SIGNAL_MS) return;
    lastMs.set(signal, nowMs);
    server.kill(signal);
    if (isStopping || (signal !== 'SIGINT' && signal !== 'SIGTERM')) return;
    isStopping = true;
    setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT_MS);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, forward);
}

/** Says what there is to see, once the server answers. */
async function announce(example, host, port, isRunning) {
  const address = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' }[host] ?? host;
  const untilMs = Date.now() + READY_LIMIT_MS;
  while (isRunning() && Date.now() < untilMs) {
    await sleep(READY_POLL_MS);
    try {
      await (await fetch(`http://${address}:${port}/robots.txt`, { signal: AbortSignal.timeout(2_000) })).text();
    } catch {
      // Not yet.
      continue;
    }
    // Whoever had the port before us answers, too: then the server is about to end.
    await sleep(READY_POLL_MS);
    if (isRunning()) console.log(`\n${describe(example)}\n`);
    return;
  }
}

function describe({ name, url, passwordFile, isFirstRun, config }) {
  const lines = {
    django: [
      [`${url}/`, 'the books, and a form to add one'],
      [`${url}/files/`, 'upload files, get them back'],
      [`${url}/books.csv?repeat=100`, 'all books a hundred times, streamed'],
      [`${url}/admin/`, "Django's admin; user admin"],
    ],
    flask: [
      [`${url}/`, 'the notes, and files to upload'],
      [`${url}/api/notes`, 'the JSON API'],
      [`${url}/api/ticks?count=20`, 'a streamed answer, line by line'],
    ],
    plain: [
      [`${url}/`, 'where the request is answered'],
      [`${url}/probe`, 'process group, application group, pid, thread'],
      [`${url}/environ`, 'the WSGI environ'],
    ],
  }[name];
  if (passwordFile !== undefined) {
    // Shown once; after that whoever may read the file knows it.
    const password = isFirstRun ? `${readFileSync(passwordFile, 'utf8')} ` : '';
    lines.push([`  its password`, `${password}(kept in ${passwordFile})`]);
  }
  const width = Math.max(...lines.map(([left]) => left.length));
  const rows = lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  return [`examples/${name}, configured by ${config}`, ...rows, '  Ctrl-C stops it.'].join('\n');
}
