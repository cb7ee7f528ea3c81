"""The application of original.py beside it, watched by wsgiref.validate: whatever breaks PEP 3333 raises."""

import os
import warnings
from wsgiref.validate import WSGIWarning, validator

warnings.simplefilter("error", WSGIWarning)
path = os.path.join(os.path.dirname(__file__), "original.py")
with open(path, encoding="utf-8") as source:
    exec(compile(source.read(), path, "exec"))
application = validator(application)  # noqa: F821
