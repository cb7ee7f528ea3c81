"""A page of Django: middleware, a session from SQLite, a query, a template. Read only, as most requests are, so that
what is measured is not SQLite's lock.

    python django_view.py      makes the database beside this file
"""

from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

DATABASE = Path(__file__).resolve().parent / "bench.sqlite3"
# The request sends it as a cookie: 32 characters, as Django's own keys.
SESSION_KEY = "b" * 32
TEMPLATE = """<h1>books of {{ reader }}</h1>
<ul>{% for title, year in books %}<li>{{ title }} ({{ year }})</li>{% endfor %}</ul>
"""


def books(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, year FROM book ORDER BY year DESC LIMIT 20")
        rows = cursor.fetchall()
    return HttpResponse(PAGE.render({"reader": request.session["reader"], "books": rows}))


settings.configure(
    DEBUG=False,
    SECRET_KEY="not a secret: it protects nothing but this bench",
    ALLOWED_HOSTS=["*"],
    # The routes themselves, not this module's name: servers load it under names of their own.
    ROOT_URLCONF=(path("books", books),),
    INSTALLED_APPS=["django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATABASE), "CONN_MAX_AGE": None}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
application = get_wsgi_application()
PAGE = engines["django"].from_string(TEMPLATE)


def prepare() -> None:
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    data = SessionStore().encode({"reader": "bench"})
    Session.objects.create(session_key=SESSION_KEY, session_data=data, expire_date=timezone.now() + timedelta(days=9))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL, year INTEGER NOT NULL)")
        cursor.execute("CREATE INDEX book_year ON book (year)")
        cursor.executemany(
            "INSERT INTO book (title, year) VALUES (%s, %s)",
            [(f"book {number}", 1800 + number % 220) for number in range(1000)],
        )


if __name__ == "__main__":
    prepare()
