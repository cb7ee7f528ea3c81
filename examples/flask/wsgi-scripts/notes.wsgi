"""The WSGI script of the notes: WSGIScriptAlias in ../httpd.conf points here.

The daemon processes start in the folder that WSGIDaemonProcess names with home=; the notes are kept there, unless the
environment says otherwise.
"""

import os
from pathlib import Path

from notes.site import create_site

application = create_site(Path(os.environ.get("STILLHOUSE_EXAMPLE_VAR") or os.getcwd()))
