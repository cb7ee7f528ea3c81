/**
 * What scripts of access and authentication are asked, in the marshal form of a request frame: the environ that mod_wsgi
 * makes for them (reference section 10), and the question. It has no variables of the configuration, no wsgi.input and
 * never the Authorization field. python/stillhouse/auth_hooks.py asks it.
 */

import type { MarshalWriter } from '../wire/marshal.js';
import { type CommonFacts, writeCommonVariables, writeHeaders } from './environ.js';

export interface ScriptEnvironFacts extends CommonFacts {
  /** SSL_PROTOCOL and its kin, for mod_ssl.var_lookup; undefined on a connection without TLS. */
  readonly tls: ReadonlyMap<string, string> | undefined;
}

/** By the name of the function; all strings are byte strings. */
export type AuthQuestion =
  | { readonly function: 'allow_access'; readonly host: string }
  | { readonly function: 'check_password'; readonly user: string; readonly password: string }
  | { readonly function: 'groups_for_user'; readonly user: string };

/** Writes the payload of a request frame that asks `script`. */
export function writeQuestion(
  writer: MarshalWriter,
  facts: ScriptEnvironFacts,
  script: string,
  question: AuthQuestion,
  scriptReloading: boolean,
): void {
  writer.beginTuple(2);
  writer.beginDict();
  writeScriptEnviron(writer, facts);
  writer.endDict();
  writer.beginDict();
  for (const [name, value] of Object.entries(question)) {
    if (name === 'function') writer.entry(value, script);
    else writer.entry(name, value);
  }
  writer.string('reloads');
  writer.value(scriptReloading);
  writer.string('https');
  writer.value(facts.tls !== undefined);
  for (const [name, value] of facts.tls ?? []) writer.entry(`tls ${name}`, value);
  writer.endDict();
}

const nothing: ReadonlySet<string> = new Set();

function writeScriptEnviron(writer: MarshalWriter, facts: ScriptEnvironFacts): void {
  writeHeaders(writer, facts.rawHeaders, false, nothing);
  writeCommonVariables(writer, facts);
}
