"""The site's addresses; /static/, /media/, /robots.txt and /favicon.ico are the server's."""

from catalogue import views
from django.urls import path

urlpatterns = [
    path("", views.index, name="index"),
    path("books/<slug:slug>/", views.book, name="book"),
    path("search/", views.search),
    path("api/books.json", views.books_json),
    path("export.csv", views.export),
    path("contact/", views.contact),
    path("thanks/", views.thanks),
    path("upload", views.upload),
    path("basket/<slug:slug>", views.basket),
    path("staff/", views.staff),
    path("whoami/", views.whoami),
    path("broken/", views.broken),
    path("files/<path:name>", views.name_of_file),
]
