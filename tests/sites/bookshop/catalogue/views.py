"""What the shop shows."""

import base64
import hashlib

from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import last_modified, require_POST, require_safe

BOOKS = {
    "harbour": {"title": "The Harbour", "price": 12},
    "nihonbashi": {"title": "日本橋", "price": 9},
    "strasse": {"title": "Die Straße", "price": 15},
}


def index(request):
    return render(request, "catalogue/index.html", {"books": BOOKS, "language": get_language()})


def book_changed(request, slug):
    import datetime

    return datetime.datetime(2024, 3, 1, 12, tzinfo=datetime.timezone.utc)


@require_safe
@last_modified(book_changed)
def book(request, slug):
    if slug not in BOOKS:
        raise Http404("no such book")
    return render(request, "catalogue/book.html", {"book": BOOKS[slug], "slug": slug})


@xframe_options_exempt
def search(request):
    wanted = request.GET.get("q", "")
    found = [book["title"] for book in BOOKS.values() if wanted.lower() in book["title"].lower()]
    return HttpResponse("\n".join([wanted, *found]), content_type="text/plain; charset=utf-8")


def books_json(request):
    return JsonResponse(BOOKS)


def export(request):
    rows = ("%d,%s\r\n" % (number, slug) for number, slug in enumerate(list(BOOKS) * 200))
    return StreamingHttpResponse(rows, content_type="text/csv")


@csrf_exempt
def contact(request):
    if request.method == "POST":
        response = redirect("/thanks/?name=" + request.POST.get("name", ""))
        response.set_cookie("contacted", "yes", httponly=True)
        response.set_cookie("language", "en", secure=True)
        return response
    return HttpResponse("<form method=post><input name=name></form>")


def thanks(request):
    return HttpResponse("Thank you, %s" % request.GET.get("name", ""), content_type="text/plain; charset=utf-8")


@csrf_exempt
@require_POST
def upload(request):
    body = request.read()
    return JsonResponse({"bytes": len(body), "sha1": hashlib.sha1(body).hexdigest(), "type": request.content_type})


@csrf_exempt
def basket(request, slug):
    if request.method == "PUT":
        return HttpResponse(status=201, headers={"Location": "/basket/" + slug})
    if request.method == "DELETE":
        return HttpResponse(status=204)
    return HttpResponse("basket of %s" % slug)


def staff(request):
    return HttpResponse("staff only")


def whoami(request):
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    user = base64.b64decode(value).decode("utf-8").partition(":")[0] if scheme == "Basic" else "nobody"
    facts = (user, request.scheme, request.get_host().partition(":")[0], request.META.get("HTTP_PROXY", "no proxy"))
    return HttpResponse(" ".join(facts), headers={"X-Powered-By": "Django"})


def broken(request):
    raise RuntimeError("the till is broken")


def name_of_file(request, name):
    if name == "itself":
        return FileResponse(open(__file__, "rb"), as_attachment=True, filename="views.py")
    return HttpResponse(name, content_type="text/plain; charset=utf-8")
