// The layers of docs/architecture.md, checked on the import lines of src/: imports point down, never sideways between
// conf, http and wire, and the pure layers touch neither files nor sockets nor timers.

import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { CHECKOUT, filesBelow } from './build.mjs';

const MAY_IMPORT = {
  base: [],
  conf: ['base'],
  http: ['base'],
  wire: ['base'],
  http1: ['http', 'base'],
  proc: ['base'],
  wsgi: ['proc', 'wire', 'conf', 'http', 'base'],
  server: ['wsgi', 'proc', 'wire', 'conf', 'http1', 'http', 'base'],
  cli: ['server', 'wsgi', 'proc', 'wire', 'conf', 'http1', 'http', 'base'],
};
// The public door: may import everything, nobody imports it.
const DOOR = 'index.ts';

const PURE_LAYERS = ['base', 'conf', 'http', 'wire'];
const IMPURE_MODULES = new Set(
  [
    ...['child_process', 'cluster', 'dgram', 'dns', 'dns/promises', 'fs', 'fs/promises', 'http', 'http2', 'https'],
    ...['inspector', 'net', 'process', 'readline', 'timers', 'timers/promises', 'tls', 'tty', 'worker_threads'],
  ].flatMap((name) => [name, `node:${name}`]),
);
// What of them computes only.
const PURE_NAMES = new Map([['node:net', new Set(['BlockList', 'isIP', 'isIPv4', 'isIPv6', 'SocketAddress'])]]);

const IMPORT = /^\s*(?:import|export)\b(?<clause>[^;'"]*?\bfrom\s*|\s*)['"](?<from>[^'"]+)['"]/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*['"](?<from>[^'"]+)['"]/g;

/** All breaches of the layers, as `file:line: what is wrong`. */
export function findLayerBreaches() {
  const source = join(CHECKOUT, 'src');
  return filesBelow(source)
    .filter((file) => /\.[mc]?ts$/.test(file))
    .sort()
    .flatMap((file) => breachesIn(source, file));
}

function breachesIn(source, file) {
  const name = relative(source, file);
  const layer = layerOf(name);
  if (layer !== DOOR && !(layer in MAY_IMPORT)) return [`src/${name}:1: "${layer}" is no layer`];
  // Comments go, line breaks stay: an example in a comment imports nothing, and the line numbers must be right.
  const text = readFileSync(file, 'utf8')
    .replace(/^\s*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/^\s*\/\/.*$/gm, '');
  const breaches = [];
  for (const match of [...text.matchAll(IMPORT), ...text.matchAll(DYNAMIC_IMPORT)]) {
    const { from, clause } = match.groups;
    const at = match.index + match[0].length - match[0].trimStart().length;
    const line = text.slice(0, at).split('\n').length;
    const reason = breachOf(name, layer, from, clause ?? '', source);
    if (reason !== undefined) breaches.push(`src/${name}:${line}: ${reason}`);
  }
  return breaches;
}

function breachOf(name, layer, from, clause, source) {
  if (from.startsWith('.')) {
    const target = relative(source, join(source, dirname(name), from));
    if (target.startsWith('..'))
      return layer === 'cli' || layer === 'server' ? undefined : `${from} is outside of src/`;
    const targetLayer = layerOf(target);
    if (targetLayer === layer || layer === DOOR) return undefined;
    if (MAY_IMPORT[layer].includes(targetLayer)) return undefined;
    return `${layer}/ may not import ${targetLayer === 'index.js' ? 'the public door' : `${targetLayer}/`} (${from})`;
  }
  if (builtinModules.includes(from) && !from.startsWith('node:')) return `write node:${from}`;
  const isPure = PURE_LAYERS.includes(layer) && !name.includes('.test.');
  if (isPure && IMPURE_MODULES.has(from) && !isPureImport(from, clause))
    return `${layer}/ is pure: it may not import ${from}`;
  return undefined;
}

function isPureImport(from, clause) {
  if (/^\s*type\b/.test(clause)) return true;
  const names = /\{([^}]*)\}/
    .exec(clause)?.[1]
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names?.every((name) => name.startsWith('type ') || PURE_NAMES.get(from)?.has(name.split(/\s/)[0])) ?? false;
}

function layerOf(name) {
  return name.split('/')[0];
}
