/** What the tests need of a browser: cookies, forms, redirects. */

import { randomUUID } from 'node:crypto';
import type { TestRequest, TestResponse, TestServer } from './server.js';

const redirectsLimit = 5;

export interface Page extends TestResponse {
  /** Path and query after all redirects. */
  readonly path: string;
}

export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly content: Buffer;
}

export class Browser {
  readonly #server: TestServer;
  readonly #cookies = new Map<string, string>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  get(path: string): Promise<Page> {
    return this.send(path, {});
  }

  /** Submits a form as `application/x-www-form-urlencoded`. */
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    return this.send(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Referer: `${this.#server.url}${path}` },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** Submits a form as `multipart/form-data`. */
  upload(path: string, fields: Readonly<Record<string, string>>, file: UploadedFile): Promise<Page> {
    const boundary = randomUUID();
    const parts = Object.entries(fields).map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.name}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    );
    return this.send(path, {
      method: 'POST',
      headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}`, Referer: `${this.#server.url}${path}` },
      body: Buffer.concat([Buffer.from(parts.join('')), file.content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    });
  }

  /** Sends a request with the cookies so far and follows redirects. */
  async send(path: string, request: TestRequest): Promise<Page> {
    let at = path;
    let next = request;
    for (let redirects = 0; redirects <= redirectsLimit; redirects++) {
      const response = await this.#server.request(at, {
        ...next,
        headers: { ...next.headers, ...this.#cookieHeader() },
      });
      for (const line of response.headers['set-cookie'] ?? []) this.#keep(line);
      const { location } = response.headers;
      if (location === undefined || response.status < 300 || response.status > 399) return { ...response, path: at };
      const target = new URL(location, `${this.#server.url}${at}`);
      at = `${target.pathname}${target.search}`;
      next = {};
    }
    throw new Error(`more than ${redirectsLimit} redirects from ${path}`);
  }

  #keep(line: string): void {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
    if (value === '' || value === '""') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }

  #cookieHeader(): Record<string, string> {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return cookies.length === 0 ? {} : { Cookie: cookies.join('; ') };
  }
}
