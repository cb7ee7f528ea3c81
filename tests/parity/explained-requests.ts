/** What `explain` says of every request of a scenario, held against what the server then did. Called by harness.ts. */

import { dirname, join } from 'node:path';
import { checkout } from '../support/command.js';
import type { RawAnswer } from './raw-client.js';
import type { ParityRequest } from './scenario.js';
import type { ServedRequest } from './server-process.js';

/** Of an Explanation (src/server/explanation.ts), which is compiled apart from the tests. */
export interface Explained {
  readonly status: number | null;
  readonly decidedBy: 'server' | 'application' | 'nobody';
  readonly questions: readonly { readonly script: string }[];
  readonly location: string | null;
  readonly file: string | null;
  readonly passes: readonly unknown[];
  readonly application: {
    readonly script: string;
    readonly callable: string;
    readonly scriptName: string;
    readonly pathInfo: string;
    readonly processGroup: { readonly name: string };
    readonly applicationGroup: string;
  } | null;
}

interface Parts {
  readonly Explainer: {
    create(loaded: unknown): Promise<AsyncDisposable & { explain(request: object): Promise<Explained> }>;
  };
  readonly loadConfig: (request: { file: string; serverRoot: string }) => unknown;
}

export interface ArrivedRequest {
  readonly bytes: Buffer;
  readonly address: string;
  readonly port: number;
  readonly request: ParityRequest;
}

/** The variables of ServerProcess's environment that a configuration may pass on. */
process.env.PARITY_PASSED = 'from the environment';

export class ExplainedRequests {
  readonly #explainer: Awaited<ReturnType<Parts['Explainer']['create']>>;

  private constructor(explainer: Awaited<ReturnType<Parts['Explainer']['create']>>) {
    this.#explainer = explainer;
  }

  /** `config`: the file that the server was started with. */
  static async create(config: string): Promise<ExplainedRequests> {
    const load = (name: string): Promise<Parts> => import(join(checkout, 'dist/server', name)) as Promise<Parts>;
    const [{ Explainer }, { loadConfig }] = await Promise.all([load('explainer.js'), load('config-source.js')]);
    return new ExplainedRequests(await Explainer.create(loadConfig({ file: config, serverRoot: dirname(config) })));
  }

  async close(): Promise<void> {
    await this.#explainer[Symbol.asyncDispose]();
  }

  /** Where the explanation is not what the server did: one line each. */
  async findDisagreements(
    arrived: ArrivedRequest,
    answer: RawAnswer | undefined,
    served: ServedRequest,
  ): Promise<readonly string[]> {
    const { address, bytes, port, request } = arrived;
    // A certificate of the client is nothing that explain can show.
    if (request.tls?.certificate !== undefined || (request.tls !== undefined && answer === undefined)) return [];
    const explained = await this.#explainer.explain({
      bytes,
      remoteAddress: '127.0.0.1',
      localAddress: address,
      localPort: port,
      listenerHost: address,
      tls: request.tls && { serverName: request.tls.serverName },
    });
    const found: string[] = [];
    const compare = (what: string, said: unknown, was: unknown): void => {
      if (said !== was) found.push(`explain: ${what} ${JSON.stringify(said)}, the server: ${JSON.stringify(was)}`);
    };
    if (explained.questions.length > 0) return found;
    if (explained.application === null) {
      compare('status', explained.status, answer?.status);
      compare('location', explained.location, answer?.headers.find(([name]) => name === 'location')?.[1] ?? null);
      return found;
    }
    const { applicationGroup, callable, pathInfo, processGroup, script, scriptName } = explained.application;
    const environ = environIn(answer);
    // By chance it may be another one each time.
    if (request.repeat === undefined) compare('process group', processGroup.name, served.processGroup);
    // What it answers may send the request on: to another path, or to the ErrorDocument in place of its own.
    const isSentOn = explained.passes.length === 1 && served.redirectStatus !== '-';
    if (isSentOn) return found;
    compare('file', explained.file, served.file);
    if (environ === undefined) return found;
    const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
    compare('script', script, environ['mod_wsgi.handler_script'] || environ.SCRIPT_FILENAME);
    compare(
      'application group',
      latin1(applicationGroup.replace(/^%\{GLOBAL\}$/, '')),
      environ['mod_wsgi.application_group'],
    );
    compare('callable', callable, environ['mod_wsgi.callable_object']);
    compare('SCRIPT_NAME', latin1(scriptName), environ.SCRIPT_NAME);
    compare('PATH_INFO', latin1(pathInfo), environ.PATH_INFO);
    return found;
  }
}

/** The environ as environ.wsgi shows it. */
function environIn(answer: RawAnswer | undefined): Readonly<Record<string, string>> | undefined {
  const text = answer?.body.toString('latin1') ?? '';
  if (!text.startsWith('{')) return undefined;
  try {
    const environ = JSON.parse(text) as Record<string, string>;
    return 'wsgi.version' in environ ? environ : undefined;
  } catch {
    return undefined; // another application's
  }
}
