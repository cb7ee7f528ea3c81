"""The forms that any reader may fill in."""

import secrets

from django import forms

from catalogue.models import Attachment, Author, Book


class BookForm(forms.ModelForm):
    """A new book. The author is typed, not chosen, and added to the catalogue where it is new."""

    author_name = forms.CharField(label="Author", max_length=120)

    class Meta:
        model = Book
        fields = ["title", "author_name", "published", "pages", "notes"]

    def save(self, commit=True):
        self.instance.author, _ = Author.objects.get_or_create(name=self.cleaned_data["author_name"])
        return super().save(commit)


class AttachmentForm(forms.ModelForm):
    class Meta:
        model = Attachment
        fields = ["file"]

    def save(self, commit=True):
        upload = self.cleaned_data["file"]
        self.instance.name = upload.name[:200]
        self.instance.size = upload.size
        # Nothing of the reader's file name reaches the disk.
        upload.name = secrets.token_hex(16)
        return super().save(commit)
