/** Runs bin/stillhouse to its end. */

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: this file runs as build/tests/tests/support/command.js. */
export const checkout = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const program = join(checkout, 'bin/stillhouse');

export interface CommandResult {
  readonly exitStatus: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** It is killed after this long; the result then has a signal. */
  readonly timeoutMs?: number;
}

export function runStillhouse(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { timeoutMs = 20_000, env, ...rest } = options;
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: checkout,
      ...rest,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('error', reject);
    child.on('close', (exitStatus, signal) => {
      resolve({ exitStatus, signal, stdout, stderr, durationMs: performance.now() - startedMs });
    });
  });
}
