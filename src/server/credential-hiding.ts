/** Takes out of a result what a request sent to prove who it is: rules may have copied it anywhere. */

const shown = '(not shown)';
const credentialFields = /^(?:authorization|proxy-authorization):\s*(.*?)\s*$/i;

const shortLength = 8;

/** What comes from the configuration and not from the request. */
const ofConfiguration: ReadonlySet<string> = new Set([
  'application',
  'line',
  'lines',
  'sections',
  'settings',
  'virtualHost',
]);

/** `value` with all strings that may come from the request in `bytes` free of its credentials. */
export function hideCredentialsOf<T>(bytes: Buffer, value: T): T {
  const head = bytes.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
  const secrets = new Set(head.split('\r\n').flatMap((line) => secretsIn(credentialFields.exec(line)?.[1])));
  if (secrets.size === 0) return value;
  // The longest first: a part of a secret must not be hidden alone.
  const patterns = [...secrets].sort((a, b) => b.length - a.length).map(patternOf);
  return hide(value, new RegExp(patterns.join('|'), 'g')) as T;
}

function secretsIn(field: string | undefined): readonly string[] {
  if (field === undefined || field === '') return [];
  const parameters = field.replace(/^\S+\s+/, '');
  const pair = /^basic\s/i.test(field) ? Buffer.from(parameters, 'base64').toString('latin1') : '';
  const password = pair.slice(pair.indexOf(':') + 1);
  const secrets = [field, parameters, pair, password].filter((one) => one !== '');
  return [...secrets, ...secrets.map(encodeURIComponent)];
}

function hide(value: unknown, secrets: RegExp): unknown {
  if (typeof value === 'string') return value.replace(secrets, shown);
  if (Array.isArray(value)) return value.map((one) => hide(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, ofConfiguration.has(name) ? one : hide(one, secrets)]),
  );
}

/** A short secret may be part of any word: it is one where it stands alone. */
function patternOf(secret: string): string {
  const pattern = secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return secret.length < shortLength ? `(?<![\\w/.-])${pattern}(?![\\w/-])` : pattern;
}
