"""The catalogue's addresses."""

from django.urls import path

from catalogue import views

urlpatterns = [
    path("", views.BookList.as_view(), name="book-list"),
    path("books/<int:pk>/", views.BookDetail.as_view(), name="book-detail"),
    path("books/add/", views.BookAdd.as_view(), name="book-add"),
    path("books.csv", views.books_csv, name="book-csv"),
    path("files/", views.AttachmentList.as_view(), name="attachment-list"),
    path("files/<int:pk>/", views.download, name="attachment-download"),
]
