/**
 * Brings answers of both servers to one form, and tells where they differ. Every normaliser is a function here with the
 * reason why the two forms mean the same; what means something else belongs into known-differences.ts.
 */

import { gunzipSync } from 'node:zlib';
import type { RawAnswer } from './raw-client.js';
import type { ParityRequest } from './scenario.js';

/** Field names and their values, in a form that can be compared: `status`, `header content-type`, `environ PATH_INFO`. */
export type NormalisedAnswer = ReadonlyMap<string, string>;

export interface Difference {
  readonly field: string;
  /** undefined: there is no such field. */
  readonly apache: string | undefined;
  readonly stillhouse: string | undefined;
}

/** Written by the connection and the clock, not by the configuration. */
const passingHeaders = new Set(['date', 'server', 'keep-alive', 'connection', 'transfer-encoding']);

/** Values of the environ that are another on each side by nature. */
const placeholders: Readonly<Record<string, string>> = {
  REMOTE_PORT: 'a port',
  SERVER_ADDR: 'an address',
  SERVER_SOFTWARE: 'a name',
  'mod_wsgi.listener_host': 'an address',
  'mod_wsgi.version': 'a version',
  'mod_wsgi.request_id': 'an id',
  'mod_wsgi.connection_id': 'an id',
};

export function normaliseAnswers(answers: readonly RawAnswer[], request: ParityRequest): NormalisedAnswer {
  const fields = new Map<string, string>();
  if ((request.answers ?? 1) > 1) fields.set('answers', String(answers.length));
  if (answers.length === 0) fields.set('status', 'closed without an answer');
  for (const [index, answer] of answers.entries()) {
    const prefix = index === 0 ? '' : `${index + 1}. `;
    for (const [field, value] of normaliseAnswer(answer, request)) fields.set(prefix + field, value);
  }
  return fields;
}

function normaliseAnswer(answer: RawAnswer, request: ParityRequest): NormalisedAnswer {
  const { status, headers } = answer;
  const fields = new Map<string, string>([
    ['status', String(status)],
    ['connection', answer.connection],
    ['isComplete', String(answer.isComplete)],
    ['interim', answer.interim.join(' ')],
  ]);
  const isPage = isServerPage(answer, request);
  // Pages have the server's own words, also in the status line (413 is "Payload Too Large" to Node), and their charset.
  if (!isPage) fields.set('reason', answer.reason);
  for (const name of new Set(headers.map(([one]) => one))) {
    if (passingHeaders.has(name)) continue;
    if (isPage && (name === 'content-type' || name === 'content-length')) continue;
    // Only with 405 does Allow tell the client something; of an error nobody will ask for a range.
    if ((status === 501 && name === 'allow') || (status >= 400 && name === 'accept-ranges')) continue;
    const values = headers.filter(([one]) => one === name).map(([, value]) => value);
    fields.set(`header ${name}`, name === 'expires' ? normaliseExpiry(values, headers) : normaliseHeader(name, values));
  }
  // Without this header the response was chunked or ended with the connection; whether it was whole stands in isComplete.
  const length = fields.get('header content-length');
  if (length !== undefined && request.method !== 'HEAD' && Number(length) === answer.body.length) {
    fields.delete('header content-length');
  }
  if (isPage) fields.set('body', `page of ${status}`);
  else if (request.environ !== undefined && status === 200) selectEnviron(answer.body, request.environ, fields);
  else fields.set('body', plainBody(answer).toString('latin1'));
  return fields;
}

/** Both servers' pages name the status in title and heading. HEAD shows no body to know one by, so its status must do. */
function isServerPage({ status, body }: RawAnswer, request: ParityRequest): boolean {
  if (status < 300 || status === 304) return false;
  if (request.method === 'HEAD') return true;
  return new RegExp(`<html><head>\\s*<title>${status} `).test(body.toString('latin1'));
}

function normaliseHeader(name: string, values: readonly string[]): string {
  // Methods in any order: RFC 9110 section 10.2.1.
  if (name === 'allow')
    return values
      .join(',')
      .split(/\s*,\s*/)
      .sort()
      .join(',');
  // One line or several: RFC 9110 section 5.3. These two are the exceptions.
  if (name !== 'set-cookie' && name !== 'www-authenticate' && values.length > 1) {
    return normaliseHeader(name, [values.join(', ')]);
  }
  // Names in any order: RFC 9110 section 12.5.5.
  if (name === 'vary')
    return values
      .map((value) =>
        value
          .split(/\s*,\s*/)
          .sort()
          .join(', '),
      )
      .join('\n');
  // In a multipart response each part says which it is, and the boundary is drawn by lot.
  return values.map((value) => value.replace(/boundary=\S+/, 'boundary=...')).join('\n');
}

/** The two servers answer at two moments; what a rule says counts from each, or from a time long ago. */
function normaliseExpiry(values: readonly string[], headers: RawAnswer['headers']): string {
  const date = headers.find(([name]) => name === 'date')?.[1] ?? '';
  const seconds = (Date.parse(values.join()) - Date.parse(date)) / 1000;
  const minutes = Math.round(seconds / 60);
  return Math.abs(seconds - minutes * 60) <= 2 ? `after ${minutes} min` : values.join();
}

/** Two compressors need not make the same bytes of one text. */
function plainBody({ body, headers }: RawAnswer): Buffer {
  const isPacked = headers.some(([name, value]) => name === 'content-encoding' && value === 'gzip');
  const isWhole = body[0] === 0x1f && body[1] === 0x8b;
  return isPacked && isWhole && body.length > 10 ? gunzipSync(body) : body;
}

function selectEnviron(body: Buffer, wanted: readonly string[], fields: Map<string, string>): void {
  const environ = JSON.parse(body.toString('latin1')) as Record<string, string>;
  const isWanted = (key: string) =>
    wanted.some((name) => (name.endsWith('*') ? key.startsWith(name.slice(0, -1)) : key === name));
  for (const [key, value] of Object.entries(environ)) {
    if (isWanted(key)) fields.set(`environ ${key}`, value === '' ? value : (placeholders[key] ?? value));
  }
  fields.delete('header content-length');
}

export function findDifferences(apache: NormalisedAnswer, stillhouse: NormalisedAnswer): Difference[] {
  const names = new Set([...apache.keys(), ...stillhouse.keys()]);
  return [...names]
    .map((field) => ({ field, apache: apache.get(field), stillhouse: stillhouse.get(field) }))
    .filter((one) => one.apache !== one.stillhouse);
}

export function formatDifference({ field, apache, stillhouse }: Difference): string {
  return `${field}: Apache ${show(apache)}, Stillhouse ${show(stillhouse)}`;
}

function show(value: string | undefined): string {
  if (value === undefined) return 'has none';
  return JSON.stringify(value.length > 400 ? `${value.slice(0, 400)}...` : value);
}
