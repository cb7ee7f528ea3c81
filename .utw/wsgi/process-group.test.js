import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import { ChannelClient } from '../wire/channel-client.js';
import { frame, responseFrame } from '../wire/memory-daemon.test.fixture.js';
import { frameHeaderBytes, frameType } from '../wire/protocol.js';
import { ProcessGroup } from './process-group.js';
/** A connection without a socket: opened, answered and closed by the test. */
class FakeConnection {
    address;
    events;
    channel;
    sent = [];
    isOpen = false;
    destroyed;
    constructor(address, events) {
        this.address = address;
        this.events = events;
        this.channel = new ChannelClient({
            connectionNumber: 1,
            write: () => { },
            schedule: () => { },
            onFreed: () => events.freed(),
        });
    }
    get isUsable() {
        return this.isOpen && this.channel.hasRoom;
    }
    open() {
        this.isOpen = true;
        this.events.opened();
    }
    destroy(reason) {
        this.destroyed = reason;
    }
    /** The process is gone; requests up to `highestStarted` ran in it. */
    close(highestStarted) {
        this.isOpen = false;
        const open = [...this.channel.abandon()];
        this.events.closed(open.filter(([id]) => id > highestStarted).map(([, exchange]) => exchange), open.filter(([id]) => id <= highestStarted).map(([, exchange]) => exchange), 'it died');
    }
}
class TestRequest {
    name;
    #group;
    log;
    connection;
    id = 0;
    constructor(name, group, log) {
        this.name = name;
        this.#group = group;
        this.log = log;
    }
    send(connection) {
        this.connection = connection;
        this.connection.sent.push(this);
        const bytes = Buffer.alloc(frameHeaderBytes);
        this.id = connection.channel.request(bytes, { hasBody: false, expectContinue: false }, this);
        this.log.push(`${this.name} to ${connection.address.id}`);
    }
    fail(status, reason) {
        this.log.push(`${this.name} fails: ${status} ${reason}`);
    }
    /** The process answers. */
    answer() {
        this.connection?.channel.receive(responseFrame(this.id, ['200 OK'], '', true));
    }
    onResponse() {
        this.#group.dispatch();
    }
    onRevoked() {
        this.connection = undefined;
        this.#group.resubmit(this);
    }
    onLost() {
        this.log.push(`${this.name} lost`);
    }
    onData() { }
    onCredit() { }
    onTruncated() { }
    onRefused() { }
}
class Scene {
    clock = new FakeClock();
    connections = [];
    log = [];
    reports = [];
    group;
    constructor(limits = {}) {
        this.group = new ProcessGroup({
            name: 'mysite',
            limits: { threads: 2, connectTimeoutMs: 15_000, queueTimeoutMs: 45_000, queueRequestsLimit: 1000, ...limits },
            clock: this.clock,
            connectionNumber: 1,
            report: (level, message) => this.reports.push(`${level}: ${message}`),
            connect: (address, events) => {
                const connection = new FakeConnection(address, events);
                this.connections.push(connection);
                return connection;
            },
        });
    }
    /** Announces processes and opens the connections to those that are new. */
    processes(...ids) {
        const before = this.connections.length;
        this.announce(...ids);
        for (const connection of this.connections.slice(before))
            connection.open();
    }
    announce(...ids) {
        this.group.setProcesses(ids.map((id) => ({ id, pid: 1000 + id, socket: `/s${id}`, scoreboard: `/b${id}` })));
    }
    submit(...names) {
        return names.map((name) => {
            const request = new TestRequest(name, this.group, this.log);
            this.group.submit(request);
            return request;
        });
    }
    at(id) {
        const connection = this.connections.findLast((one) => one.address.id === id);
        assert.ok(connection !== undefined);
        return connection;
    }
}
describe('ProcessGroup', () => {
    it('gives a request to the process with the fewest open requests', () => {
        const scene = new Scene({ threads: 3 });
        scene.processes(1, 2, 3);
        const requests = scene.submit('a', 'b', 'c', 'd');
        assert.deepEqual(scene.log, ['a to 1', 'b to 2', 'c to 3', 'd to 1']);
        requests[1]?.answer();
        scene.submit('e', 'f');
        assert.deepEqual(scene.log.slice(4), ['e to 2', 'f to 2']);
        assert.equal(scene.group.openRequests, 5);
    });
    it('never gives a process more than it has threads, and keeps the rest in order', () => {
        const scene = new Scene({ threads: 2 });
        scene.processes(1, 2);
        const requests = scene.submit('a', 'b', 'c', 'd', 'e', 'f', 'g');
        assert.deepEqual([scene.group.openRequests, scene.group.waiting], [4, 3]);
        requests[3]?.answer();
        requests[0]?.answer();
        assert.deepEqual(scene.log.slice(4), ['e to 2', 'f to 1']);
        scene.processes(1, 2, 3);
        assert.deepEqual(scene.log.slice(6), ['g to 3']);
    });
    it('does not let a new request overtake those that wait', () => {
        const scene = new Scene({ threads: 1 });
        const [, b] = scene.submit('a', 'b');
        assert.deepEqual(scene.log, []);
        scene.processes(1);
        scene.submit('c');
        assert.deepEqual(scene.log, ['a to 1']);
        scene.at(1).sent[0]?.answer();
        assert.equal(b?.connection?.address.id, 1);
    });
    it('counts a request whose client has left until the process is done with it', () => {
        const scene = new Scene({ threads: 1 });
        scene.processes(1);
        const [a] = scene.submit('a', 'b');
        scene.at(1).channel.abort(a?.id ?? 0);
        scene.group.dispatch();
        assert.deepEqual(scene.log, ['a to 1']);
        scene.at(1).channel.receive(frame(frameType.abort, a?.id ?? 0, 'the client left'));
        assert.deepEqual(scene.log, ['a to 1', 'b to 1']);
    });
    it('gives nothing to a process that is not connected yet, or leaves', () => {
        const scene = new Scene();
        scene.announce(1, 2);
        scene.submit('a');
        assert.equal(scene.group.waiting, 1);
        scene.at(2).open();
        assert.deepEqual(scene.log, ['a to 2']);
        scene.at(2).channel.receive(frame(frameType.goodbye, 0));
        scene.submit('b');
        assert.equal(scene.group.waiting, 1);
        scene.at(1).open();
        assert.deepEqual(scene.log, ['a to 2', 'b to 1']);
    });
    it('answers 503 where too many wait', () => {
        const scene = new Scene({ queueRequestsLimit: 2 });
        scene.submit('a', 'b', 'c');
        assert.deepEqual(scene.log, ["c fails: 503 2 requests wait already for daemon process group 'mysite'"]);
        assert.equal(scene.group.waiting, 2);
    });
    it('answers 504 after queue-timeout, each by its own time', () => {
        const scene = new Scene({ threads: 1 });
        scene.processes(1);
        scene.submit('running', 'a');
        scene.clock.advance(1_000);
        scene.submit('b');
        scene.clock.advance(43_999);
        scene.group.sweep();
        assert.equal(scene.group.waiting, 2);
        scene.clock.advance(1);
        scene.group.sweep();
        assert.deepEqual(scene.log.slice(1), ["a fails: 504 Queue timeout expired for WSGI daemon process 'mysite'."]);
        scene.clock.advance(1_000);
        scene.group.sweep();
        assert.equal(scene.group.waiting, 0);
        assert.match(scene.log.at(-1) ?? '', /^b fails: 504/);
    });
    it('lets requests wait for ever where queue-timeout is 0', () => {
        const scene = new Scene({ threads: 1, queueTimeoutMs: 0 });
        scene.processes(1);
        scene.submit('running', 'a');
        scene.clock.advance(10_000_000);
        scene.group.sweep();
        assert.equal(scene.group.waiting, 1);
    });
    it('answers 503 after connect-timeout where no process is there', () => {
        const scene = new Scene();
        scene.announce(1);
        scene.submit('a');
        scene.clock.advance(14_999);
        scene.group.sweep();
        assert.deepEqual(scene.log, []);
        scene.clock.advance(1);
        scene.group.sweep();
        assert.deepEqual(scene.log, [
            "a fails: 503 Unable to connect to WSGI daemon process 'mysite': no process of it runs.",
        ]);
    });
    it('counts connect-timeout from the death of the last process, not from when the request came', () => {
        const scene = new Scene({ threads: 1 });
        scene.processes(1);
        scene.submit('running', 'a');
        scene.clock.advance(40_000);
        scene.group.sweep();
        scene.at(1).close(1);
        scene.clock.advance(1_000);
        scene.group.sweep();
        assert.equal(scene.group.waiting, 1, 'the next process is on its way');
        scene.clock.advance(14_000);
        scene.group.sweep();
        assert.match(scene.log.at(-1) ?? '', /^a fails: 503/);
    });
    it('forgets a request whose client left while it waited', () => {
        const scene = new Scene();
        const [a, b] = scene.submit('a', 'b');
        if (a !== undefined) {
            scene.group.withdraw(a);
            scene.group.withdraw(a);
        }
        scene.processes(1);
        assert.deepEqual(scene.log, ['b to 1']);
        assert.equal(b?.connection, scene.at(1));
    });
    it('moves on what had not started when a process dies, in front and in order, and reports what had', () => {
        const scene = new Scene({ threads: 5 });
        scene.processes(1);
        scene.submit('a', 'b', 'c', 'd', 'e', 'f', 'g');
        scene.announce(2);
        scene.at(1).close(2);
        assert.deepEqual(scene.log.slice(5), ['a lost', 'b lost']);
        assert.equal(scene.group.waiting, 5);
        scene.at(2).open();
        assert.deepEqual(scene.log.slice(7), ['c to 2', 'd to 2', 'e to 2', 'f to 2', 'g to 2']);
        assert.deepEqual(scene.reports, [
            "error: daemon process 'mysite' (pid=1001) ended while it ran 2 requests: it died",
            "info: daemon process 'mysite' (pid=1001): 3 requests had not started, moved on",
        ]);
    });
    it('keeps the order where another process has room for some of them', () => {
        const scene = new Scene({ threads: 2 });
        scene.processes(1);
        scene.submit('a', 'b', 'c');
        scene.processes(1, 2);
        assert.deepEqual(scene.log, ['a to 1', 'b to 1', 'c to 2']);
        scene.at(1).close(0);
        assert.deepEqual(scene.log.slice(3), ['a to 2']);
        scene.at(2).sent[0]?.answer();
        assert.deepEqual(scene.log.slice(4), ['b to 2']);
    });
    it('keeps the order of what a leaving process gives back one by one', () => {
        const scene = new Scene({ threads: 4 });
        scene.processes(1);
        const requests = scene.submit('a', 'b', 'c', 'd', 'later');
        const { channel } = scene.at(1);
        channel.receive(frame(frameType.goodbye, 0));
        for (const { id, name } of requests.slice(1, 4))
            if (name !== 'a')
                channel.receive(frame(frameType.revoked, id));
        assert.equal(scene.group.waiting, 4);
        scene.processes(2);
        assert.deepEqual(scene.log.slice(4), ['b to 2', 'c to 2', 'd to 2', 'later to 2']);
    });
    it('connects again where the parent still announces the process, and not where it does not', () => {
        const scene = new Scene();
        scene.announce(1, 2);
        scene.at(1).close(0);
        scene.at(2).close(0);
        scene.announce(2);
        assert.equal(scene.connections.length, 3, 'announced again and not connected: at once');
        scene.clock.advance(1_000);
        assert.deepEqual(scene.connections.map(({ address }) => address.id), [1, 2, 2]);
        scene.at(2).close(0);
        scene.clock.advance(249);
        assert.equal(scene.connections.length, 3);
        scene.clock.advance(1);
        assert.equal(scene.connections.length, 4);
    });
    it('fails what waits and closes the connections when the server stops', () => {
        const scene = new Scene({ threads: 1 });
        scene.processes(1);
        scene.submit('a', 'b');
        scene.group.close();
        assert.deepEqual(scene.log, ['a to 1', 'b fails: 503 the server stops']);
        assert.equal(scene.at(1).destroyed, 'the server stops');
        scene.at(1).close(Number.POSITIVE_INFINITY);
        scene.clock.advance(10_000);
        assert.equal(scene.connections.length, 1);
        assert.deepEqual(scene.log.slice(2), ['a lost']);
    });
    it('loses no request and overloads no process, whatever happens', () => {
        const event = fc.oneof(fc.constantFrom('submit', 'submit', 'submit', 'answer', 'answer', 'give back', 'withdraw', 'open', 'announce'), fc.nat(3).map((count) => `die ${count}`), fc.nat(30_000).map((ms) => `wait ${ms}`));
        fc.assert(fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (events, threads) => {
            const scene = new Scene({ threads, queueRequestsLimit: 20 });
            const all = [];
            const done = new Set();
            let nextId = 1;
            for (const one of events) {
                const open = scene.connections.filter((connection) => connection.isOpen);
                const busy = all.filter((request) => request.connection?.isOpen && !done.has(request));
                if (one === 'submit')
                    all.push(...scene.submit(`r${all.length}`));
                else if (one === 'announce')
                    scene.announce(nextId++, nextId++);
                else if (one === 'open')
                    scene.connections.findLast((connection) => !connection.isOpen)?.open();
                else if (one === 'answer' && busy[0] !== undefined) {
                    done.add(busy[0]);
                    busy[0].answer();
                }
                else if (one === 'give back') {
                    const last = busy.at(-1);
                    last?.connection?.channel.receive(frame(frameType.revoked, last.id));
                }
                else if (one === 'withdraw') {
                    const waiting = all.find((request) => request.connection === undefined && !done.has(request));
                    if (waiting !== undefined) {
                        done.add(waiting);
                        scene.group.withdraw(waiting);
                    }
                }
                else if (one.startsWith('die')) {
                    open[0]?.close(Number(one.slice(4)));
                }
                else if (one.startsWith('wait')) {
                    scene.clock.advance(Number(one.slice(5)));
                    scene.group.sweep();
                }
                for (const line of scene.log) {
                    const [name, what] = line.split(' ');
                    if (what !== 'fails:' && what !== 'lost')
                        continue;
                    const request = all.find((other) => other.name === name);
                    if (request !== undefined)
                        done.add(request);
                }
                for (const connection of scene.connections)
                    assert.ok(connection.channel.openRequests <= threads);
                const waiting = all.filter((request) => request.connection === undefined && !done.has(request)).length;
                assert.equal(scene.group.waiting, waiting);
                const isFree = scene.connections.some((connection) => connection.isUsable && connection.channel.openRequests < threads);
                assert.ok(!isFree || waiting === 0, 'nobody waits while a process is free');
            }
        }), { numRuns: 500 });
    });
});
//# sourceMappingURL=process-group.test.js.map