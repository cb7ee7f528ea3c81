/** TLS: who may read keys, what reload does with renewed certificates, and clients that are slow or speak something else. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { isRoot } from './support/accounts.js';
import { certificate, certificateFiles } from './support/certificates.js';
import { sendCommand } from './support/control.js';
import { commandLine, waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const scripts = `
def application(environ, start_response):
    if environ["PATH_INFO"] == "/cut":
        start_response("200 OK", [])
        def blocks():
            yield b"begin"
            raise ValueError("cut")
        return blocks()
    body = environ["wsgi.input"].read() + environ["wsgi.url_scheme"].encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;

function config({ folder }: { readonly folder: string }): string {
  return `
    Timeout 3
    WSGIDaemonProcess app threads=2
    WSGIProcessGroup app
    WSGIApplicationGroup %{GLOBAL}
    WSGIScriptAlias / ${folder}/app.wsgi
    LogFormat "%v %{SSL_PROTOCOL}x %{SSL_TLS_SNI}x %{HTTPS}e %>s" tls
    CustomLog ${folder}/access_log tls
    <VirtualHost *:*>
      ServerName www.example.com
      ServerAlias alt.example.com
      SSLEngine on
      SSLCertificateFile ${folder}/tls/server.pem
      SSLCertificateKeyFile ${folder}/tls/server.key
    </VirtualHost>
    <VirtualHost *:*>
      ServerName other.example.com
      SSLEngine on
      SSLProtocol -all +TLSv1.2
      SSLCertificateFile ${folder}/tls/other.pem
      SSLCertificateKeyFile ${folder}/tls/other.key
    </VirtualHost>`;
}

interface TlsAnswer {
  readonly text: string;
  readonly protocol: string | null;
  readonly peer: PeerCertificate;
  readonly isWhole: boolean;
}

/** One request on a connection of its own. */
function ask(server: TestServer, servername: string, request: string): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port: server.port, servername, rejectUnauthorized: false });
    let text = '';
    let isWhole = false;
    let peer: PeerCertificate;
    let protocol: string | null;
    socket.on('secureConnect', () => {
      peer = socket.getPeerCertificate();
      protocol = socket.getProtocol();
      socket.write(request);
    });
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('end', () => {
      isWhole = true;
      socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET') reject(error);
    });
    socket.on('close', () => resolve({ text, protocol, peer, isWhole }));
  });
}

function get(host: string, path = '/'): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
}

test('TLS', async (context) => {
  await using server = await TestServer.start({
    config,
    files: { 'app.wsgi': scripts, ...certificateFiles('server.pem', 'server.key', 'other.pem', 'other.key') },
    allowErrors: [
      /ValueError: cut|Traceback|File "|yield|raise|^\s|mod_wsgi .*Exception occurred|TypeError|blocks\(\)/,
    ],
  });
  const log = (): string => readFileSync(join(server.paths.folder, 'access_log'), 'utf8');

  await context.test('prints what to open', () =>
    assert.match(server.output(), /^listening on https:\/\/127\.0\.0\.1:\d+\/$/m),
  );

  await context.test('shows the certificate of the host, and speaks its versions', async () => {
    const [www, other] = await Promise.all(
      ['www.example.com', 'other.example.com'].map((host) => ask(server, host, get(host))),
    );
    assert.equal(www?.peer.subject.CN, 'www.example.com');
    assert.equal(www?.protocol, 'TLSv1.3');
    assert.match(www?.text ?? '', /\r\n\r\nhttps$/);
    assert.equal(other?.peer.subject.CN, 'other.example.com');
    assert.equal(other?.protocol, 'TLSv1.2');
    const lines = [
      'www.example.com TLSv1.3 www.example.com on 200',
      'other.example.com TLSv1.2 other.example.com on 200',
    ];
    await waitFor('the access log', () => lines.every((line) => log().split('\n').includes(line)));
  });

  await context.test('takes large bodies, and keeps connections', async () => {
    const body = 'x'.repeat(1_000_000);
    const head = (close: string): string =>
      `POST / HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: ${body.length}\r\n${close}\r\n${body}`;
    const { text } = await ask(server, 'www.example.com', head('') + head('Connection: close\r\n'));
    assert.equal(text.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
    assert.equal(
      text.match(/x+https/g)?.every((found) => found.length === body.length + 5),
      true,
    );
  });

  await context.test('a response that is cut short looks so, also to HTTP/1.0', async () => {
    // The end is a reset. Where the client's libuv sees that together with the last bytes, it takes it for a good end: now
    // and then, not eight times running.
    const request = 'GET /cut HTTP/1.0\r\nHost: www.example.com\r\n\r\n';
    for (let attempt = 1; (await ask(server, 'www.example.com', request)).isWhole; attempt++) {
      assert(attempt < 8, 'the end was announced');
    }
  });

  await context.test('a client that says nothing, or half of something, is let go', async () => {
    const startedMs = performance.now();
    using silent = await RawClient.open(server);
    using half = await RawClient.open(server);
    half.send(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
    await Promise.all([silent.waitForEnd(), half.waitForEnd()]);
    assert.equal(silent.text + half.text, '');
    const elapsedMs = performance.now() - startedMs;
    assert(elapsedMs > 2900 && elapsedMs < 8000, `after ${elapsedMs} ms`);
    await server.waitForLog(/ssl:info.*the TLS handshake took too long/);
  });

  await context.test('plain HTTP is told so', async () => {
    using plain = await RawClient.open(server);
    plain.send('GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n');
    await plain.waitForEnd();
    assert.deepEqual(plain.statuses, [400]);
  });

  await context.test('nonsense in the form of TLS ends the connection', async () => {
    using client = await RawClient.open(server);
    client.send(Buffer.concat([Buffer.from([0x16, 0x03, 0x01, 0x00, 0x10]), Buffer.alloc(16, 0xff)]));
    await client.waitForEnd();
    assert.doesNotMatch(client.text, /HTTP/);
    await server.waitForLog(/ssl:info.*the TLS handshake failed/);
  });

  await context.test('keys are nowhere to be seen', () => {
    const key = /-----\n(\S{20})/.exec(certificate('server.key'))?.[1] ?? assert.fail('no key');
    for (const pid of server.allPids()) {
      assert(!commandLine(pid).includes(key));
      assert(!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(key));
    }
    assert(!server.errorLog().includes(key) && !server.output().includes(key));
  });

  await context.test('a reload takes the certificate of that day', async () => {
    server.writeFile('tls/server.pem', certificate('other.pem'));
    server.writeFile('tls/server.key', certificate('other.key'));
    await sendCommand(server, { command: 'reload' });
    const { peer } = await ask(server, 'www.example.com', get('www.example.com'));
    assert.equal(peer.subject.CN, 'other.example.com');
  });

  await context.test('a reload with a key that does not fit leaves all as it was', async () => {
    server.allowErrors.push(/reload failed/, /does not belong to the certificate/);
    server.writeFile('tls/server.key', certificate('client.key'));
    await assert.rejects(async () => {
      const answer = (await sendCommand(server, { command: 'reload' })) as { readonly error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
    }, /tls\/server\.key' does not belong to the certificate/);
    assert.match((await ask(server, 'www.example.com', get('www.example.com'))).text, /https$/);
  });
});

test('a key that the user of the requests must not read', { skip: !isRoot }, async () => {
  const { chmodSync } = await import('node:fs');
  await using server = await TestServer.start({
    config: (paths) => {
      chmodSync(join(paths.folder, 'tls/server.key'), 0o600);
      chmodSync(join(paths.folder, 'tls'), 0o700);
      return config(paths);
    },
    files: { 'app.wsgi': scripts, ...certificateFiles('server.pem', 'server.key', 'other.pem', 'other.key') },
  });
  assert.match((await ask(server, 'www.example.com', get('www.example.com'))).text, /https$/);
});
