/**
 * A server's configuration made ready for requests: what would be looked up or put together for each of them is done
 * once here. One CompiledServer for the main server and each virtual host, one CompiledScope for each combination of
 * sections that requests have met.
 */

import { toByteString } from '../base/byte-string.js';
import { type ConditionalSection, conditionalSections } from '../conf/conditional-sections.js';
import type { AppliedSection, ServerScope } from '../conf/config.js';
import { SettingsMerger } from '../conf/section-matching.js';
import type { Settings } from '../conf/settings.js';
import { type AccessRules, isOpenToAll } from '../http/access-rules.js';
import { type DirectoryOption, effectiveOptions } from '../http/directory-options.js';
import type { HeaderRule } from '../http/header-rules.js';
import type { RemoteIpRules } from '../http/remote-ip.js';
import type { TargetRules } from '../http/request-target.js';
import type { SetEnvIfRule } from '../http/set-env-if.js';
import {
  definitionSettings,
  type WsgiDispatchScript,
  type WsgiHandlerScript,
  type WsgiScriptAlias,
  wsgiSettings,
} from '../wsgi/settings.js';
import type { ProxyRules } from '../wsgi/trusted-proxies.js';
import { accessRulesOf } from './access-directives.js';
import { type AliasEntry, aliasSettings } from './alias-directives.js';
import { type AuthorizationPlan, authSettings, findAuthorization } from './auth-directives.js';
import { fileSettings } from './core-file-directives.js';
import { defaultLimits, limitSettings } from './core-limits-directives.js';
import { requestSettings } from './core-request-directives.js';
import { serverSettings } from './core-server-directives.js';
import { type EnvironmentChanges, environmentSettings } from './env-directives.js';
import { headersSettings } from './headers-directives.js';
import { findOutputRules, type OutputRules } from './output-rules.js';
import { usesAccessFiles } from './override-directives.js';
import { type RedirectEntry, redirectSettings, type SectionRedirect } from './redirect-directives.js';
import { findRemoteIpRules } from './remoteip-directives.js';
import { type ReadPace, readPaceOf } from './reqtimeout-directives.js';
import {
  type DirectoryRules,
  findDirectoryRewrite,
  findServerRewrite,
  type ServerRules,
} from './rewrite-directives.js';
import { formatServerHeader } from './server-version.js';
import { effectiveSslOptions, type SslOption, sslSettings } from './ssl-directives.js';

export class CompiledServer {
  readonly scope: ServerScope;
  readonly settings: Settings;
  readonly aliases: readonly AliasEntry[];
  readonly redirects: readonly RedirectEntry[];
  readonly scriptAliases: readonly WsgiScriptAlias[];
  readonly rewrite: ServerRules | undefined;
  readonly environmentRules: readonly SetEnvIfRule[];
  /** ServerName's host; undefined where there is none. */
  readonly name: string | undefined;
  readonly port: number | undefined;
  /** ServerName's, for connections without TLS. */
  readonly scheme: 'http' | 'https';
  readonly useCanonicalName: boolean;
  readonly usesPhysicalPort: boolean;
  readonly admin: string;
  readonly documentRoot: string | undefined;
  /** The same as a byte string; '/' where there is none. */
  readonly documentRootBytes: string;
  readonly serverHeader: string;
  readonly timeoutSeconds: number;
  /** How the path of a request target is decoded. */
  readonly targetRules: TargetRules;
  /** Whether any folder's .htaccess can count. */
  readonly usesAccessFiles: boolean;
  readonly bodyPace: ReadPace;
  /** Undefined without RemoteIPHeader. */
  readonly remoteIp: RemoteIpRules | undefined;
  readonly #merger: SettingsMerger;
  readonly #scopes = new WeakMap<Settings, CompiledScope>();
  #ownScope: CompiledScope | undefined;

  constructor(scope: ServerScope) {
    const { settings } = scope;
    const name = settings.find(serverSettings.serverName);
    this.scope = scope;
    this.settings = settings;
    this.aliases = settings.get(aliasSettings.aliases, []);
    this.redirects = settings.get(redirectSettings.serverRedirects, []);
    this.scriptAliases = settings.get(definitionSettings.scriptAliases, []);
    this.rewrite = findServerRewrite(settings, scope.index !== 0);
    this.environmentRules = settings.get(environmentSettings.serverRules, []);
    this.name = name?.host;
    this.port = name?.port;
    this.scheme = name?.scheme ?? 'http';
    this.useCanonicalName = settings.get(serverSettings.useCanonicalName, false);
    this.usesPhysicalPort = settings.get(serverSettings.useCanonicalPhysicalPort, false);
    this.admin = toByteString(settings.get(serverSettings.serverAdmin, '[no address given]'));
    this.documentRoot = settings.find(serverSettings.documentRoot);
    this.documentRootBytes = toByteString(this.documentRoot ?? '/');
    this.serverHeader = formatServerHeader(settings.get(serverSettings.serverTokens, 'Full'));
    this.timeoutSeconds = settings.get(limitSettings.timeoutSeconds, defaultLimits.timeoutSeconds);
    this.usesAccessFiles = usesAccessFiles(scope);
    this.bodyPace = readPaceOf(settings, 'body');
    this.remoteIp = findRemoteIpRules(settings);
    this.targetRules = targetRulesOf(scope);
    this.#merger = new SettingsMerger(scope);
  }

  /** Without any section. */
  get ownScope(): CompiledScope {
    this.#ownScope ??= this.scopeOf([]);
    return this.#ownScope;
  }

  /** The server's settings under those of the sections that a request matched. */
  scopeOf(sections: readonly AppliedSection[]): CompiledScope {
    const settings = this.#merger.merge(sections);
    let compiled = this.#scopes.get(settings);
    if (compiled === undefined) {
      compiled = new CompiledScope(settings, this.settings);
      this.#scopes.set(settings, compiled);
    }
    return compiled;
  }
}

const noConditionals: readonly ConditionalSection[] = Object.freeze([]);

export class CompiledScope {
  readonly settings: Settings;
  readonly access: AccessRules;
  /** Nothing of a request needs to be known to let it through, as far as `access` goes. */
  readonly isOpenToAll: boolean;
  /** Undefined where `access` alone decides. */
  readonly authorization: AuthorizationPlan | undefined;
  /** Sections that are yet to be tried; for most requests there is none. */
  readonly conditionals: readonly ConditionalSection[];
  readonly options: ReadonlySet<DirectoryOption>;
  readonly environment: EnvironmentChanges | undefined;
  readonly environmentRules: readonly SetEnvIfRule[];
  readonly rewrite: DirectoryRules | undefined;
  readonly bodyBytesLimit: number;
  readonly acceptsPathInfo: boolean | undefined;
  readonly passAuthorization: boolean;
  readonly cgiPassAuthorization: boolean;
  readonly chunkedRequest: boolean;
  readonly scriptReloading: boolean;
  readonly ignoreActivity: boolean;
  readonly overridesErrors: boolean;
  /** Undefined where no header of a proxy is named. */
  readonly proxyRules: ProxyRules | undefined;
  /** Undefined where responses go out as they are, and nothing is to be done to requests. */
  readonly output: OutputRules | undefined;
  readonly requestHeaderRules: readonly HeaderRule[] | undefined;
  /** Applications see GET for HEAD. */
  readonly mapsHeadToGet: boolean;
  readonly requiresTls: boolean;
  readonly dispatchScript: WsgiDispatchScript | undefined;
  readonly handlerScripts: ReadonlyMap<string, WsgiHandlerScript> | undefined;
  /** The first that holds goes before `redirects`. */
  readonly redirect: SectionRedirect | undefined;
  readonly redirects: readonly RedirectEntry[];
  readonly sslOptions: ReadonlySet<SslOption>;

  constructor(settings: Settings, server: Settings) {
    const pathInfo = settings.get(requestSettings.acceptPathInfo, 'Default');
    this.settings = settings;
    this.access = accessRulesOf(settings);
    this.isOpenToAll = isOpenToAll(this.access);
    this.authorization = findAuthorization(settings);
    this.conditionals = settings.get(conditionalSections, noConditionals);
    this.options = effectiveOptions(settings.find(fileSettings.options));
    this.environment = settings.find(environmentSettings.environment);
    this.environmentRules = settings.get(environmentSettings.sectionRules, []);
    this.rewrite = findDirectoryRewrite(settings, server);
    this.bodyBytesLimit = settings.get(limitSettings.requestBodyBytesLimit, defaultLimits.requestBodyBytesLimit);
    this.acceptsPathInfo = pathInfo === 'Default' ? undefined : pathInfo === 'On';
    this.passAuthorization = settings.get(wsgiSettings.passAuthorization, false);
    this.cgiPassAuthorization = settings.get(authSettings.passAuthorization, false);
    this.chunkedRequest = settings.get(wsgiSettings.chunkedRequest, false);
    this.scriptReloading = settings.get(wsgiSettings.scriptReloading, true);
    const proxyHeaders = settings.find(wsgiSettings.trustedProxyHeaders);
    const proxies = settings.find(wsgiSettings.trustedProxies);
    this.proxyRules = proxyHeaders && { headers: proxyHeaders, proxies };
    this.output = findOutputRules(settings);
    this.requestHeaderRules = settings.find(headersSettings.request);
    // Auto: where a filter may want to see the body. To Apache whatever changes a response is one, header lines too.
    const mapHeadToGet = settings.get(wsgiSettings.mapHeadToGet, 'Auto');
    this.mapsHeadToGet = mapHeadToGet === 'On' || (mapHeadToGet === 'Auto' && this.output !== undefined);
    this.overridesErrors = settings.get(wsgiSettings.errorOverride, false);
    this.dispatchScript = settings.find(wsgiSettings.dispatchScript);
    this.handlerScripts = settings.find(wsgiSettings.handlerScripts);
    this.redirect = settings.find(redirectSettings.sectionRedirect);
    this.redirects = settings.get(redirectSettings.sectionRedirects, []);
    this.requiresTls = settings.get(sslSettings.requiresTls, false);
    this.sslOptions = effectiveSslOptions(settings.find(sslSettings.options));
    this.ignoreActivity = settings.get(wsgiSettings.ignoreActivity, false);
  }
}

function targetRulesOf({ index, settings }: ServerScope): TargetRules {
  const { allowEncodedSlashes, hostEncodedSlashes } = requestSettings;
  const slashes = settings.get(index === 0 ? allowEncodedSlashes : hostEncodedSlashes, 'Off');
  return {
    encodedSlashes: slashes === 'NoDecode' ? 'nodecode' : slashes === 'On' ? 'on' : 'off',
    mergeSlashes: settings.get(requestSettings.mergeSlashes, true),
    // Nothing that is decoded depends on it.
    scheme: 'http',
  };
}
