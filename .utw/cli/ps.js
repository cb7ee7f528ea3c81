/** `stillhouse ps`: the processes of running servers, the role of every thread, and what it is doing. */
import { readdirSync, readFileSync } from 'node:fs';
import { ProcessError } from '../base/errors.js';
import { escapeLogMessage } from '../http/log-escape.js';
import { decodeScoreboard } from '../wire/scoreboard-reader.js';
import { findControlSockets, sendCommand } from './control-client.js';
import { formatUrl } from './start-message.js';
const roles = {
    'wsgi-main': 'caretaker: waits for signals and the parent',
    'wsgi-monitor': 'timers',
    'wsgi-deadlock': 'ends the process if the interpreter is stuck',
    'wsgi-reaper': 'ends the process if it does not stop in time',
};
/** @returns the exit status: 1 where no server runs */
export async function ps(flags) {
    const servers = [];
    for (const socket of findControlSockets(flags)) {
        try {
            servers.push((await sendCommand(socket, 'ps')));
        }
        catch (error) {
            if (!(error instanceof ProcessError))
                throw error;
            // One that starts or stops at this moment, or another user's: the others are shown all the same.
            console.error(`stillhouse: ${error.message}`);
        }
    }
    if (servers.length === 0) {
        console.error('stillhouse: no running server found');
        return 1;
    }
    if (flags.json === true)
        console.log(JSON.stringify(servers.map(describe), undefined, 2));
    else
        for (const server of servers)
            print(server);
    return 0;
}
function describe(server) {
    return {
        ...server,
        groups: server.groups.map((group) => ({
            ...group,
            processes: group.processes.map(({ pid, scoreboard }) => inspect(pid, scoreboard)),
        })),
    };
}
function print(server) {
    const urls = server.addresses.map(({ host, port }) => formatUrl(host, port)).join(' ');
    const upSeconds = Math.round(Date.now() / 1000 - server.startedAt);
    console.log(`${server.version} (pid ${server.pid}), up ${upSeconds} s, ${server.config}, ${urls}`);
    for (const pid of server.httpChildren)
        console.log(`├─ http child (pid ${pid}) ${formatMegabytes(residentBytes(pid))}`);
    for (const group of server.groups) {
        console.log(`├─ process group '${group.name}': ${group.processes.length} processes x ${group.threads} request threads`);
        for (const { pid, scoreboard } of group.processes)
            printProcess(inspect(pid, scoreboard));
    }
}
function printProcess(state) {
    console.log(`│  ├─ pid ${state.pid} ${formatMegabytes(state.residentBytes)}`);
    for (const { tid, name, doing } of state.threads)
        console.log(`│  │  ${name.padEnd(16)} tid ${tid}  ${doing}`);
}
function inspect(pid, scoreboard) {
    let slots = [];
    try {
        slots = decodeScoreboard(readFileSync(scoreboard)).slots;
    }
    catch {
        // It ended while we looked, or the scoreboard is not ours to read: its threads are listed all the same.
    }
    const bySlotThread = new Map(slots.map((slot) => [slot.threadId, slot]));
    const threads = threadNames(pid).map(({ tid, name }) => {
        const slot = bySlotThread.get(tid);
        return {
            tid,
            name,
            doing: slot === undefined ? (roles[name] ?? 'belongs to the application') : describeSlot(slot),
        };
    });
    return { pid, residentBytes: residentBytes(pid), threads };
}
function describeSlot(slot) {
    if (slot.requestId === 0)
        return `idle, ${slot.served} requests served`;
    const seconds = Math.max(0, Date.now() / 1000 - slot.startedAt).toFixed(1);
    return `runs ${escapeLogMessage(slot.label)} for ${seconds} s, ${slot.served} requests served`;
}
function threadNames(pid) {
    try {
        return readdirSync(`/proc/${pid}/task`).map((tid) => ({
            tid: Number(tid),
            name: readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim(),
        }));
    }
    catch {
        return []; // it ended while we looked
    }
}
function residentBytes(pid) {
    try {
        const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
        return Number(found?.[1] ?? 0) * 1024;
    }
    catch {
        return 0; // as above
    }
}
function formatMegabytes(bytes) {
    return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
//# sourceMappingURL=ps.js.map