import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StillhouseError } from '../base/errors.js';
import { loadConfig } from '../server/config-source.js';
import { VirtualHosts } from '../server/virtual-hosts.js';
import { parseExplainUrl } from './explain-url.js';

function parse(text: string, url: string, to?: string) {
  const { config } = loadConfig({ file: '/nowhere/httpd.conf', serverRoot: '/nowhere', text });
  return parseExplainUrl(url, config, new VirtualHosts(config, () => []), to);
}

function place(text: string, url: string, to?: string): string {
  const { host, localAddress, localPort, target, tls } = parse(text, url, to);
  return `${tls === undefined ? 'http' : `https ${tls.serverName}`} ${localAddress} ${localPort} ${host} ${target}`;
}

test('a path goes to the first listener, as localhost', () => {
  assert.equal(place('Listen 127.0.0.5:8000\nListen 9000', '/a?b=c'), 'http 127.0.0.5 8000 localhost /a?b=c');
  assert.equal(place('Listen 8000', '/'), 'http 127.0.0.1 8000 localhost /');
});

test('port, scheme and host of an absolute URL', () => {
  const text = 'Listen 80\nListen 443\nListen 127.0.0.7:8080';
  assert.equal(place(text, 'http://www.example.com'), 'http 127.0.0.1 80 www.example.com /');
  assert.equal(place(text, 'https://WWW.example.com?x#f'), 'https www.example.com 127.0.0.1 443 WWW.example.com /?x');
  assert.equal(place(text, 'http://a.example:8080/x#f'), 'http 127.0.0.7 8080 a.example:8080 /x');
  assert.equal(place(text, 'http://10.0.0.1/x'), 'http 10.0.0.1 80 10.0.0.1 /x');
  assert.equal(place(text, 'https://[::1]/x'), 'https undefined ::1 443 [::1] /x');
  assert.equal(place(text, 'http://a.example/x', '10.0.0.3'), 'http 10.0.0.3 80 a.example /x');
});

test('a virtual host at an address of its own is found by its name', () => {
  const text = `Listen 80
<VirtualHost 10.0.0.1:80>
ServerName one.example
</VirtualHost>
<VirtualHost 10.0.0.2:80>
ServerName two.example
ServerAlias *.two.example
</VirtualHost>`;
  assert.equal(place(text, 'http://x.two.example/'), 'http 10.0.0.2 80 x.two.example /');
  assert.equal(place(text, 'http://three.example/'), 'http 127.0.0.1 80 three.example /');
});

test('what is no character of a request target is percent-encoded', () => {
  assert.equal(place('Listen 80', '/ä b\r\nX: y'), 'http 127.0.0.1 80 localhost /%C3%A4%20b%0D%0AX:%20y');
});

test('URLs that can not be explained', () => {
  const text = 'Listen 127.0.0.7:80';
  const cases: readonly (readonly [url: string, message: RegExp])[] = [
    ['nothing', /'nothing' is no URL/],
    ['ftp://a/', /is no URL/],
    ['http://a:99999/', /no host with a port/],
    ['http://a:81/', /nothing listens at any address port 81: the Listen lines say 127\.0\.0\.7:80/],
    ['http://127.0.0.8/', /nothing listens at 127\.0\.0\.8 port 80/],
    ['http://me:secret@a/', /has a user in it/],
  ];
  for (const [url, message] of cases) {
    assert.throws(
      () => parse(text, url),
      (error) => error instanceof StillhouseError && message.test(error.message) && !/secret/.test(error.message),
    );
  }
  assert.throws(() => parse('', '/'), /no Listen line/);
  assert.throws(() => parse(text, '/', 'here'), /no numeric address/);
});
