/**
 * Every rule about which of two lines prevails, one case each, written twice: with the two values exchanged, and nothing
 * else. The two answers differ, so a server that has the rule the wrong way round fails both; and the line that prevails
 * stands where it would not by a simpler rule, such as the order of writing.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../support/command.js';
import type { ParityRequest, Scenario } from '../scenario.js';

/** What one of the two ways writes. */
interface Written {
  /** In the virtual host. */
  readonly host?: string;
  /** In the main server, before all virtual hosts. */
  readonly main?: string;
  /** In the main server, behind them. */
  readonly behind?: string;
  /** Below the folder of this way. */
  readonly files?: Readonly<Record<string, string>>;
  readonly request?: Partial<ParityRequest>;
}

interface Rule {
  readonly name: string;
  /** Which of the two values is the answer. */
  readonly prevails: 'first' | 'second';
  /** `folder`: of this way, with the script at short/deep/app.wsgi, mounted at deep below mount(folder). */
  readonly write: (first: string, second: string, folder: string) => Written;
}

const script = readFileSync(join(checkout, 'tests/parity/apps/environ.wsgi'), 'utf8');

function who(value: string): string {
  return `SetEnv WHO ${value}\n`;
}

function section(opening: string, lines: string): string {
  return `<${opening}>\n${lines}\n</${opening.split(' ')[0]}>\n`;
}

/** Sections by their place in the order of application; `folder/.htaccess` is what stands in that file. */
const kinds = [
  ['Directory', (value: string, folder: string) => section(`Directory ${folder}/short/deep`, who(value))],
  ['.htaccess', undefined],
  ['DirectoryMatch', (value: string) => section('DirectoryMatch "/short/"', who(value))],
  ['Files', (value: string) => section('Files "app.*"', who(value))],
  ['Location', (value: string, folder: string) => section(`Location ${mount(folder)}`, who(value))],
  ['If', (value: string) => section('If "true"', who(value))],
] as const;

/** Each kind before the next one, written the other way round. */
const kindRules: readonly Rule[] = kinds.slice(1).map(([later, writeLater], index) => {
  const [earlier, writeEarlier] = kinds[index] ?? kinds[0];
  return {
    name: `${later} over ${earlier}`,
    prevails: 'second',
    write: (first, second, folder) => ({
      host: (writeLater?.(second, folder) ?? '') + (writeEarlier?.(first, folder) ?? ''),
      files:
        writeLater === undefined
          ? { 'short/deep/.htaccess': who(second) }
          : writeEarlier === undefined
            ? { 'short/deep/.htaccess': who(first) }
            : {},
    }),
  };
});

const scopeRules: readonly Rule[] = [
  {
    name: 'a longer Directory over a shorter one',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: section(`Directory ${folder}/short/deep`, who(second)) + section(`Directory ${folder}/short`, who(first)),
    }),
  },
  {
    name: 'the .htaccess of a folder over that of the folder around it',
    prevails: 'second',
    write: (first, second) => ({
      files: { 'short/.htaccess': who(first), 'short/deep/.htaccess': who(second) },
    }),
  },
  {
    name: 'a longer Directory over the .htaccess of a shorter one',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: section(`Directory ${folder}/short/deep`, who(second)),
      files: { 'short/.htaccess': who(first) },
    }),
  },
  {
    name: 'of two Locations the later one, though it is shorter',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: section(`Location ${mount(folder)}/deep`, who(first)) + section(`Location ${mount(folder)}`, who(second)),
    }),
  },
  {
    name: 'of Location and LocationMatch the later one',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: section(`LocationMatch "^${mount(folder)}/deep"`, who(first)) + section('Location /', who(second)),
    }),
  },
  {
    name: 'of two Files sections the later one, though it is less exact',
    prevails: 'second',
    write: (first, second) => ({
      host: section('Files app.wsgi', who(first)) + section('FilesMatch "^a"', who(second)),
    }),
  },
  {
    name: 'DirectoryMatch over a Directory with more slashes',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: section('DirectoryMatch "deep"', who(second)) + section(`Directory ${folder}/short/deep`, who(first)),
    }),
  },
  {
    name: 'of two DirectoryMatch sections the one with more slashes',
    prevails: 'second',
    write: (first, second) => ({
      host: section('DirectoryMatch "/short/deep"', who(second)) + section('DirectoryMatch "/short"', who(first)),
    }),
  },
  {
    name: 'of two DirectoryMatch sections with as many slashes the later one, though it is shorter',
    prevails: 'second',
    write: (first, second) => ({
      host: section('DirectoryMatch "/deep$"', who(first)) + section('DirectoryMatch "/de"', who(second)),
    }),
  },
  {
    name: 'of two Ifs the later one',
    prevails: 'second',
    write: (first, second) => ({ host: section('If "true"', who(first)) + section('If "true"', who(second)) }),
  },
  {
    name: 'of If and ElseIf the first that holds',
    prevails: 'first',
    write: (first, second) => ({
      host: section('If "true"', who(first)) + section('ElseIf "true"', who(second)) + section('Else', who(second)),
    }),
  },
  {
    name: 'a section over the lines around it',
    prevails: 'second',
    write: (first, second, folder) => ({ host: section(`Location ${mount(folder)}`, who(second)) + who(first) }),
  },
  {
    name: 'a virtual host over the main server',
    prevails: 'second',
    write: (first, second, folder) => ({
      behind: section(`Location ${mount(folder)}`, who(first)),
      host: section(`Location ${mount(folder)}`, who(second)),
    }),
  },
  {
    name: 'a section of the main server over the lines of a virtual host',
    prevails: 'second',
    write: (first, second, folder) => ({
      main: section(`Directory ${folder}`, who(second)),
      host: who(first),
    }),
  },
  {
    name: 'a longer Directory of the main server over a shorter one of the virtual host',
    prevails: 'second',
    write: (first, second, folder) => ({
      main: section(`Directory ${folder}/short/deep`, who(second)),
      host: section(`Directory ${folder}/short`, who(first)),
    }),
  },
];

const overrideRules: readonly Rule[] = [
  {
    name: 'of two AllowOverride lines the later one',
    prevails: 'second',
    write: (first, second, folder) => ({
      host:
        section(
          `Directory ${folder}/short/deep`,
          `AllowOverride ${override(first)}\nAllowOverride ${override(second)}`,
        ) + who('two'),
      files: { 'short/deep/.htaccess': who('one') },
    }),
  },
  {
    name: 'AllowOverride of a longer Directory over that of a shorter one',
    prevails: 'second',
    write: (first, second, folder) => ({
      host:
        section(`Directory ${folder}/short/deep`, `AllowOverride ${override(second)}`) +
        section(`Directory ${folder}/short`, `AllowOverride ${override(first)}`) +
        who('two'),
      files: { 'short/deep/.htaccess': who('one') },
    }),
  },
  {
    name: 'AllowOverride of a virtual host over that of the main server',
    prevails: 'second',
    write: (first, second, folder) => ({
      behind: section(`Directory ${folder}/short/deep`, `AllowOverride ${override(first)}`),
      host: section(`Directory ${folder}/short/deep`, `AllowOverride ${override(second)}`) + who('two'),
      files: { 'short/deep/.htaccess': who('one') },
    }),
  },
];

/** 'one' lets the .htaccess file count, which says one. */
function override(value: string): string {
  return value === 'one' ? 'FileInfo' : 'None';
}

const readingRules: readonly Rule[] = [
  {
    name: 'a variable has the value of the Define before its use',
    prevails: 'first',
    write: (first, second, folder) => ({
      host: `Define ${variable(folder)} ${first}\n${who(`\${${variable(folder)}}`)}Define ${variable(folder)} ${second}\n`,
    }),
  },
  {
    name: 'of two Defines before its use the later one',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `Define ${variable(folder)} ${first}\nDefine ${variable(folder)} ${second}\n${who(`\${${variable(folder)}}`)}`,
    }),
  },
  {
    name: 'IfDefine sees what is defined before it only',
    prevails: 'first',
    write: (first, second, folder) => ({
      host: `${who(first)}${section(`IfDefine ${variable(folder)}`, who(second))}Define ${variable(folder)}\n`,
    }),
  },
  {
    name: 'IfDefine after UnDefine',
    prevails: 'first',
    write: (first, second, folder) => ({
      host: `Define ${variable(folder)}\nUnDefine ${variable(folder)}\n${who(first)}${section(`IfDefine ${variable(folder)}`, who(second))}`,
    }),
  },
  {
    name: 'a line behind Include over the included ones',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `Include ${folder}/part.conf\n${who(second)}`,
      files: { 'part.conf': who(first) },
    }),
  },
  {
    name: 'included lines over one before Include',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `${who(first)}Include ${folder}/part.conf\n`,
      files: { 'part.conf': who(second) },
    }),
  },
  {
    name: 'files of a wildcard come in the order of their names',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `Include ${folder}/parts/*.conf\n`,
      files: {
        'parts/20.conf': who(first),
        'parts/9.conf': who(second),
        'parts/10.conf': who('neither'),
        'parts/100.conf': who('neither'),
      },
    }),
  },
  {
    name: 'capitals come before small letters',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `IncludeOptional ${folder}/parts/[A-Za-z].conf\n`,
      files: { 'parts/b.conf': who(second), 'parts/C.conf': who(first), 'parts/a.conf': who('neither') },
    }),
  },
  {
    name: 'folders of a wildcard come in the order of their names',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `Include ${folder}/hosts/*/site.conf\n`,
      files: {
        'hosts/b/site.conf': who(first),
        'hosts/c/site.conf': who(second),
        'hosts/a/site.conf': who('neither'),
      },
    }),
  },
  {
    name: 'a variable defined in an included file counts behind it',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `Define ${variable(folder)} ${first}\nInclude ${folder}/part.conf\n${who(`\${${variable(folder)}}`)}`,
      files: { 'part.conf': `Define ${variable(folder)} ${second}\n` },
    }),
  },
];

/** Of its own for each way: variables are the whole configuration's. */
function variable(folder: string): string {
  return `DEFINED_${folder.replace(/\W/g, '_')}`;
}

const inFile: Partial<ParityRequest> = { target: '/file' };

const lineRules: readonly Rule[] = [
  {
    name: 'of two lines in one scope the later one',
    prevails: 'second',
    write: (first, second) => ({ host: who(first) + who(second) }),
  },
  {
    name: 'of two Aliases the first that matches',
    prevails: 'first',
    write: (first, second) => ({
      host: `Alias /fi \${ROOT}/values/none\nAlias /file \${ROOT}/values/${first}.txt\nAlias /file \${ROOT}/values/${second}.txt\n`,
      request: inFile,
    }),
  },
  {
    name: 'of Alias and AliasMatch the first that matches',
    prevails: 'first',
    write: (first, second) => ({
      host: `AliasMatch "^/f.l(e)$" \${ROOT}/values/${first}.txt\nAlias /file \${ROOT}/values/${second}.txt\n`,
      request: inFile,
    }),
  },
  {
    name: 'Alias of a virtual host before that of the main server',
    prevails: 'first',
    write: (first, second, folder) => ({
      main: `Alias /file-${variable(folder)} \${ROOT}/values/${second}.txt\n`,
      host: `Alias /file-${variable(folder)} \${ROOT}/values/${first}.txt\n`,
      request: { ...inFile, target: `/file-${variable(folder)}` },
    }),
  },
  {
    name: 'Redirect before Alias',
    prevails: 'first',
    write: (first, second) => ({
      host: `Alias /file \${ROOT}/values/${second}.txt\nRedirect /file http://${first}.example/\n`,
      request: { ...inFile, status: 302 },
    }),
  },
  {
    name: 'of two Redirects the first that matches',
    prevails: 'first',
    write: (first, second) => ({
      host: `RedirectMatch "^/f" http://${first}.example/\nRedirect /file http://${second}.example/\n`,
      request: { ...inFile, status: 302 },
    }),
  },
  {
    name: 'of two RewriteRules the first that ends',
    prevails: 'first',
    write: (first, second) => ({
      host: `RewriteEngine On\nRewriteRule ^/file \${ROOT}/values/${first}.txt [L]\nRewriteRule ^/file$ \${ROOT}/values/${second}.txt [L]\n`,
      request: inFile,
    }),
  },
  {
    name: 'RewriteRule before Alias',
    prevails: 'first',
    write: (first, second) => ({
      host: `Alias /file \${ROOT}/values/${second}.txt\nRewriteEngine On\nRewriteRule ^/file$ \${ROOT}/values/${first}.txt [L]\n`,
      request: inFile,
    }),
  },
  {
    name: 'of two SetEnvIf lines the later one',
    prevails: 'second',
    write: (first, second) => ({ host: `SetEnvIf Host . WHO=${first}\nSetEnvIf Host example WHO=${second}\n` }),
  },
  {
    name: 'SetEnv over SetEnvIf',
    prevails: 'second',
    write: (first, second) => ({ host: `${who(second)}SetEnvIf Host . WHO=${first}\n` }),
  },
  {
    name: 'of two Header lines the later one',
    prevails: 'second',
    write: (first, second) => ({
      host: `Header set X-Who ${first}\nHeader set X-Who ${second}\n`,
      request: { environ: ['WHO'] },
    }),
  },
  {
    name: 'Header of a section over that of its host',
    prevails: 'second',
    write: (first, second, folder) => ({
      host: `${section(`Location ${mount(folder)}`, `Header set X-Who ${second}`)}Header set X-Who ${first}\n`,
      request: { environ: ['WHO'] },
    }),
  },
  {
    name: 'of two virtual hosts with one name the first',
    prevails: 'first',
    write: (first, second, folder) => ({
      host: `ServerAlias ${nameOf(folder)}.twice\n${who(first)}`,
      behind: host(folder, `${nameOf(folder)}-late.example`, `ServerAlias ${nameOf(folder)}.twice\n${who(second)}`),
      request: { host: `${nameOf(folder)}.twice`, environ: ['WHO'] },
    }),
  },
  {
    name: 'Order: the second word is looked at last',
    prevails: 'second',
    write: (first, second) => ({
      host: section('Location /file', `Order ${order(first)},${order(second)}\nAllow from all\nDeny from all`),
      request: { target: '/file', status: second === 'one' ? 404 : 403 },
    }),
  },
];

/** 'one' is the one that lets everybody in. */
function order(value: string): string {
  return value === 'one' ? 'Allow' : 'Deny';
}

const rules: readonly Rule[] = [...kindRules, ...scopeRules, ...overrideRules, ...readingRules, ...lineRules];

function nameOf(folder: string): string {
  return folder.replace(/^.*\//, '');
}

/** Of its own for each way, as sections of the main server are for all hosts. */
function mount(folder: string): string {
  return `/${nameOf(folder)}`;
}

function host(folder: string, name: string, lines: string): string {
  return `
<VirtualHost *:\${PORT}>
ServerName ${name}
WSGIScriptAlias ${mount(folder)}/deep ${folder}/short/deep/app.wsgi
${lines}
</VirtualHost>
`;
}

interface Way {
  readonly folder: string;
  readonly written: Written;
  readonly request: ParityRequest;
}

const ways: readonly Way[] = rules.flatMap(({ name, prevails, write }, index) =>
  [['one', 'two'] as const, ['two', 'one'] as const].map(([first, second], way): Way => {
    const folder = `\${ROOT}/rules/rule-${index}-${way}`;
    const written = write(first, second, folder);
    return {
      folder,
      written,
      request: {
        name: `${name}: ${way === 0 ? 'one way' : 'exchanged'}`,
        host: `${nameOf(folder)}.example`,
        target: `${mount(folder)}/deep`,
        ...(written.request === undefined ? { environ: ['WHO'] } : {}),
        status: 200,
        ...(written.request?.status === 404 || written.request?.status === 403
          ? {}
          : { shows: prevails === 'first' ? first : second }),
        ...written.request,
      },
    };
  }),
);

export const ruleOrderScenarios: readonly Scenario[] = [
  {
    name: 'which of two lines prevails',
    config: `
WSGIDaemonProcess rules threads=2
WSGIProcessGroup rules
WSGIApplicationGroup %{GLOBAL}
<Directory \${ROOT}>
Require all granted
</Directory>
<Directory \${ROOT}/rules>
AllowOverride FileInfo
</Directory>
${ways.map(({ written }) => written.main ?? '').join('')}
${ways.map(({ folder, written }) => host(folder, `${nameOf(folder)}.example`, written.host ?? '')).join('')}
${ways.map(({ written }) => written.behind ?? '').join('')}
`,
    files: {
      'values/one.txt': 'one\n',
      'values/two.txt': 'two\n',
      ...Object.fromEntries(
        ways.flatMap(({ folder, written }) => {
          const below = folder.replace(/^\$\{ROOT\}\//, '');
          const files = { 'short/deep/app.wsgi': script, ...written.files };
          return Object.entries(files).map(([path, text]) => [`${below}/${path}`, text]);
        }),
      ),
    },
    requests: ways.map(({ request }) => request),
  },
];
