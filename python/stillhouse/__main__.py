"""Start of a daemon process: `python <this folder>`, with the control socket as descriptor 3.

The folder itself must not stay on the application's sys.path, only the package under its own name.
"""

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]

from stillhouse.daemon_process import main  # noqa: E402

del sys.path[0]
sys.exit(main())
