var __addDisposableResource = (this && this.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (this && this.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { LogFile } from './log-file.js';
const folder = mkdtempSync(join(tmpdir(), 'stillhouse-log-file-'));
after(() => rmSync(folder, { recursive: true }));
describe('LogFile', () => {
    it('appends lines in order across turns and large bursts', async () => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const path = join(folder, 'order');
            const log = __addDisposableResource(env_1, new LogFile(path), true);
            const expected = [];
            for (let turn = 0; turn < 5; turn++) {
                for (let index = 0; index < 4000; index++) {
                    const line = `turn ${turn} line ${index} ü`;
                    expected.push(line);
                    log.write(line);
                }
                await new Promise((resolve) => setImmediate(resolve));
            }
            await log.flush();
            assert.equal(readFileSync(path, 'utf8'), `${expected.join('\n')}\n`);
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    });
    it('appends to what is there and loses nothing at close', async () => {
        const path = join(folder, 'append');
        for (const line of ['one', 'two']) {
            const log = new LogFile(path);
            log.write(line);
            await log.close();
            log.write('after close');
        }
        assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
    });
    it('writes the rest synchronously', () => {
        const path = join(folder, 'sync');
        const log = new LogFile(path);
        log.write('last words');
        log.flushSync();
        assert.equal(readFileSync(path, 'utf8'), 'last words\n');
    });
    it('reports a full disk once and gives up only at close', async () => {
        const problems = [];
        const log = new LogFile('/dev/full', { onProblem: (message) => problems.push(message), retryDelayMs: 5 });
        for (let index = 0; index < 10; index++) {
            log.write('x');
            await log.flush();
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        await log.close();
        assert.equal(problems.length, 1);
        assert.match(problems[0] ?? '', /ENOSPC/);
    });
    it('drops and counts what does not fit while a pipe is full, and delivers the rest when it is read', async () => {
        const path = join(folder, 'pipe');
        execFileSync('mkfifo', [path]);
        const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
        const problems = [];
        const log = new LogFile(fd, { onProblem: (message) => problems.push(message), bufferedLengthLimit: 200_000 });
        const line = 'y'.repeat(999);
        for (let index = 0; index < 500; index++)
            log.write(line);
        await new Promise((resolve) => setTimeout(resolve, 30));
        const flushed = log.flush();
        const buffer = Buffer.alloc(1 << 20);
        let received = 0;
        let done = false;
        void flushed.then(() => {
            done = true;
        });
        while (!done) {
            try {
                received += readSync(fd, buffer);
            }
            catch {
                // Empty for the moment.
            }
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        try {
            received += readSync(fd, buffer);
        }
        catch {
            // Nothing was left.
        }
        await log.close();
        closeSync(fd);
        assert.equal(received % 1000, 0);
        assert.ok(received > 0 && received < 500_000);
        assert.deepEqual(problems.map((problem) => problem.replace(/^log fd \d+/, 'log')), [`log could not be written in time, lines dropped: ${500 - received / 1000}`]);
    });
});
//# sourceMappingURL=log-file.test.js.map