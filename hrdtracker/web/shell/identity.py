"""Who is here: the one place that reads the session's cookie."""

from flask import Flask, Request, Response, abort, g, request, session
from flask_babel import refresh
from flask_login import LoginManager, UserMixin, current_user

from hrdtracker.access.actor import Actor
from hrdtracker.accounts import devices, service, sessions, throttle
from hrdtracker.accounts.sessions import HalfSignedIn, Visitor
from hrdtracker.authorised import after_request_write
from hrdtracker.core import clock, db


class Here(UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """A visitor as Flask-Login wants one."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def get_id(self) -> str:
        """Return what names the visitor."""
        return self.visitor.actor.uid.hex


def visitor() -> Visitor | None:
    """Return who is signed in, or None."""
    return current_user.visitor if current_user.is_authenticated else None


def half_signed_in() -> HalfSignedIn | None:
    """Return who gave the password and is yet to show the second factor, or None."""
    brought = None if is_without_database() else token()
    return sessions.half_signed_in(brought) if brought else None


def do_without_database() -> None:
    """Let the rest of this request do without the database: who is not known yet stays unknown."""
    g.database_is_away = True


def is_without_database() -> bool:
    """Tell whether the rest of this request does without the database."""
    return bool(g.get("database_is_away"))


def present_visitor() -> Visitor:
    """Return who is signed in; 401 where nobody is."""
    return visitor() or abort(401)


def actor() -> Actor:
    """Return who acts; 401 where nobody is signed in."""
    return present_visitor().actor


def token() -> str | None:
    """Return the token of the request's session, if it brought one."""
    fresh: str | None = g.get("fresh_token")
    return fresh or request.cookies.get(cookie_name())


def cookie_name() -> str:
    """Return the name of the cookie that holds the token."""
    name: str = g.token_cookie
    return name


def remember_token(fresh: str) -> None:
    """Let the rest of this request, and the browser from now on, be this session."""
    g.fresh_token = fresh
    g.pop("_login_user", None)
    refresh()  # the rest is said in this reader’s language, not in that of whoever was here before


def enter(fresh: str) -> None:
    """Let the browser be this session from now on; one that it still held ends."""
    service.leave(visitor(), half_signed_in())
    session.clear()
    remember_token(fresh)


def forget_token() -> None:
    """Take the token out of the browser, so that nothing typed there is completed any more."""
    session.clear()
    g.forgets_token = True


def sign_in(login: str, password: str) -> str:
    """Begin a session in this browser and return its token; raises what `sessions.sign_in` does."""
    return sessions.sign_in(login, password, address(), device(), marks())


def knows_browser(login: str) -> bool:
    """Tell whether somebody signed in with this browser before, as far as it kept that."""
    return bool(devices.number_of(login.strip().casefold(), marks()))


def attempts(login: str) -> throttle.Keys:
    """Return for what a second step counts that fails here: for itself, as a sign-in does."""
    known = devices.number_of(login, marks())
    step = f"second step of {login}"
    return throttle.keys_at_door(step, address(), f"{step} by {known}" if known else "")


def marks() -> str:
    """Return what this browser keeps of those who signed in with it."""
    return request.cookies.get(g.marks_cookie, "")


def address() -> str:
    """Return where the request comes from, as far as trusted proxies tell."""
    return request.remote_addr or "unknown"


def device() -> str:
    """Return the kind of browser in a few words, for the list of one's own sessions."""
    agent = request.user_agent.string
    kinds = ("Edg", "Firefox", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
    browser = next((kind for kind in kinds if kind in agent), "Browser")
    system = next((name for name in systems if name in agent), "")
    return f"{browser} {system}".strip()


def is_phone() -> bool:
    """Tell whether the request comes from a telephone or a tablet, as far as it says so."""
    agent = request.user_agent.string
    return "Mobi" in agent or "Android" in agent or request.headers.get("Sec-CH-UA-Mobile") == "?1"


def set_up(app: Flask, *, tls: bool) -> None:
    """Ask at each request who is here, and hand the browser its token when that is new."""
    name, known = ("__Host-day", "__Host-known") if tls else ("day", "known")
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load(_request: Request) -> Here | None:
        brought = None if is_without_database() else token()
        visitor = sessions.identify(brought) if brought else None
        if visitor is None:
            return None
        db.session().info["terms_version"] = visitor.terms_version
        if clock.now() - visitor.seen_at > sessions.SEEN_EVERY:
            after_request_write(lambda: sessions.seen(visitor.session_id))
        return Here(visitor)

    @app.before_request
    def name_cookie() -> None:
        g.token_cookie, g.marks_cookie = name, known

    @app.after_request
    def hand_token(response: Response) -> Response:
        fresh = g.get("fresh_token")
        if g.get("forgets_token"):
            response.delete_cookie(name, path="/", secure=tls, httponly=True, samesite="Lax")
        elif fresh is not None:
            response.set_cookie(name, fresh, httponly=True, samesite="Lax", secure=tls, path="/")
            _mark(response, known, secure=tls)
        return response


def _mark(response: Response, name: str, *, secure: bool) -> None:
    """Let the browser keep that whoever is signed in now has signed in with it."""
    here = visitor()
    if here is not None:
        response.set_cookie(
            name,
            devices.remember(marks(), here.login),
            max_age=devices.REMEMBERED_FOR,
            httponly=True,
            samesite="Strict",
            secure=secure,
            path="/",
        )
