"""Under which names we answer: who asks for another gets one sentence, and nothing of ours."""

from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_babel import gettext
from markupsafe import escape

from hrdtracker.web.shell import identity

BARE = "<!DOCTYPE html><title>400</title><p>{}</p>"


def set_up(app: Flask, names: AbstractSet[str]) -> None:
    """Refuse every request to a name that is not among `names`, before anything else is done."""

    @app.before_request
    def check() -> Response | None:
        if is_among(request.host, names):
            return None
        identity.do_without_database()
        sentence = gettext("This is not the address of these pages. Use the one you were given.")
        return Response(BARE.format(escape(sentence)), 400)


def is_among(host: str, names: AbstractSet[str]) -> bool:
    """Tell whether HOST or HOST:PORT is one of `names`."""
    return urlsplit(f"//{host}").hostname in names
