"""The exception that interrupt-timeout raises in request threads. In a file of its own: nearly everything must know it."""


class RequestTimeout(BaseException):
    """Raised in a request thread whose request runs too long (interrupt-timeout).

    A direct subclass of BaseException, as in mod_wsgi: `except Exception` in an application must not swallow it.
    """


RequestTimeout.__module__ = "mod_wsgi"
