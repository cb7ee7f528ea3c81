/** What a parity case is made of: one configuration text, the files it speaks of, and the requests to ask. */

export interface Scenario {
  /** Unique, and a name rather than a number: known-differences.ts refers to it. */
  readonly name: string;
  /**
   * Both servers read this same text. Defined in it: ROOT, the folder of `files`; PORT, and PORT2 where `extraPort` is
   * set. The folder has what tests/parity/apps holds in wsgi-scripts/, and documents/.
   */
  readonly config: string;
  /** By path below ROOT; a path that ends in '/' makes a folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** A second port is listened on, ${PORT2}. */
  readonly extraPort?: boolean;
  /**
   * A folder of tests/sites: ROOT has it as site/, and the configuration has Listen lines of its own, for ${ADDRESS} and
   * the ports. Defined are as well RUN_USER and RUN_GROUP, PYTHON_HOME, with Django in it, and LOGS, a folder of the server.
   */
  readonly site?: string;
  /** All that `stillhouse check` says of it, `file:line severity: message`; not asked where there is no such list. */
  readonly complaints?: readonly string[];
  readonly requests: readonly ParityRequest[];
}

export interface TlsClient {
  /** Named in the handshake; without it none is. */
  readonly serverName?: string;
  /** Of tests/support/certificates: shown where the server asks. */
  readonly certificate?: string;
  readonly version?: 'TLSv1.2' | 'TLSv1.3';
}

export interface ParityRequest {
  /** Unique in its scenario. */
  readonly name: string;
  /** GET where there is no other. */
  readonly method?: string;
  /** '/' where there is no other. */
  readonly target?: string;
  /** Host where there is no other: www.example.com. `null` leaves the field out. ${PORT} may stand in it. */
  readonly host?: string | null;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Sent with a Content-Length. */
  readonly body?: string;
  /** The whole request as it goes over the wire, in place of all of the above. ${PORT} may stand in it. */
  readonly raw?: string;
  /** Answers that come on the connection: more than one where `raw` holds several requests. */
  readonly answers?: number;
  /** Over TLS. */
  readonly tls?: TlsClient;
  /** To the second port. */
  readonly toExtraPort?: boolean;
  /** What Apache answers, so that two servers that fail alike are not taken for agreement. 0: closes without answer. */
  readonly status: number;
  /** Must stand in an answer of Apache: in its body, a header or the environ. */
  readonly shows?: string;
  /** The body is environ.wsgi's JSON: only these keys of it are compared. A name that ends in '*' stands for many. */
  readonly environ?: readonly string[];
  /** Must come up in both error logs because of this request. */
  readonly logged?: string;
  /** So often in a row on both sides, and the set of different answers is compared: for what is chosen by chance. */
  readonly repeat?: number;
}
