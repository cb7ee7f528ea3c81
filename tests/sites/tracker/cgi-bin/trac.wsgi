"""All projects of the tracker: TRAC_ENV of the request says which, or its name does."""

from tracker.web import dispatch_request as application  # noqa: F401
