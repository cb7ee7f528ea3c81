/** What the client gets on the wire for what the application gives: lengths, chunks, and responses without a body. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const respondAsAsked = `
import io, json, os
from urllib.parse import parse_qs

def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"])
    spec = json.loads(query["spec"][0])
    write = start_response(spec.get("status", "200 OK"), [tuple(header) for header in spec.get("headers", [])])
    for block in spec.get("written", []):
        write(block.encode())
    blocks = [block.encode() for block in spec.get("blocks", [])]
    if "file" in spec:
        path = os.path.join(os.path.dirname(environ["SCRIPT_FILENAME"]), spec["file"])
        file = open(path, "rb")
        file.seek(spec.get("seek", 0))
        return environ["wsgi.file_wrapper"](file, 4096)
    if "memory" in spec:
        return environ["wsgi.file_wrapper"](io.BytesIO(spec["memory"].encode()), 4)
    return iter(blocks) if spec.get("iterator") else blocks
`;

interface Specification {
  readonly status?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly blocks?: readonly string[];
  readonly written?: readonly string[];
  readonly iterator?: boolean;
  readonly file?: string;
  readonly seek?: number;
  readonly memory?: string;
}

interface Answer {
  readonly head: string;
  readonly body: string;
}

test('the framing of responses', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/respond-as-asked.wsgi
      <Location /get-for-head>
        WSGIMapHEADToGET On
      </Location>`,
    files: { 'respond-as-asked.wsgi': respondAsAsked, 'file.txt': 'the content of a file', empty: '' },
  });

  async function ask(spec: Specification, method = 'GET', version = '1.1'): Promise<Answer> {
    using client = await RawClient.open(server);
    const target = `/?spec=${encodeURIComponent(JSON.stringify(spec))}`;
    client.send(`${method} ${target} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    assert.equal(await client.waitForEnd(), 'ended');
    const end = client.text.indexOf('\r\n\r\n');
    return { head: client.text.slice(0, end + 2), body: client.text.slice(end + 4) };
  }
  const lengthOf = ({ head }: Answer): readonly string[] =>
    [...head.matchAll(/^Content-Length: (.*)\r$/gim)].map((match) => match[1] as string);
  const isChunked = ({ head }: Answer): boolean => /^Transfer-Encoding: chunked\r$/im.test(head);

  await context.test('one block in a list: its length is known', async () => {
    const answer = await ask({ blocks: ['abc'] });
    assert.deepEqual([lengthOf(answer), isChunked(answer), answer.body], [['3'], false, 'abc']);
  });
  await context.test('no block: length 0', async () => {
    const answer = await ask({});
    assert.deepEqual([lengthOf(answer), isChunked(answer), answer.body], [['0'], false, '']);
  });
  await context.test('several blocks: one chunk each, empty ones none', async () => {
    const answer = await ask({ blocks: ['abc', '', 'defg', ''], iterator: true });
    assert.deepEqual([lengthOf(answer), isChunked(answer)], [[], true]);
    assert.equal(answer.body, '3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n');
  });
  await context.test('several blocks with Content-Length: no chunks', async () => {
    const answer = await ask({ blocks: ['abc', 'defg'], headers: [['Content-Length', '7']] });
    assert.deepEqual([lengthOf(answer), isChunked(answer), answer.body], [['7'], false, 'abcdefg']);
  });
  await context.test('write() before the blocks', async () => {
    const answer = await ask({ written: ['one', 'two'], blocks: ['three'] });
    assert.equal(answer.body, '3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n');
  });
  await context.test('HTTP/1.0 without a length: until the connection ends', async () => {
    const answer = await ask({ blocks: ['abc', 'defg'], iterator: true }, 'GET', '1.0');
    assert.deepEqual([lengthOf(answer), isChunked(answer), answer.body], [[], false, 'abcdefg']);
  });

  await context.test('a body that is longer than Content-Length is cut there', async () => {
    const answer = await ask({ blocks: ['abc', 'defg'], headers: [['Content-Length', '5']], iterator: true });
    assert.deepEqual([lengthOf(answer), answer.body], [['5'], 'abcde']);
  });
  await context.test('a body that is shorter than Content-Length: fewer bytes, and the end', async () => {
    const answer = await ask({ blocks: ['abc'], headers: [['Content-Length', '5']] });
    assert.deepEqual([lengthOf(answer), answer.body], [['5'], 'abc']);
    await server.waitForLog(/wsgi:warn.*Content length mismatch, expected 5, response generated 3/);
  });

  await context.test('HEAD', async (head) => {
    await head.test('keeps the Content-Length of the application', async () => {
      const answer = await ask({ headers: [['Content-Length', '1000']] }, 'HEAD');
      assert.deepEqual([lengthOf(answer), answer.body], [['1000'], '']);
    });
    await head.test('drops the body and tells its length', async () => {
      const answer = await ask({ blocks: ['abc'] }, 'HEAD');
      assert.deepEqual([lengthOf(answer), answer.body], [['3'], '']);
    });
    await head.test('drops many blocks', async () => {
      const answer = await ask({ blocks: ['abc', 'defg'], iterator: true }, 'HEAD');
      assert.equal(answer.body, '');
    });
    await head.test('says nothing of the length where the application gives no body', async () => {
      assert.deepEqual(lengthOf(await ask({}, 'HEAD')), []);
    });
    await head.test('sends no file', async () => {
      const answer = await ask({ file: 'file.txt' }, 'HEAD');
      assert.deepEqual([lengthOf(answer), answer.body], [['21'], '']);
    });
    await head.test('leaves the connection usable', async () => {
      using client = await RawClient.open(server);
      const target = `/?spec=${encodeURIComponent('{"blocks": ["abc", "def"], "iterator": true}')}`;
      client.send(`HEAD ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(3));
      client.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      await client.waitForEnd();
      assert.deepEqual(client.statuses, [200, 200, 200, 200]);
      assert.equal(client.text.match(/\r\n\r\n3\r\nabc/g)?.length, 1);
    });
  });

  for (const status of ['204 No Content', '304 Not Modified']) {
    await context.test(`${status}: no body, no length, whatever the application gives`, async () => {
      for (const spec of [
        { status },
        { status, blocks: ['abc'] },
        { status, blocks: ['abc', 'def'], iterator: true },
        { status, blocks: ['abc'], headers: [['Content-Length', '3']] as const },
      ]) {
        const answer = await ask(spec);
        assert.equal(answer.body, '');
        assert.deepEqual(lengthOf(answer), []);
        assert.equal(isChunked(answer), false);
      }
    });
  }

  await context.test('file_wrapper', async (wrapper) => {
    await wrapper.test('a file is sent with its length', async () => {
      const answer = await ask({ file: 'file.txt' });
      assert.deepEqual([lengthOf(answer), answer.body], [['21'], 'the content of a file']);
    });
    await wrapper.test('from where it stands', async () => {
      const answer = await ask({ file: 'file.txt', seek: 4 });
      assert.deepEqual([lengthOf(answer), answer.body], [['17'], 'content of a file']);
    });
    await wrapper.test('as much as Content-Length says', async () => {
      const answer = await ask({ file: 'file.txt', headers: [['Content-Length', '3']] });
      assert.deepEqual([lengthOf(answer), answer.body], [['3'], 'the']);
    });
    await wrapper.test('an empty file', async () => {
      const answer = await ask({ file: 'empty' });
      assert.deepEqual([lengthOf(answer), answer.body], [['0'], '']);
    });
    await wrapper.test('something that is no file is read block by block', async () => {
      const answer = await ask({ memory: 'in memory' });
      assert.equal(answer.body, '4\r\nin m\r\n4\r\nemor\r\n1\r\ny\r\n0\r\n\r\n');
    });
    await wrapper.test('after write() it comes behind what was written', async () => {
      const answer = await ask({ file: 'file.txt', written: ['before: '] });
      assert.match(answer.body, /^8\r\nbefore: \r\n15\r\nthe content of a file\r\n0\r\n\r\n$/);
    });
  });

  await context.test("fields that are the connection's own do not break the framing", async () => {
    const answer = await ask({
      blocks: ['abc'],
      headers: [
        ['Connection', 'keep-alive, upgrade'],
        ['Transfer-Encoding', 'chunked'],
        ['Keep-Alive', 'timeout=1000'],
        ['Upgrade', 'websocket'],
        ['Trailer', 'X'],
        ['Date', 'yesterday'],
        ['Server', 'somebody'],
        ['X-Kept', 'yes'],
      ],
    });
    assert.deepEqual([lengthOf(answer), isChunked(answer), answer.body], [['3'], false, 'abc']);
    assert.match(answer.head, /^Connection: close\r$/m);
    assert.doesNotMatch(answer.head, /upgrade|timeout=1000|Trailer|yesterday|somebody/i);
    assert.match(answer.head, /^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r$/m);
    assert.match(answer.head, /^Server: Stillhouse/m);
    assert.match(answer.head, /^X-Kept: yes\r$/m);
  });

  await context.test('many Set-Cookie stay apart and in order', async () => {
    const cookies = Array.from({ length: 60 }, (_, index) => ['Set-Cookie', `c${index}=v; Path=/`] as const);
    const answer = await ask({ blocks: ['abc'], headers: cookies });
    const found = [...answer.head.matchAll(/^Set-Cookie: (c\d+)=v; Path=\/\r$/gm)].map((match) => match[1]);
    assert.deepEqual(
      found,
      cookies.map((_, index) => `c${index}`),
    );
  });

  await context.test('values outside ASCII go out as the bytes that latin-1 makes of them', async () => {
    const answer = await ask({ headers: [['X-Name', 'caf\u00e9']] });
    assert.match(answer.head, /^X-Name: caf\xe9\r$/m);
  });

  await context.test("reason phrases: the application's own, and none", async () => {
    assert.match((await ask({ status: '200 Fine By Me' })).head, /^HTTP\/1\.1 200 Fine By Me\r\n/);
    assert.match((await ask({ status: '404' })).head, /^HTTP\/1\.1 404 ?[^\r]*\r\n/);
    assert.match((await ask({ status: '999 Unheard' })).head, /^HTTP\/1\.1 999 Unheard\r\n/);
  });
});

test('large response heads', async (context) => {
  const bigHead = `
def application(environ, start_response):
    size, _, count = environ["QUERY_STRING"].partition("x")
    headers = [(f"X-Big-{index}", "v" * int(size)) for index in range(int(count))]
    start_response("200 OK", headers)
    return [b"body"]
`;
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/big-head.wsgi`,
    files: { 'big-head.wsgi': bigHead },
    allowErrors: [
      /the application raised ValueError/,
      /response headers of \d+ bytes/,
      /ValueError exception raised/,
      /Traceback/,
      /File "/,
      /^.*\] {3}/,
    ],
  });
  const headBytes = async (query: string): Promise<number> => {
    using client = await RawClient.open(server);
    client.send(`GET /?${query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200]);
    assert.match(client.text, /\r\n\r\nbody$/);
    return client.text.length;
  };
  await context.test('a field of 32 KB', async () => assert((await headBytes('32700x1')) > 32_700));
  await context.test('1000 fields', async () => assert((await headBytes('20x1000')) > 30_000));
  await context.test('900 KB in all', async () => assert((await headBytes('9000x100')) > 900_000));
  await context.test('more than a frame holds: 500, and the other requests go on', async () => {
    const { status } = await server.request('/?10000x200');
    assert.equal(status, 500);
    await server.waitForLog(/response headers of \d+ bytes are over the limit/);
    assert((await headBytes('10x1')) > 0);
  });
});
