"""The WSGI script of the bookshelf: WSGIScriptAlias in ../httpd.conf points here.

The daemon processes start in the folder that WSGIDaemonProcess names with home=. That is where the site keeps its
database and uploads, unless the environment says otherwise.
"""

import os

os.environ.setdefault("STILLHOUSE_EXAMPLE_VAR", os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshelf.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - the settings must be named first

application = get_wsgi_application()
