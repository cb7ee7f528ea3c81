"""The catalogue's pages, the streamed CSV and the way back for uploaded files."""

import csv

from django.contrib import messages
from django.http import FileResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe
from django.views.generic import CreateView, DetailView, ListView

from catalogue.forms import AttachmentForm, BookForm
from catalogue.models import Attachment, Book

CSV_ROWS_PER_BLOCK = 100
CSV_REPEAT_LIMIT = 10_000


class BookList(ListView):
    paginate_by = 25

    def get_queryset(self):
        books = Book.objects.select_related("author")
        words = self.request.GET.get("q", "").strip()
        return books.filter(title__icontains=words) if words else books


class BookDetail(DetailView):
    queryset = Book.objects.select_related("author")


class BookAdd(CreateView):
    """Adds a book; nobody needs to log in for it, but the form carries Django's CSRF token."""

    model = Book
    form_class = BookForm

    def form_valid(self, form):
        messages.success(self.request, f"“{form.instance.title}” is on the shelf.")
        return super().form_valid(form)


class AttachmentList(CreateView):
    """The uploaded files, and below them the form for one more."""

    model = Attachment
    form_class = AttachmentForm
    success_url = reverse_lazy("attachment-list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(attachments=Attachment.objects.all()[:50], **kwargs)


@require_safe
def download(request, pk):
    """An uploaded file, byte for byte; as an attachment, so that no browser shows it as a page of this site."""
    attachment = get_object_or_404(Attachment, pk=pk)
    return FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )


class Line:
    """What csv.writer takes for a file: hands each formatted line back instead of keeping it."""

    def write(self, text):
        return text


@require_safe
def books_csv(request):
    """All books as CSV, sent while the database is still being read. ?repeat=N sends the rows N times over."""
    try:
        repeat = int(request.GET.get("repeat", "1"))
    except ValueError:
        repeat = 0
    if not 1 <= repeat <= CSV_REPEAT_LIMIT:
        reason = f"repeat must be a number from 1 to {CSV_REPEAT_LIMIT}\n"
        return HttpResponseBadRequest(reason, content_type="text/plain")

    def blocks():
        writer = csv.writer(Line())
        yield writer.writerow(["title", "author", "published", "pages"])
        rows = Book.objects.values_list("title", "author__name", "published", "pages").order_by("pk")
        block = []
        for _ in range(repeat):
            for row in rows.iterator(chunk_size=CSV_ROWS_PER_BLOCK):
                block.append(writer.writerow(row))
                if len(block) == CSV_ROWS_PER_BLOCK:
                    yield "".join(block)
                    block.clear()
        yield "".join(block)

    return StreamingHttpResponse(
        blocks(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="books.csv"'},
    )
