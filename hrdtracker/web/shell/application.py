"""The application itself: what was sent is done again where it lost a race in the database."""

from copy import deepcopy

from flask import Flask, g, request, session
from flask.typing import ResponseReturnValue

from hrdtracker.authorised import carry_out

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Application(Flask):
    """Flask, whose views need not know that an act can lose a race."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view of a request; again, as if for the first time, after a lost race."""
        if request.method in SAFE:
            return super().dispatch_request()
        cookie, page = deepcopy(dict(session)), {name: g.get(name) for name in g}

        def view() -> ResponseReturnValue:
            if dict(session) != cookie:
                session.clear()
                session.update(deepcopy(cookie))
            for name in set(g) - page.keys():
                g.pop(name)
            for name, value in page.items():
                setattr(g, name, value)
            return super(Application, self).dispatch_request()

        return carry_out(view)
