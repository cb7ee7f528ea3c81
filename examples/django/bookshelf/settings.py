"""Settings of the bookshelf. Everything that the site writes lies in one folder, everything else is read-only.

STILLHOUSE_EXAMPLE_VAR     that folder: database, uploads, secret key, admin password (default: var/ in the example)
STILLHOUSE_EXAMPLE_STATIC  where collectstatic puts the files that `Alias /static/` serves (default: static/ in it)
STILLHOUSE_EXAMPLE_HOSTS   further host names, separated by commas, that the site answers to
STILLHOUSE_EXAMPLE_DEBUG   1 for Django's own error pages; never where others can reach the site
"""

import os
from pathlib import Path

from bookshelf.secret import stored_secret

SITE_ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("STILLHOUSE_EXAMPLE_VAR") or SITE_ROOT / "var")
VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = stored_secret(VAR / "secret-key", entropy_bytes=48)
DEBUG = os.environ.get("STILLHOUSE_EXAMPLE_DEBUG") == "1"
ALLOWED_HOSTS = [
    ".localhost",
    "127.0.0.1",
    "[::1]",
    "bookshelf.example",
    "www.bookshelf.example",
    *filter(None, os.environ.get("STILLHOUSE_EXAMPLE_HOSTS", "").split(",")),
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "catalogue",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "bookshelf.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "bookshelf.sqlite3",
        # Seconds that a writer waits for another one: all daemon processes share the file.
        "OPTIONS": {"timeout": 20},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# The trailing slash matters: httpd.conf maps the same path with `Alias /static/`.
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STILLHOUSE_EXAMPLE_STATIC") or VAR / "static")
# No MEDIA_URL: uploads are sent by a view, so that nothing uploaded is ever served as a page of this site.
MEDIA_ROOT = VAR / "uploads"
MEDIA_ROOT.mkdir(exist_ok=True)
# The same file system, so that a finished upload is renamed into place, and never /tmp, which may lie in memory.
FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "book-list"
LOGOUT_REDIRECT_URL = "book-list"

# Django's default keeps tracebacks to itself when DEBUG is off. stderr is the server's error log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
