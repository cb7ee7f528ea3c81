"""The site's addresses. /robots.txt, /favicon.ico and /static/ are not here: httpd.conf serves them as files."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("", include("catalogue.urls")),
]
