"""The Flask application.

GET  /                    the page
GET  /api/notes           all notes           POST   {"text": ...} adds one
GET  /api/notes/<id>      one note            DELETE removes it
POST /files               multipart upload, field `file`
GET  /files/<id>          the file, byte for byte
GET  /api/ticks?count=N   N lines, each sent as soon as it is made
"""

import secrets
import time
from pathlib import Path

from flask import Flask, Response, abort, g, jsonify, redirect, render_template, request, send_file, url_for

from notes.store import Store

BODY_BYTES_LIMIT = 4 * 1024**3
NOTE_CHARACTERS_LIMIT = 10_000
TICKS_LIMIT = 1_000
TICK_INTERVAL_S = 0.05


def create_site(var: Path) -> Flask:
    """The application that keeps everything it writes in the folder `var`."""
    uploads = var / "uploads"
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    # httpd.conf serves /static/ by an Alias.
    site = Flask("notes", static_folder=None)
    # With a limit Werkzeug never calls wsgi.input.read() without a size, which PEP 3333 does not promise.
    site.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_LIMIT

    def store() -> Store:
        if "store" not in g:
            g.store = Store(var / "notes.sqlite3")
        return g.store

    @site.teardown_appcontext
    def close_store(_error):
        if "store" in g:
            g.pop("store").close()

    def error_as_json(error):
        return jsonify(error=error.description), error.code

    for code in (400, 404, 413, 415):
        site.register_error_handler(code, error_as_json)

    @site.get("/")
    def page():
        return render_template("page.html", notes=store().notes(), files=store().files())

    @site.get("/api/notes")
    def list_notes():
        return jsonify(store().notes())

    @site.post("/api/notes")
    def add_note():
        body = request.get_json()
        text = body.get("text") if isinstance(body, dict) else None
        if not isinstance(text, str) or not text.strip():
            abort(400, 'the body must be a JSON object with a non-empty string "text"')
        if len(text) > NOTE_CHARACTERS_LIMIT:
            abort(413, f"a note has at most {NOTE_CHARACTERS_LIMIT} characters")
        note = store().add_note(text)
        return jsonify(note), 201, {"Location": url_for("get_note", note_id=note["id"])}

    @site.get("/api/notes/<int:note_id>")
    def get_note(note_id):
        note = store().find_note(note_id)
        if note is None:
            abort(404, f"no note {note_id}")
        return jsonify(note)

    @site.delete("/api/notes/<int:note_id>")
    def remove_note(note_id):
        if not store().remove_note(note_id):
            abort(404, f"no note {note_id}")
        removed = Response(status=204)
        # No body, so no type for it either.
        del removed.headers["Content-Type"]
        return removed

    @site.post("/files")
    def add_file():
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            abort(400, "the form field `file` is missing")
        # Nothing of the sender's file name reaches the disk.
        file_id = secrets.token_hex(16)
        path = uploads / file_id
        upload.save(path)
        store().add_file(file_id, upload.filename, path.stat().st_size)
        return redirect(url_for("page"), 303)

    @site.get("/files/<file_id>")
    def get_file(file_id):
        file = store().find_file(file_id)
        if file is None:
            abort(404, "no such file")
        return send_file(
            uploads / file["id"],
            mimetype="application/octet-stream",
            as_attachment=True,
            download_name=file["name"],
        )

    @site.get("/api/ticks")
    def ticks():
        count = request.args.get("count", default=10, type=int)
        if not 1 <= count <= TICKS_LIMIT:
            abort(400, f"count must be a number from 1 to {TICKS_LIMIT}")

        def lines():
            for number in range(1, count + 1):
                yield f'{{"tick": {number}}}\n'
                time.sleep(TICK_INTERVAL_S)

        return Response(lines(), mimetype="application/x-ndjson")

    return site
