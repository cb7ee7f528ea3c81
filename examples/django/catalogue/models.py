"""Authors, their books, and files that readers leave beside them (a scan, a table of contents)."""

from django.db import models
from django.urls import reverse


class Author(models.Model):
    name = models.CharField(max_length=120, unique=True)
    born = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="books")
    published = models.PositiveSmallIntegerField()
    pages = models.PositiveIntegerField()
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("book-detail", args=[self.pk])


class Attachment(models.Model):
    """One uploaded file. `name` is what the reader called it; the file on disk has a name of our own making."""

    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="%Y/%m/")
    size = models.PositiveBigIntegerField()
    uploaded = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded", "-pk"]

    def __str__(self):
        return self.name
