/** Two Django projects, as startproject makes them, in one daemon process. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { application, TestServer } from './support/server.js';

const files = (name: string): Record<string, string> => ({
  [`${name}/project/__init__.py`]: '',
  [`${name}/project/settings.py`]: `
SECRET_KEY = "${name}"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
SITE = "${name}"
`,
  [`${name}/project/urls.py`]: `
import os
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse(f"{settings.SITE} {os.environ['SITE']}"))]
`,
  [`${name}/project/wsgi.py`]: `
import os
import sys
sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
os.environ.setdefault("SITE", "${name}")
application = get_wsgi_application()
`,
});

it('two Django projects with settings of their own live in one process', async () => {
  const home = process.env.STILLHOUSE_TEST_VENV ?? join(process.cwd(), '.example/venv');
  await using server = await TestServer.start({
    config: ({ folder }) => `
WSGIDaemonProcess site threads=2 python-home=${home}
WSGIProcessGroup site
WSGIScriptAlias /one ${folder}/one/project/wsgi.py
WSGIScriptAlias /two ${folder}/two/project/wsgi.py
WSGIScriptAlias /hello ${folder}/hello.wsgi application-group=%{GLOBAL}
`,
    files: { ...files('one'), ...files('two'), 'hello.wsgi': application('hello') },
  });
  for (let round = 0; round < 3; round++) {
    assert.equal((await server.request('/one/')).text, 'one one');
    assert.equal((await server.request('/two/')).text, 'two two');
    assert.equal((await server.request('/hello')).status, 200);
  }
  assert.equal(server.daemonPids('site').length, 1);
});
