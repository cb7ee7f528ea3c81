/** `stillhouse explain`: what a configuration does with one request, and why. Starts nothing. */

import { UsageError } from '../base/errors.js';
import { Explainer, type RequestToExplain } from '../server/explainer.js';
import { becomeUser, findHttpAccount } from '../server/identity.js';
import { type ConfigFlags, loadFromFlags } from './config-flags.js';
import { formatExplanation } from './explain-text.js';
import { parseExplainUrl } from './explain-url.js';
import { hasErrors, printProblems } from './problems.js';

export interface ExplainFlags extends ConfigFlags {
  readonly method: string;
  readonly header?: readonly string[];
  readonly from: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** @returns the exit status */
export async function explain(url: string, flags: ExplainFlags): Promise<number> {
  const headers = (flags.header ?? []).map(parseHeader);
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(flags.method)) throw new UsageError(`'${flags.method}' is no method`);
  const loaded = loadFromFlags(flags);
  if (hasErrors(loaded.allProblems)) {
    printProblems(loaded.allProblems, ['error']);
    return 1;
  }
  await using explainer = await Explainer.create(loaded);
  // With the rights of an http child: what it can't read it does not serve.
  const account = findHttpAccount(loaded.config.main.settings, false);
  if (account !== undefined) becomeUser(account);
  const place = parseExplainUrl(url, loaded.config, explainer.hosts, flags.to);
  const request: RequestToExplain = {
    ...place,
    bytes: formatRequest(flags.method, place.target, place.host, headers),
    remoteAddress: flags.from,
  };
  const explanation = await explainer.explain(request);
  console.log(
    flags.json === true ? JSON.stringify(explanation, undefined, 2) : formatExplanation(explanation).join('\n'),
  );
  return 0;
}

type Header = readonly [name: string, value: string];

/** @throws UsageError, without the value, which may be a secret */
function parseHeader(text: string): Header {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon).trim();
  if (colon < 0) throw new UsageError("--header takes 'Name: value', and there is no colon");
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) throw new UsageError(`--header: '${name}' is no name of a header field`);
  const value = text.slice(colon + 1).trim();
  if (/[\r\n\0]/.test(value)) throw new UsageError(`--header ${name}: the value has a line break in it`);
  return [name, value];
}

/** The bytes that a client sends: Host comes first, where the headers have none. */
function formatRequest(method: string, target: string, host: string, headers: readonly Header[]): Buffer {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const fields: readonly Header[] = hasHost ? headers : [['Host', host], ...headers];
  const lines = [`${method} ${target} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8');
}
