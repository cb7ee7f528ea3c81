"""Where the notes are: one SQLite file that all daemon processes share. One connection for each request."""

import sqlite3
from pathlib import Path

# How long a writer waits for another process's write.
BUSY_TIMEOUT_S = 20

TABLES = """
CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL);
"""


class Store:
    def __init__(self, path: Path):
        self._db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(TABLES)

    def close(self):
        self._db.close()

    def notes(self):
        return [dict(row) for row in self._db.execute("SELECT id, text FROM note ORDER BY id")]

    def find_note(self, note_id):
        row = self._db.execute("SELECT id, text FROM note WHERE id = ?", [note_id]).fetchone()
        return dict(row) if row else None

    def add_note(self, text):
        with self._db:
            note_id = self._db.execute("INSERT INTO note (text) VALUES (?)", [text]).lastrowid
        return {"id": note_id, "text": text}

    def remove_note(self, note_id):
        """True where there was such a note."""
        with self._db:
            return self._db.execute("DELETE FROM note WHERE id = ?", [note_id]).rowcount == 1

    def files(self):
        return [dict(row) for row in self._db.execute("SELECT id, name, size FROM file ORDER BY name, id")]

    def find_file(self, file_id):
        row = self._db.execute("SELECT id, name, size FROM file WHERE id = ?", [file_id]).fetchone()
        return dict(row) if row else None

    def add_file(self, file_id, name, size):
        with self._db:
            self._db.execute("INSERT INTO file (id, name, size) VALUES (?, ?, ?)", [file_id, name, size])
