"""The catalogue's first tables. Written for Django 3.2, and `makemigrations --check` agrees up to 5.2."""

import django.db.models.deletion
from django.db import migrations, models


def primary_key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", primary_key()),
                ("name", models.CharField(max_length=120, unique=True)),
                ("born", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", primary_key()),
                ("title", models.CharField(max_length=200)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="books", to="catalogue.author"
                    ),
                ),
                ("published", models.PositiveSmallIntegerField()),
                ("pages", models.PositiveIntegerField()),
                ("notes", models.TextField(blank=True)),
            ],
            options={"ordering": ["title", "pk"]},
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", primary_key()),
                ("name", models.CharField(max_length=200)),
                ("file", models.FileField(upload_to="%Y/%m/")),
                ("size", models.PositiveBigIntegerField()),
                ("uploaded", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["-uploaded", "-pk"]},
        ),
    ]
