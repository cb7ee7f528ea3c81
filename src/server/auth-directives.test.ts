import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectiveError } from '../conf/directive.js';
import { authScriptDirectives } from '../wsgi/auth-script-directives.js';
import { requireDirectives, requireSections } from './access-directives.js';
import { type AuthorizationPlan, authDirectives, findAuthorization } from './auth-directives.js';
import { settingsOf } from './directive-line.test.fixture.js';

function planOf(text: string): AuthorizationPlan | undefined {
  const directives = [...authDirectives, ...authScriptDirectives, ...requireDirectives];
  return findAuthorization(settingsOf(text.replaceAll(' / ', '\n'), directives, requireSections));
}

describe('what admitting a request takes', () => {
  for (const text of [
    'Require all granted',
    'AuthType Basic / AuthName x / Require all granted',
    'AuthType Basic / <RequireAny> / Require local / </RequireAny>',
    'AuthUserFile /users',
    'AuthType None',
    'WSGIAuthUserScript /a.py / Require ip 127',
  ]) {
    it(`is nothing more for ${text}`, () => assert.equal(planOf(text), undefined));
  }

  it('is a user where a rule asks for one', () => {
    for (const rule of ['valid-user', 'user ann', 'group staff', 'wsgi-group staff']) {
      assert.ok(planOf(`AuthType Basic / AuthName x / Require ${rule}`), rule);
      assert.ok(planOf(`<RequireAny> / <RequireAll> / Require ${rule} / </RequireAll> / </RequireAny>`), rule);
    }
  });

  it('is more where there is no rule, or a script to ask', () => {
    assert.equal(planOf('AuthType basic')?.type, 'basic');
    assert.equal(planOf('WSGIAccessScript /a.py')?.accessScript?.path, '/a.py');
  });

  it('has all that the lines say', () => {
    const plan = planOf(
      'AuthType Basic / AuthName x / AuthBasicProvider file wsgi / AuthBasicProvider file / AuthBasicAuthoritative Off / ' +
        'AuthUserFile users / AuthGroupFile /groups / WSGIAuthUserScript /u.py / WSGIAuthGroupScript g.py / ' +
        'AuthzSendForbiddenOnFailure On / Require valid-user',
    );
    assert.deepEqual(
      [plan?.type, plan?.challenge, plan?.providers, plan?.isAuthoritative, plan?.userFile, plan?.groupFile],
      ['Basic', 'Basic realm="x"', ['file', 'wsgi', 'file'], false, '/root/users', '/groups'],
    );
    assert.deepEqual(
      [plan?.userScript?.path, plan?.groupScript?.path, plan?.forbidsOnFailure],
      ['/u.py', '/root/g.py', true],
    );
  });

  it('has a realm whose quotes are escaped, as bytes', () => {
    const challengeOf = (name: string) => planOf(`AuthName ${name} / Require valid-user`)?.challenge;
    assert.equal(challengeOf('caf\u00e9'), 'Basic realm="caf\u00c3\u00a9"');
    assert.equal(challengeOf('a\\"b'), 'Basic realm="a\\"b"');
    assert.equal(challengeOf('a"b'), 'Basic realm="a\\"b"');
    assert.equal(challengeOf('a\\'), 'Basic realm="a\\"');
  });

  for (const text of [
    'AuthType Digest',
    'AuthType Form',
    'AuthBasicProvider ldap',
    'AuthBasicProvider File',
    'Require user %{REMOTE_USER}',
    'Require group',
    'Require wsgi-group',
    'Require ldap-group x',
    'WSGIAuthUserScript',
    'WSGIAuthUserScript /a.py process-group=x',
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => planOf(text), DirectiveError));
  }
});
