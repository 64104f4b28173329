"""Our own files as browsers get them: packed once, named by what is in them, kept for a year.

Pages are never packed: they carry tokens beside what somebody typed, and how long a packed answer
is would tell one from the other.
"""

import gzip
import mimetypes
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Response
from werkzeug.datastructures import Accept
from werkzeug.exceptions import NotFound
from werkzeug.utils import get_content_type

KEPT, ASKED_AGAIN = "public, max-age=31536000, immutable", "no-cache"
"""For an address that names the content, and for one that does not."""
PACKED = {".css", ".js", ".svg"}
"""What gets smaller; a font or a picture is packed already."""
HASH_DIGITS = 10
REFERENCE = re.compile(r'url\("([^":]+)"\)')
REMARK = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
"""What a style tells its writers and no browser needs; a licence, `/*!`, travels with it."""


@dataclass(frozen=True)
class StaticFile:
    """One file: its address below /static, its content, and the same packed where that is less."""

    address: str
    kind: str
    body: bytes
    packed: bytes | None

    def answer(self, accepted: Accept, *, kept: bool) -> Response:
        """Return the file, packed for whoever takes it so."""
        packed = self.packed if accepted["gzip"] else None
        response = Response(packed or self.body, content_type=self.kind)
        response.headers["Cache-Control"] = KEPT if kept else ASKED_AGAIN
        if self.packed:
            response.headers["Vary"] = "Accept-Encoding"
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response


class StaticFiles:
    """All files of a folder, by name and by address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_name: dict[str, StaticFile] = {}
        names = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
        for name in sorted(name for name in names if (folder / name).is_file()):
            self.named(name)
        self._by_address: Mapping[str, StaticFile] = {
            file.address: file for file in self._by_name.values()
        }

    def named(self, name: str) -> StaticFile:
        """Return a file by the name it has in the folder."""
        if name not in self._by_name:
            self._by_name[name] = self._read(name)
        return self._by_name[name]

    def answer(self, address: str, accepted: Accept) -> Response:
        """Return the file of an address, or of a plain name; raises NotFound."""
        at_address = self._by_address.get(address)
        file = at_address or self._by_name.get(address)
        if file is None:
            raise NotFound
        return file.answer(accepted, kept=at_address is not None)

    def _read(self, name: str) -> StaticFile:
        stem, suffix = posixpath.splitext(name)
        body = (self._folder / name).read_bytes()
        if suffix == ".css":
            style = REMARK.sub("", body.decode())
            body = REFERENCE.sub(self._reference_from(name), style).encode()
        digest = sha256(body).hexdigest()[:HASH_DIGITS]
        packed = gzip.compress(body, mtime=0) if suffix in PACKED else None
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kind = get_content_type(kind, "utf-8")
        return StaticFile(f"{stem}.{digest}{suffix}", kind, body, packed)

    def _reference_from(self, name: str) -> Callable[[re.Match[str]], str]:
        """Return what makes a style name the files beside it by their addresses."""
        place = posixpath.dirname(name)

        def reference(match: re.Match[str]) -> str:
            other = self.named(posixpath.normpath(posixpath.join(place, match[1])))
            return f'url("{posixpath.relpath(other.address, place)}")'

        return reference


@lru_cache
def static_files(folder: Path) -> StaticFiles:
    """Return the files of a folder, read and packed once a process."""
    return StaticFiles(folder)
