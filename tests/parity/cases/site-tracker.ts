/**
 * tests/sites/tracker: a server of many years with several projects of a tracker and two wikis, as Trac and MoinMoin
 * describe it: aliases by pattern, logins by the server, rules in the words of Apache 2.2 and 2.4 beside each other.
 */

import type { ParityRequest, Scenario } from '../scenario.js';

const trac = 'trac.example.org';
const wiki = 'wiki.example.org';

function as(user: string, password = 'wiki'): readonly [string, string] {
  return ['Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`];
}

function ask(target: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: target, target, host: trac, status, ...more };
}

const pages: readonly ParityRequest[] = [
  ask('/', 301),
  ask('/trac/alpha', 302),
  ask('/trac/alpha/wiki', 200, { shows: 'WikiStart' }),
  ask('/trac/alpha/wiki/Caf%C3%A9%20<b>', 200, { shows: '&lt;b&gt;' }),
  ask('/trac/alpha/wiki/a%2Fb', 200, { shows: 'a%2Fb' }),
  ask('/trac/alpha/wiki?format=txt', 200, { shows: 'of alpha' }),
  ask('/trac/alpha/wiki', 200, { name: 'HEAD of a page', method: 'HEAD' }),
  ask('/trac/alpha/ticket/7', 200, { shows: 'must-revalidate' }),
  ask('/trac/alpha/ticket/x', 404, { shows: 'No ticket' }),
  ask('/trac/alpha/nowhere', 404, { shows: 'No handler matched' }),
  ask('/trac/alpha/newticket', 302, { name: 'a new ticket', method: 'POST', body: 'summary=it+breaks&owner=eve' }),
  ask('/trac/alpha/raw-attachment/wiki/notes.bin', 200),
  ask('/trac/alpha/raw-attachment/wiki/notes.bin', 200, {
    name: 'no part of what an application sends',
    headers: [['Range', 'bytes=9-13']],
  }),
  ask('/trac/alpha/raw-attachment/wiki/none', 404),
  ask('/trac/alpha/env', 200, { shows: 'process_group=trac' }),
  ask('/trac/alphabet/wiki', 404, { shows: 'No project' }),
  ask('/trac/gamma/wiki', 404, { shows: 'No project' }),
  ask('/trac/', 404),
  ask('/trac/beta', 401),
];

const files: readonly ParityRequest[] = [
  ask('/robots.txt', 200),
  ask('/trac/alpha/chrome/common/css/trac.css', 200, { shows: 'color' }),
  ask('/trac/whatever/chrome/common/js/trac.js', 200),
  ask('/trac/alpha/chrome/common/css/none.css', 404),
  ask('/trac/alpha/chrome/common/css/', 403),
  ask('/trac/alpha/chrome/common/css', 301),
  // <Location /trac> opens again what FilesMatch has closed: it comes later.
  ask('/trac/alpha/chrome/common/js/setup.py', 200),
  ask('/downloads/setup.sh', 403),
  ask('/trac/alpha/chrome/site/logo.txt', 200, { shows: 'alpha site' }),
  ask('/trac/alpha/chrome/site/', 403),
  ask('/trac/alpha/chrome/common/css/trac.css', 304, {
    name: 'a style sheet that has not changed',
    headers: [['If-Modified-Since', 'Fri, 01 Mar 2024 12:00:00 GMT']],
  }),
  ask('/trac/alpha/chrome/common/css/trac.css', 206, { name: 'a part of it', headers: [['Range', 'bytes=-6']] }),
  ask('/trac/alpha/chrome/common/css/trac.css', 200, { name: 'HEAD of it', method: 'HEAD' }),
  ask('/downloads/tracker-1.0.txt', 200),
  ask('/downloads/tracker-1.0.bundle', 200, { shows: 'attachment' }),
  ask('/downloads/data.csv', 200),
  ask('/downloads/data.numbers.txt', 200),
  ask('/downloads/.htaccess', 403),
  ask('/downloads/', 403),
  ask('/downloads/internal/plan.txt', 401),
  ask('/downloads/internal/plan.txt', 200, { name: 'the plan for ann', headers: [as('ann')] }),
];

const logins: readonly ParityRequest[] = [
  ask('/trac/alpha/login', 401, { shows: 'Basic realm="Trac"' }),
  ask('/trac/alpha/login', 302, { name: 'ann in alpha', headers: [as('ann')], shows: 'trac_auth=ann' }),
  ask('/trac/alpha/login', 401, { name: 'ann with a wrong password', headers: [as('ann', 'wrong')] }),
  ask('/trac/alpha/login', 401, { name: 'nobody that is known', headers: [as('zoe')] }),
  ask('/trac/alpha/login', 401, { name: 'not Basic', headers: [['Authorization', 'Bearer x']] }),
  ask('/trac/alpha/login', 401, { name: 'no Base64', headers: [['Authorization', 'Basic !!!']] }),
  ask('/trac/beta/wiki', 401, { shows: 'Basic realm="Beta team"' }),
  ask('/trac/beta/wiki', 200, { name: 'ann in beta', headers: [as('ann')], shows: 'seen by ann' }),
  ask('/trac/beta/wiki', 401, { name: 'bob, who is not of beta', headers: [as('bob')] }),
  // The later section asks for the group as well as for the name of the realm.
  ask('/trac/beta/login', 302, { name: 'ann logs in to beta', headers: [as('ann')] }),
  ask('/trac/beta/login', 401, { name: 'bob at the login of beta', headers: [as('bob')] }),
  ask('/trac/beta/chrome/site/logo.txt', 401, { name: 'a file of beta' }),
  ask('/trac/beta/chrome/site/logo.txt', 200, { name: 'a file of beta for ann', headers: [as('ann')] }),
  ask('/trac/alpha/env', 200, { name: 'a password that nobody asked for', headers: [as('ann')] }),
  ask('/trac/beta/env', 200, { name: 'what the application sees of it', headers: [as('ann')] }),
  ask('/trac/alpha/rpc', 200, { name: 'a token', headers: [['Authorization', 'Bearer t0ken']] }),
  ask('/trac/alpha/rpc', 403, { name: 'another token', headers: [['Authorization', 'Bearer x']] }),
  ask('/trac/alpha/wiki', 403, { name: 'a greedy robot', headers: [['User-Agent', 'GreedyBot/2.0']] }),
  ask('/robots.txt', 200, { name: 'what robots may read', headers: [['User-Agent', 'GreedyBot/2.0']] }),
];

const rules: readonly ParityRequest[] = [
  ask('/cgi-bin/trac.cgi/wiki/Page?x=1', 301),
  ask('/cgi-bin/trac.cgi', 301),
  ask('/alpha', 302),
  ask('/ticket/12', 302, { shows: '#comments' }),
  ask('/ticket/twelve', 404),
  ask('/svn/trunk', 410),
  ask('/wiki/Page', 200, { name: 'by a host of its own', host: 'alpha.trac.example.org', shows: 'alpha: seen' }),
  ask('/env', 200, { name: 'what the application sees of it there', host: 'alpha.trac.example.org:${PORT}' }),
  ask('/login', 401, { name: 'its login', host: 'alpha.trac.example.org' }),
  ask('/trac/alpha/wiki', 200, { name: 'the whole path there', host: 'alpha.trac.example.org' }),
  ask('/wiki', 404, { name: 'a host without a project', host: 'gamma.trac.example.org', shows: 'No project' }),
  ask('/trac/alpha/wiki', 403, { name: 'DEBUG', method: 'DEBUG' }),
];

const wikis: readonly ParityRequest[] = [
  ask('/', 200, { name: 'the wiki', host: wiki, shows: 'public |/ for nobody in moin' }),
  ask('/Page%C3%A9/Sub', 200, { host: wiki }),
  ask('/publicwiki/FrontPage', 200, { host: wiki, shows: 'public /publicwiki|/FrontPage' }),
  ask('/teamwiki/FrontPage', 401, { host: wiki, shows: 'Team wiki' }),
  ask('/teamwiki/FrontPage', 200, { name: 'bob of the team', host: wiki, headers: [as('bob')], shows: 'for bob' }),
  ask('/teamwiki/FrontPage', 401, { name: 'eve, not of the team', host: wiki, headers: [as('eve')] }),
  ask('/moin_static199/common.css', 200, { host: wiki, shows: 'max-age=604800' }),
  ask('/moin_static199/none.css', 404, { host: wiki }),
  ask('/moin_static199', 200, { host: wiki, shows: '/moin_static199' }),
  ask('/trac/alpha/wiki', 200, { name: 'a path of the other host', host: wiki, shows: 'public |/trac/alpha/wiki' }),
  ask('/robots.txt', 200, { name: 'a file of the other host', host: wiki, shows: 'public |/robots.txt' }),
  ask('/trac/alpha/wiki', 200, { name: 'an unknown host', host: 'unknown.example', shows: 'alpha: seen' }),
];

export const trackerSite: Scenario = {
  name: 'site: a tracker with projects, and two wikis',
  config: `
Define HTTP_PORT \${PORT}
Define TRAC_USER \${RUN_USER}
Define TRAC_GROUP \${RUN_GROUP}
Define TRAC "\${ROOT}/site"
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
Include \${TRAC}/apache/tracker.conf
`,
  site: 'tracker',
  complaints: [],
  requests: [...pages, ...files, ...logins, ...rules, ...wikis],
};
