/**
 * Asks the scripts of access and authentication about a request: WSGIAccessScript, WSGIAuthUserScript and
 * WSGIAuthGroupScript. Used by the Authorizer; one for each http child.
 */

import { toByteString } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import { MarshalWriter } from '../wire/marshal.js';
import { frameHeaderBytes } from '../wire/protocol.js';
import { scriptApplicationGroup } from '../wsgi/expansion.js';
import { scriptsGroup } from '../wsgi/group-catalog.js';
import type { ProcessGroup } from '../wsgi/process-group.js';
import { type AuthQuestion, type ScriptEnvironFacts, writeQuestion } from '../wsgi/script-environ.js';
import type { WsgiAuthScript } from '../wsgi/settings.js';
import { assumeAnswer } from './assumed-answers.js';
import type { RequestContext } from './request-context.js';
import { ScriptQuestion } from './script-question.js';

export interface AuthAnswer {
  /** 'unknown': no such user. 'failed': the script has, and the log says why. */
  readonly verdict: 'granted' | 'denied' | 'declined' | 'unknown' | 'failed';
  /** Of the groups, or that which the user has from now on. */
  readonly names: readonly string[];
}

const kinds: Readonly<Record<AuthQuestion['function'], string>> = {
  allow_access: 'host access',
  check_password: 'user authentication',
  groups_for_user: 'group authentication',
};

const verdicts: Readonly<Record<string, AuthAnswer['verdict']>> = {
  granted: 'granted',
  denied: 'denied',
  declined: 'declined',
  unknown: 'unknown',
};

export class AuthScripts {
  readonly #groups: ReadonlyMap<string, ProcessGroup>;
  readonly #writer = new MarshalWriter();
  readonly #questions = new Set<ScriptQuestion>();

  constructor(groups: ReadonlyMap<string, ProcessGroup>) {
    this.#groups = groups;
  }

  /** One second went by. */
  tick(): void {
    for (const question of this.#questions) question.tick();
  }

  /**
   * Never settles where the client leaves before the answer: nobody is there to hear it.
   * @throws RequestError where the script could not be asked
   */
  ask(context: RequestContext, script: WsgiAuthScript, question: AuthQuestion): Promise<AuthAnswer> {
    const { applicationGroup, path } = script;
    const description = `WSGI ${kinds[question.function]} script '${path}'`;
    const group = this.#groups.get(scriptsGroup);
    if (group === undefined) {
      const hint = 'the configuration itself names no such script, only an .htaccess file does';
      return Promise.reject(new RequestError(500, `there is no process for ${description}: ${hint}`));
    }
    if (context.trace !== undefined) return Promise.resolve(assumeAnswer(context.trace, context, script, question));
    return new Promise((resolve, reject) => {
      const asked = new ScriptQuestion({
        group,
        applicationGroup: scriptApplicationGroup(applicationGroup, {
          serverName: context.server.name ?? context.serverName,
          port: context.serverPort,
          host: context.serverName,
        }),
        description,
        encode: () => {
          this.#writer.reset(frameHeaderBytes);
          writeQuestion(this.#writer, environFacts(context), path, question, context.scope.scriptReloading);
          return this.#writer.bytes();
        },
        timeoutSeconds: context.server.timeoutSeconds,
        onAnswer: (answer) => {
          const verdict = verdicts[answer.find(([name]) => name === 'verdict')?.[1] ?? ''] ?? 'failed';
          resolve({ verdict, names: answer.filter(([name]) => name === 'name').map(([, value]) => value) });
        },
        onFailed: (status, reason) => reject(new RequestError(status, reason ?? `${description} could not be asked`)),
        onDone: (done) => {
          this.#questions.delete(done);
          context.worker = undefined;
        },
      });
      this.#questions.add(asked);
      context.worker = asked;
      asked.start();
    });
  }
}

function environFacts(context: RequestContext): ScriptEnvironFacts {
  const { connection, server } = context;
  return {
    method: context.method,
    rawTarget: context.rawTarget,
    query: context.query,
    scriptName: context.uri.slice(0, context.uri.length - context.pathInfo.length),
    pathInfo: context.pathInfo,
    protocol: context.protocol,
    tls:
      connection.secure && new Map([...connection.secure.standardVariables, ...connection.secure.certificateVariables]),
    rawHeaders: context.incoming.rawHeaders,
    serverName: context.serverName,
    serverPort: context.serverPort,
    localAddress: connection.localAddress,
    remoteAddress: context.clientAddress,
    remotePort: connection.remotePort,
    serverSoftware: server.serverHeader,
    serverAdmin: server.admin,
    documentRoot: toByteString(server.documentRoot ?? '/'),
  };
}
