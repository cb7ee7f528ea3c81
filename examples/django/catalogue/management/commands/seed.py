"""`manage.py seed`: the administrator and some books. Running it again changes nothing that is there."""

import itertools

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from bookshelf.secret import stored_secret
from catalogue.models import Author, Book

# Invented, all of them.
AUTHORS = [
    ("Ada Quill", 1931),
    ("Ben Thorne", 1948),
    ("Clara Osei", 1957),
    ("Dmitri Lund", 1962),
    ("Élise Marsh", 1979),
]
THINGS = ["Lantern", "Harbour", "Orchard", "Ledger", "Compass", "Mill", "Kettle", "Staircase", "Ferry", "Archive"]
PLACES = ["Saltmarsh", "Nine Wells", "the Northern Line", "Greyfriars", "Zürich", "the Long Winter", "日本橋", "Low Hill"]


class Command(BaseCommand):
    help = "Creates the user admin, with a new password kept in a file, and a shelf of books."

    def handle(self, *args, **options):
        # Before the transaction: a password file without its user is mended by the next run.
        password_file = settings.VAR / "admin-password"
        password = stored_secret(password_file, entropy_bytes=12)
        users = get_user_model().objects
        with transaction.atomic():
            if not users.filter(username="admin").exists():
                users.create_superuser("admin", "admin@bookshelf.example", password)
                self.stdout.write(f"created user admin, password in {password_file}")
            if not Book.objects.exists():
                authors = [
                    Author.objects.get_or_create(name=name, defaults={"born": born})[0] for name, born in AUTHORS
                ]
                titles = itertools.product(THINGS, PLACES)
                books = [
                    Book(
                        title=f"The {thing} of {place}",
                        author=author,
                        published=1960 + number % 60,
                        pages=90 + number * 7 % 400,
                    )
                    for number, ((thing, place), author) in enumerate(zip(titles, itertools.cycle(authors)))
                ]
                Book.objects.bulk_create(books)
                self.stdout.write(f"added {len(books)} books")
