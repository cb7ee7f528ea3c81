/**
 * Python as a shared library inside this process: the few functions of its C API that embedded mode needs, called
 * through koffi. koffi is an optional dependency: without it there is no embedded mode, and everything else works.
 */

import { createRequire } from 'node:module';
import { ProcessError } from '../base/errors.js';

/** What we use of koffi; its own types are not there where it is not installed. */
interface Koffi {
  config(options: { readonly sync_stack_size: number }): void;
  load(path: string | null, options?: { readonly global: boolean }): KoffiLibrary;
  struct(members: Readonly<Record<string, string>>): object;
  proto(prototype: string): object;
  pointer(type: object): object;
  decode(address: bigint, type: object): (...values: unknown[]) => unknown;
  register(called: (...values: unknown[]) => unknown, type: object): unknown;
}

interface KoffiLibrary {
  func(prototype: string): (...values: unknown[]) => unknown;
  func(name: string, result: object, parameters: readonly string[]): (...values: unknown[]) => unknown;
}

const require = createRequire(import.meta.url);

/** Calls run on a stack of koffi's; what applications do when the interpreter ends is done there. */
const stackBytes = 16 * 1024 * 1024;

/** More than PyPreConfig has in any version: it is a dozen of ints. */
const preConfigBytes = 1024;

/** @throws ProcessError with both cures */
export function requireKoffi(): void {
  loadKoffi();
}

function loadKoffi(): Koffi {
  try {
    return require('koffi') as Koffi;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ProcessError(
      `embedded mode needs the package koffi, which can't be loaded (${reason}): install it ('npm install koffi', without ` +
        "--omit=optional), or use daemon mode ('WSGIDaemonProcess NAME threads=15' and 'WSGIProcessGroup NAME')",
      {},
      { cause },
    );
  }
}

/** One interpreter for the life of the process. Every method is for the thread that made it. */
export class Libpython {
  readonly #library: KoffiLibrary;
  readonly #run: (...values: unknown[]) => unknown;
  /** The thread state of this thread while it does not hold the interpreter's lock. */
  #threadState: unknown;

  /**
   * Loads the library and makes the interpreter; this thread holds its lock from then on.
   * @param program as sys.executable shall be: what belongs to its installation, or virtual environment, is found from it
   * @throws ProcessError
   */
  constructor(path: string, program: string) {
    const koffi = loadKoffi();
    try {
      koffi.config({ sync_stack_size: stackBytes });
    } catch {
      // It was set before its first call; it can't be changed after it.
    }
    try {
      // Extension modules need not be linked with libpython: they find its symbols among the global ones.
      this.#library = koffi.load(path, { global: true });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ProcessError(`embedded mode can't load '${path}': ${reason}; ${daemonCure}`, {}, { cause });
    }
    this.#run = this.#library.func('int PyRun_SimpleString(const char *code)');
    this.#takeLocale(koffi);
    const decode = this.#library.func('void *Py_DecodeLocale(const char *text, void *size)');
    this.#library.func('void Py_SetProgramName(void *name)')(decode(program, null));
    // 0: the signals of this process belong to Node.js.
    this.#library.func('void Py_InitializeEx(int handlesSignals)')(0);
  }

  /**
   * As the program python does: UTF-8 where the locale is C (PEP 538 and 540). An embedded interpreter would take ASCII for
   * names of files.
   */
  #takeLocale(koffi: Koffi): void {
    const configuration = Buffer.alloc(preConfigBytes);
    this.#library.func('void PyPreConfig_InitPythonConfig(void *config)')(configuration);
    const status = koffi.struct({ type: 'int', func: 'const char *', message: 'const char *', exitStatus: 'int' });
    this.#library.func('Py_PreInitialize', status, ['void *'])(configuration);
  }

  /** Runs Python code in __main__. @returns false where it raised; the traceback is on standard error */
  run(code: string): boolean {
    return this.#run(code) === 0;
  }

  /** Other threads may have the lock. */
  release(): void {
    this.#threadState = this.#library.func('void *PyEval_SaveThread()')();
  }

  /** Takes the interpreter down, with what atexit has registered: takes as long as that takes. */
  finalize(): void {
    this.#library.func('void PyEval_RestoreThread(void *state)')(this.#threadState);
    this.#library.func('int Py_FinalizeEx()')();
  }
}

export const daemonCure = "use daemon mode ('WSGIDaemonProcess NAME threads=15' and 'WSGIProcessGroup NAME')";

/** A connected pair of stream sockets that both close when another program is executed. @throws ProcessError */
export function openSocketPair(): readonly [number, number] {
  const unix = 1;
  const streamClosedOnExec = 1 | 0o2000000;
  const descriptors = [0, 0];
  const socketpair = loadKoffi().load(null).func('int socketpair(int domain, int type, int protocol, _Out_ int *pair)');
  if (socketpair(unix, streamClosedOnExec, 0, descriptors) !== 0) {
    throw new ProcessError("embedded mode can't make a socket pair: too many open files?");
  }
  const [ours = -1, theirs = -1] = descriptors;
  return [ours, theirs];
}

/** The C function at an address; its prototype has a name that no other has. It must be there for as long as it is called. */
export function functionAt(address: number, prototype: string): (...values: unknown[]) => unknown {
  const koffi = loadKoffi();
  return koffi.decode(BigInt(address), koffi.proto(prototype));
}

/** A pointer to a C function that calls `called`, in this thread and only while it calls C. It stays for ever. */
export function callbackFor(prototype: string, called: (...values: unknown[]) => unknown): unknown {
  const koffi = loadKoffi();
  return koffi.register(called, koffi.pointer(koffi.proto(prototype)));
}

/** Sets an int option of a socket; what can't be set stays as it is. */
export function socketOptionSetter(): (descriptor: number, level: number, option: number, value: number) => void {
  const prototype = 'int setsockopt(int socket, int level, int option, const int *value, uint32_t bytes)';
  const set = loadKoffi().load(null).func(prototype);
  return (descriptor, level, option, value) => {
    set(descriptor, level, option, [value], 4);
  };
}
