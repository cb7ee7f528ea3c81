// `npm run bench`: installs what it compares with, compiles, and measures. The measuring itself is in bench/.
//
//   npm run bench -- [--quick] [--only WORKLOAD,...] [--peers SERVER,...] [--publish] ...       (--help for all)

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, installDebianPackages } from './apt.mjs';
import { installBenchPeers } from './bench-peers.mjs';
import { buildBench, CHECKOUT } from './build.mjs';
import { runMain } from './command.mjs';
import { choosePlaces, chooseRunUser } from './run-user.mjs';
import { prepareProgram } from './setup.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
// Nothing is measured with these, so nothing has to be installed for them.
const NEEDS_NO_PEERS = ['--list', '--help', '-h', '--from'];

await runMain(async () => {
  const args = process.argv.slice(2);
  await prepareProgram();
  await buildBench();
  const runUser = chooseRunUser();
  const { state, program, node } = choosePlaces(runUser);
  // Beside the program, or where the servers' user can reach it.
  const benchFolder = program === CHECKOUT ? join(CHECKOUT, '.bench') : join(state, 'bench');
  mkdirSync(benchFolder, { recursive: true, mode: 0o755 });
  const tools = { checkout: CHECKOUT, program, node, benchFolder, identity: runUser.identity };
  const measures = !args.some((arg) => NEEDS_NO_PEERS.includes(arg.split('=')[0]));
  const installed = measures ? await install(benchFolder, node) : {};
  const toolsFile = join(benchFolder, 'tools.json');
  writeFileSync(toolsFile, JSON.stringify({ ...tools, ...installed }, undefined, 1));
  process.exitCode = await measure([toolsFile, ...args]);
});

async function install(benchFolder, node) {
  if (!findOnPath('wrk')) await installDebianPackages(['wrk'], 'the bench needs wrk');
  const peers = await installBenchPeers(benchFolder, node);
  return { wrk: findOnPath('wrk'), setpriv: findOnPath('setpriv') ?? '', ...peers };
}

/** The bench ends everything that it has started when it gets a signal; so it must outlive us, and get each once. */
async function measure(args) {
  const main = join(CHECKOUT, 'build/bench/main.js');
  const command = [process.execPath, '--enable-source-maps', main, ...args];
  // Where we are killed the kernel stops the bench for us.
  if (findOnPath('setpriv')) command.unshift('setpriv', '--pdeathsig', 'TERM', '--');
  const bench = spawn(command[0], command.slice(1), { stdio: 'inherit', detached: true });
  for (const signal of SIGNALS) process.on(signal, () => bench.kill(signal));
  return new Promise((resolve, reject) => {
    bench.on('error', reject);
    bench.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}
