import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runPython } from '../base/python.test.fixture.js';
import { MarshalWriter } from '../wire/marshal.js';
import { type EnvironFacts, type RequestFacts, writeDispatch, writeRequest } from './environ.js';
import { KnownEnviron } from './known-environ.js';

const plain: EnvironFacts = {
  method: 'GET',
  rawTarget: '/app/x?a=b',
  query: 'a=b',
  scriptName: '/app',
  pathInfo: '/x',
  protocol: 'HTTP/1.1',
  scheme: 'http',
  rawHeaders: [],
  serverName: 'localhost',
  serverPort: 8000,
  localAddress: '127.0.0.1',
  localPort: 8000,
  listenerHost: '',
  remoteAddress: '192.0.2.1',
  remotePort: 5555,
  serverSoftware: 'Stillhouse',
  serverAdmin: undefined,
  documentRoot: '/srv',
  scriptFilename: '/srv/app.wsgi',
  requestHandler: 'wsgi-script',
  handlerScript: '',
  targetHost: undefined,
  proxy: undefined,
  user: undefined,
  authType: undefined,
  passAuthorization: false,
  environment: new Map(),
  requestId: 'r1',
  connectionId: '1',
  serverPid: '99',
};
const facts = {
  script: '/srv/äpp.wsgi',
  callable: 'application',
  scriptReloading: true,
  ignoreActivity: false,
  requestStart: 1.25,
  queueStart: 2,
};

/** The environs as a daemon process decodes them. */
function decodeAll(...changes: Partial<EnvironFacts>[]): { environ: Record<string, string>; facts: unknown }[] {
  const writer = new MarshalWriter();
  const payloads = changes.map((change) => {
    writer.reset();
    writeRequest(writer, { ...plain, ...change }, facts);
    return Buffer.from(writer.bytes());
  });
  const program = `
import json, marshal, sys
stream = sys.stdin.buffer
for length in map(int, sys.argv[1].split(",")):
    environ, facts = marshal.loads(stream.read(length))
    assert all(type(item) is str for pair in environ.items() for item in pair)
    print(json.dumps({"environ": environ, "facts": facts}))`;
  const lengths = payloads.map((payload) => payload.length).join(',');
  const lines = runPython(program, Buffer.concat(payloads), [lengths]).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function headersOf(rawHeaders: readonly string[], change: Partial<EnvironFacts> = {}): Record<string, string> {
  const environ = decodeAll({ ...change, rawHeaders })[0]?.environ ?? {};
  return Object.fromEntries(
    Object.entries(environ).filter(([name]) => /^(HTTP|CONTENT)_(?!PREFIX|DOCUMENT)/.test(name)),
  );
}

describe('the environ', () => {
  it('holds the CGI variables, and the facts beside them', () => {
    const [request] = decodeAll({});
    assert.deepEqual(request?.facts, {
      script: '/srv/äpp.wsgi',
      callable: 'application',
      script_reloading: true,
      ignore_activity: false,
      request_start: 1.25,
      queue_start: 2,
    });
    const { environ } = request ?? { environ: {} };
    assert.deepEqual(
      [
        environ.REQUEST_METHOD,
        environ.REQUEST_URI,
        environ.SCRIPT_NAME,
        environ.PATH_INFO,
        environ.QUERY_STRING,
        environ.SERVER_PORT,
        environ.REMOTE_PORT,
      ],
      ['GET', '/app/x?a=b', '/app', '/x', 'a=b', '8000', '5555'],
    );
    for (const absent of ['REMOTE_USER', 'AUTH_TYPE', 'SERVER_ADMIN', 'HTTPS', 'PATH'])
      assert.equal(absent in environ, false);
    const [other] = decodeAll({ user: 'm\xfcller', authType: 'Basic', serverAdmin: 'a@b' });
    assert.deepEqual(
      [other?.environ.REMOTE_USER, other?.environ.AUTH_TYPE, other?.environ.SERVER_ADMIN],
      ['m\xfcller', 'Basic', 'a@b'],
    );
  });

  it('joins repeated headers, whatever their spelling', () => {
    assert.deepEqual(headersOf(['X-A', '1', 'x-a', '2', 'Accept', 'a/b', 'X-A', '3']), {
      HTTP_X_A: '1, 2, 3',
      HTTP_ACCEPT: 'a/b',
    });
    assert.deepEqual(headersOf(['X-A', '', 'X-A', '']), { HTTP_X_A: ', ' });
  });

  it('keeps the two that have no HTTP_', () => {
    assert.deepEqual(headersOf(['Content-Type', 'text/plain', 'content-length', '5', 'Content-MD5', 'x']), {
      CONTENT_TYPE: 'text/plain',
      CONTENT_LENGTH: '5',
      HTTP_CONTENT_MD5: 'x',
    });
  });

  it('drops what could pass for another header, and what no application may see', () => {
    assert.deepEqual(
      headersOf([
        'X_Forwarded_For',
        'evil',
        'X.Y',
        '1',
        'Proxy',
        'http://evil',
        'PROXY',
        'x',
        'Proxy-Authorization',
        's',
        'X!#$',
        '1',
      ]),
      {},
    );
    assert.deepEqual(headersOf(['Authorization', 'secret']), {});
    assert.deepEqual(headersOf(['AUTHORIZATION', 'secret'], { passAuthorization: true }), {
      HTTP_AUTHORIZATION: 'secret',
    });
  });

  it('carries every byte of a value', () => {
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    assert.deepEqual(headersOf(['X-Bytes', bytes, 'X-Long', 'é'.repeat(5000), 'X-Empty', '']), {
      HTTP_X_BYTES: bytes,
      HTTP_X_LONG: 'é'.repeat(5000),
      HTTP_X_EMPTY: '',
    });
    const [request] = decodeAll({ pathInfo: '/\xff\xfe\0', query: '\xe9', rawTarget: '/%ff' });
    assert.deepEqual([request?.environ.PATH_INFO, request?.environ.QUERY_STRING], ['/\xff\xfe\0', '\xe9']);
  });

  it('lets headers and CGI variables win over SetEnv, but for PATH, which is never passed on, and HTTPS, which Python turns into a scheme', () => {
    const environment = new Map([
      ['REQUEST_METHOD', 'DELETE'],
      ['HTTP_X_A', 'set'],
      ['MINE', 'caf\xe9'],
      ['PATH', '/bin'],
      ['HTTPS', 'on'],
      ['__proto__', 'x'],
    ]);
    const [request] = decodeAll({ environment, rawHeaders: ['X-A', 'sent'] });
    assert.deepEqual(
      [request?.environ.REQUEST_METHOD, request?.environ.HTTP_X_A, request?.environ.MINE],
      ['GET', 'sent', 'caf\xe9'],
    );
    assert.deepEqual(
      ['PATH', 'HTTPS'].filter((name) => Object.hasOwn(request?.environ ?? {}, name)),
      ['HTTPS'],
    );
  });

  it('lets the host of an absolute target and the words of a proxy win over headers', () => {
    const proxy = {
      removed: new Set(['HTTP_X_REAL_IP']),
      changed: new Map([
        ['REMOTE_ADDR', '198.51.100.1'],
        ['HTTPS', '1'],
      ]),
    };
    const rawHeaders = ['Host', 'field', 'X-Real-IP', '198.51.100.2'];
    const [request] = decodeAll({ rawHeaders, targetHost: 'target:81', proxy, listenerHost: '127.0.0.1' });
    const { environ = {} } = request ?? {};
    assert.deepEqual(
      ['HTTP_HOST', 'REMOTE_ADDR', 'HTTPS', 'HTTP_X_REAL_IP', 'mod_wsgi.listener_host'].map((name) => environ[name]),
      ['target:81', '198.51.100.1', '1', undefined, '127.0.0.1'],
    );
  });

  it('does not take headers from one request to the next', () => {
    const [first, second] = decodeAll({ rawHeaders: ['X-Secret', '1'] }, { rawHeaders: ['X-Other', '2'] });
    assert.equal(first?.environ.HTTP_X_SECRET, '1');
    assert.equal('HTTP_X_SECRET' in (second?.environ ?? {}), false);
  });

  it('joins repeated headers also after clients have sent thousands of names', () => {
    const writer = new MarshalWriter();
    for (let index = 0; index < 5000; index++) {
      writer.reset();
      writeRequest(writer, { ...plain, rawHeaders: [`X-Invented-${index}`, 'x'] }, facts);
    }
    assert.deepEqual(headersOf(['X-New-Name', '1', 'x-new-name', '2']), { HTTP_X_NEW_NAME: '1, 2' });
  });
});

describe('an environ on a connection that had others before', () => {
  const header = ['Host', 'x', 'Authorization', 'secret', 'X-A', '1'];

  /** Frames written with what is known of those before, and without. */
  function decodeBoth(requests: readonly (readonly [EnvironFacts, RequestFacts])[]): [unknown[], unknown[]] {
    const known = new KnownEnviron();
    const writer = new MarshalWriter();
    const write = (memory?: KnownEnviron): Buffer[] =>
      requests.map(([environ, script]) => {
        writer.reset();
        writeRequest(writer, environ, script, memory);
        return Buffer.from(writer.bytes());
      });
    const payloads = [...write(known), ...write()];
    const program = `
import json, marshal, sys
for length in map(int, sys.argv[1].split(",")):
    print(json.dumps(marshal.loads(sys.stdin.buffer.read(length)), sort_keys=True))`;
    const lengths = payloads.map((payload) => payload.length).join(',');
    const lines = runPython(program, Buffer.concat(payloads), [lengths]).trimEnd().split('\n');
    return [lines.slice(0, requests.length), lines.slice(requests.length)];
  }

  it('is what it would be without them, whatever has changed', () => {
    const base: EnvironFacts = { ...plain, rawHeaders: header, passAuthorization: true };
    const changes: Partial<EnvironFacts>[] = (Object.keys(base) as (keyof EnvironFacts)[]).map((name) => {
      const value = base[name];
      if (typeof value === 'number') return { [name]: value + 1 };
      if (typeof value === 'boolean') return { [name]: !value };
      return { [name]: 'other' };
    });
    changes.push(
      { rawHeaders: [...header, 'X-A', '2'] },
      {
        environment: new Map([
          ['HTTP_X_A', 'set'],
          ['MORE', '1'],
        ]),
      },
    );
    changes.push({ proxy: { removed: new Set(['HTTP_X_A']), changed: new Map([['REMOTE_ADDR', '10.0.0.1']]) } });
    const requests: [EnvironFacts, RequestFacts][] = [];
    for (const change of changes) {
      if (Object.keys(change).some((name) => ['rawHeaders', 'environment', 'proxy'].includes(name))) {
        if (Object.values(change).includes('other')) continue;
      }
      // Three times: to be seen, to be kept, to serve again.
      for (const one of [base, base, base, { ...base, ...change }, { ...base, ...change }, base])
        requests.push([one, facts]);
    }
    for (const change of [{ script: '/x' }, { callable: 'y' }, { scriptReloading: false }, { ignoreActivity: true }]) {
      for (const one of [facts, facts, facts, { ...facts, ...change }, facts]) requests.push([base, one]);
    }
    const [withMemory, without] = decodeBoth(requests);
    assert.deepEqual(withMemory, without);
    assert.ok(new Set(without).size > changes.length - 5, 'each change is to be seen');
  });

  it('takes the bytes of before where nothing has changed', () => {
    const known = new KnownEnviron();
    const writer = new MarshalWriter();
    let raws = 0;
    const { raw } = MarshalWriter.prototype;
    writer.raw = (bytes) => {
      raws += 1;
      raw.call(writer, bytes);
    };
    for (let count = 0; count < 4; count++) {
      writer.reset();
      writeRequest(
        writer,
        { ...plain, rawHeaders: header, requestId: `r${count}` },
        { ...facts, queueStart: count },
        known,
      );
    }
    assert.equal(raws, 6); // three passages, in the third and the fourth request
  });
});

describe('the question to a dispatch script', () => {
  it('has the same environ, the callable of the configuration, and facts that name no script to run', () => {
    const writer = new MarshalWriter();
    writer.reset();
    const handler = { requestHandler: 'own', handlerScript: '/srv/own.py' };
    const question = { dispatch: '/srv/dispatch.py', scriptReloading: true, callable: 'other' };
    writeDispatch(writer, { ...plain, ...handler }, question);
    const program = 'import json, marshal, sys; print(json.dumps(marshal.loads(sys.stdin.buffer.read())))';
    const [environ, sent] = JSON.parse(runPython(program, Buffer.from(writer.bytes()))) as Record<string, unknown>[];
    assert.deepEqual(sent, { dispatch: '/srv/dispatch.py', reloads: true });
    assert.deepEqual(
      ['REQUEST_METHOD', 'mod_wsgi.callable_object', 'mod_wsgi.request_handler', 'mod_wsgi.handler_script'].map(
        (name) => environ?.[name],
      ),
      ['GET', 'other', 'own', '/srv/own.py'],
    );
  });
});
