/** The methods that Apache itself knows, which Require method, <Limit> and <LimitExcept> may name. */

export const knownMethods: ReadonlySet<string> = new Set(
  (
    'GET HEAD PUT POST DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK ' +
    'VERSION-CONTROL CHECKOUT UNCHECKOUT CHECKIN UPDATE LABEL REPORT MKWORKSPACE MKACTIVITY BASELINE-CONTROL MERGE'
  ).split(' '),
);
