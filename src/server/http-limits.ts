/** The limits that connections have before it is known which server a request is for. */

import type { Config } from '../conf/config.js';
import { defaultLimits, limitSettings } from './core-limits-directives.js';
import type { HttpLimits } from './http-connections.js';
import { readMpm } from './mpm.js';
import { readPaceOf, requestReadPaces } from './reqtimeout-directives.js';

/** Limits of connections: they hold before a virtual host is known, so the main server's are the ones. */
export function limitsOf(config: Config): HttpLimits {
  // Where the main server is silent and there is one virtual host, its lines are meant.
  const only = config.servers.length === 2 ? config.servers[1] : undefined;
  const settings = (only ?? config.main).settings;
  const timeoutMs = settings.get(limitSettings.timeoutSeconds, defaultLimits.timeoutSeconds) * 1000;
  return {
    requestLineBytesLimit: settings.get(limitSettings.requestLineBytesLimit, defaultLimits.requestLineBytesLimit),
    requestFieldsLimit: settings.get(limitSettings.requestFieldsLimit, defaultLimits.requestFieldsLimit),
    requestFieldBytesLimit: settings.get(limitSettings.requestFieldBytesLimit, defaultLimits.requestFieldBytesLimit),
    keepAlive: settings.get(limitSettings.keepAlive, defaultLimits.keepAlive),
    keepAliveTimeoutMs: settings.get(limitSettings.keepAliveTimeoutMs, defaultLimits.keepAliveTimeoutMs),
    maxKeepAliveRequests: settings.get(limitSettings.maxKeepAliveRequests, defaultLimits.maxKeepAliveRequests),
    timeoutMs,
    headerMsLimit: headerMsLimitOf(config, timeoutMs),
    bodyPace: readPaceOf(settings, 'body'),
    accept: acceptRulesOf(config),
  };
}

/**
 * Under prefork a child has one connection at a time, as Apache's: whoever is slow keeps one child and no more. That
 * includes a connection that is kept open between two requests (KeepAliveTimeout): the next request on it must not find
 * the child at work for somebody else while others are idle.
 */
function acceptRulesOf({ main }: Config): HttpLimits['accept'] {
  const { mpm } = readMpm(main.settings);
  return {
    connectionsAtOnce: mpm.name === 'prefork' ? 1 : undefined,
    connectionsLimit: mpm.maxConnectionsPerChild,
  };
}

/** Timeout bounds the header, too, unless a line says how long it may take; 0 for any time. */
function headerMsLimitOf(config: Config, timeoutMs: number): number {
  const limits = config.servers.map(({ settings }) => {
    const { initialSeconds, maxSeconds } = readPaceOf(settings, 'header');
    const isSet = settings.find(requestReadPaces)?.header !== undefined;
    const ms = initialSeconds === 0 ? Number.POSITIVE_INFINITY : maxSeconds * 1000;
    return isSet ? ms : Math.min(ms, timeoutMs);
  });
  const longest = Math.max(...limits);
  return Number.isFinite(longest) ? longest : 0;
}
