/** What TLS means for one request: whether it may come over this connection, and what the application hears of it. */

import { RequestError } from '../base/errors.js';
import { type RequestContext, setVariable } from './request-context.js';
import { sslSettings } from './ssl-directives.js';
import { isTlsCompatible, type SecureConnection } from './tls-acceptor.js';

/**
 * A client may ask for another host than it named in the handshake, or have named none (ssl_hook_ReadReq).
 * @throws RequestError 403 or 421
 */
export function checkTlsHost(context: RequestContext, secure: SecureConnection): void {
  const { scope } = context.server;
  if (secure.serverName === undefined) {
    const isStrict =
      scope.settings.get(sslSettings.strictSni, false) || secure.scope.settings.get(sslSettings.strictSni, false);
    if (isStrict) throw new RequestError(403, 'no host was named in the TLS handshake (SSLStrictSNIVHostCheck)');
  }
  if (isTlsCompatible(secure.scope, scope)) return;
  const named = secure.serverName ?? 'no host';
  throw new RequestError(421, `the TLS handshake was for ${named}, the settings of ${context.serverName} are others`);
}

/** Apache's ssl_hook_Fixup. */
export function setTlsVariables(context: RequestContext, secure: SecureConnection): void {
  setVariable(context, 'HTTPS', 'on');
  if (secure.serverName !== undefined) setVariable(context, 'SSL_TLS_SNI', secure.serverName);
  const { sslOptions } = context.scope;
  if (sslOptions.has('StdEnvVars')) {
    for (const [name, value] of secure.standardVariables) setVariable(context, name, value);
  }
  if (sslOptions.has('ExportCertData')) {
    for (const [name, value] of secure.certificateVariables) setVariable(context, name, value);
  }
}
