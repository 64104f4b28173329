"""What every template may use: the shell of the page, the reader's language, words for things."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, get_flashed_messages, has_request_context, request, session, url_for
from flask_babel import Babel, Domain, force_locale, get_locale, get_translations, gettext
from flask_wtf.csrf import generate_csrf
from jinja2.environment import TemplateModule

from hrdtracker.access.model import Office
from hrdtracker.accounts.sessions import Visitor
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.money import Money
from hrdtracker.core.numerals import say_number
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When
from hrdtracker.core.when.say import say_day, say_instant, say_when
from hrdtracker.forms.base import say
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.indentation import WithoutIndentation
from hrdtracker.web.shell.nav import NavLink, places
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.shell.static_files import static_files
from hrdtracker.web.shell.words import FACTS, WORDS, fact

LANGUAGES = ("en", "km")
ZONE = "Asia/Phnom_Penh"
PRODUCT = N_("Daybook")
"""A neutral word, said in the reader’s language; one that an organisation chose stays."""


@dataclass(frozen=True)
class SignedInUser:
    """Who is signed in, as the page's head needs it."""

    uid: str
    label: str


@dataclass(frozen=True)
class Shell:
    """Everything around a page's content."""

    product: str
    demo: bool
    sends_mail: bool
    locale: str
    theme: str | None
    user: SignedInUser | None
    nav: tuple[NavLink, ...]
    csrf: str
    typing_key: str | None
    factor_needed_by: datetime | None
    messages: list[tuple[str, str]]

    @property
    def may_log(self) -> bool:
        """Whether the reader may log an incident that opens a case; in a case, its page says so."""
        return any(link.thumb for link in self.nav)


@dataclass(frozen=True)
class ReaderContext:
    """How the reader of a page reads: language, zone, and which day it is there."""

    locale: str
    zone: ZoneInfo
    today: date

    @cached_property
    def catalogue(self) -> NullTranslations:
        """The sentences of the pages in this language."""
        catalogue: NullTranslations = get_translations()
        return catalogue


def office_name(office: Office | None) -> str:
    """Return the name of an office in the reader's language; of none, that it is all of them."""
    if office is None:
        return str(gettext("all offices"))
    return office.name_km if locale() == "km" else office.name_en


def locale() -> str:
    """Return the reader's language: chosen, the user's own, or the browser's first of ours."""
    return _reading().locale if has_request_context() else "en"


def zone() -> ZoneInfo:
    """Return the zone in which the reader's days begin."""
    return _reading().zone


def today() -> date:
    """Return the reader's calendar day."""
    return _reading().today


def _reading() -> ReaderContext:
    """Return how this page is read: nearly every word asks, so it is found out once a page.

    It is found out again where somebody signs in in the middle of one.
    """
    cached: tuple[object, ReaderContext] | None = g.get("reading")
    if cached is None or cached[0] is not g.get("_login_user"):
        here = identity.visitor()
        place = ZoneInfo(here.zone if here else ZONE)
        reading = ReaderContext(_language(session.get("language"), here), place, clock.today(place))
        g.reading = cached = (g.get("_login_user"), reading)
    return cached[1]


@contextmanager
def reading_in(language: str) -> Iterator[None]:
    """Let what is said inside be said in a language, whichever the reader’s is."""
    kept = _reading()
    with force_locale(language):
        g.reading = g.get("_login_user"), replace(kept, locale=language)
        try:
            yield
        finally:
            g.reading = g.get("_login_user"), kept


def _language(chosen: object, here: Visitor | None) -> str:
    for language in (chosen, here.language if here else None):
        if language in LANGUAGES:
            return str(language)
    return request.accept_languages.best_match(LANGUAGES) or "en"


class PageDomain(Domain):  # type: ignore[misc] # of a package without types
    """The sentences of each language, kept where every word of a page finds them at once."""

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[Locale | None, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Return the sentences of the reader's language."""
        language = get_locale()
        if language not in self._of:
            self._of[language] = super().get_translations()
        return self._of[language]


def set_up(app: Flask, *, demo: bool, sends_mail: bool) -> None:
    """Give every template the shell and the filters."""
    Babel(app, locale_selector=locale).domain_instance = PageDomain()
    app.jinja_env.add_extension(WithoutIndentation)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of its extension
        gettext=_sentence, ngettext=_sentence_of, pgettext=_sentence_in, newstyle=True
    )
    files = static_files(Path(app.static_folder or ""))

    @app.template_global()
    @lru_cache
    def asset(name: str) -> str:
        """Return the address of a file of ours; the same for as long as the server runs."""
        return url_for("static", filename=files.named(name).address)

    @lru_cache
    def drawn(name: str, _language: str) -> TemplateModule:
        return app.jinja_env.get_template(name).make_module()

    @app.template_global()
    def fixed(name: str) -> TemplateModule:
        """Return a template that says the same on every page of a language: it is drawn once."""
        return drawn(name, locale())

    @app.template_global()
    def spoken(language: str, caller: Callable[[], str]) -> str:
        """Return what stands inside the call, in a language that need not be the reader’s."""
        with reading_in(language):
            return caller()

    @app.context_processor
    def shell() -> dict[str, object]:
        return {"shell": _shell(identity.visitor(), demo=demo, sends_mail=sends_mail)}

    filters: dict[str, Callable[..., str]] = {
        "said": lambda error: say(error.reason),
        "day": lambda value: say_day(value, locale()) if value else "",
        "instant": lambda value: say_instant(value, zone(), locale()) if value else "",
        "when": say_told,
        "exact_when": lambda value: say_when(value, locale()) if value else "",
        "begin": begin,
        "brief_day": lambda value: say_day(value, locale(), today(), brief=True) if value else "",
        "brief_instant": lambda value: (
            say_instant(value, zone(), locale(), today()) if value else ""
        ),
        "brief_when": lambda value: say_told(value, brief=True),
        "term": lambda code, name: terms().label(name, code, locale()),
        "word": word,
        "number": number,
        "office": office_name,
        "money": number,
    }
    app.jinja_env.filters.update(filters)


def _sentence(text: str) -> str:
    """Return a sentence of a page in its language; the catalogue is looked up once a page."""
    return str(_reading().catalogue.ugettext(text))


def _sentence_of(one: str, many: str, count: int) -> str:
    """Return the sentence of a page that fits a count."""
    return str(_reading().catalogue.ungettext(one, many, count))


def _sentence_in(context: str, text: str) -> str:
    """Return a sentence of a page that means something else elsewhere."""
    return str(_reading().catalogue.upgettext(context, text))


def _shell(here: Visitor | None, *, demo: bool, sends_mail: bool) -> Shell:
    messages: list[tuple[str, str]] = list(get_flashed_messages(with_categories=True))  # type: ignore[arg-type] # pairs, as asked
    return Shell(
        product=str(gettext(here.product if here else PRODUCT)),
        demo=demo,
        sends_mail=sends_mail,
        locale=locale(),
        theme=here.theme if here else None,
        user=SignedInUser(here.actor.uid.hex, here.login) if here else None,
        nav=places(here.actor, request.path) if here else (),
        csrf=generate_csrf(),
        typing_key=typing_key(here),
        factor_needed_by=here.factor_needed_by if here else None,
        messages=[(str(kind), str(text)) for kind, text in messages],
    )


def typing_key(here: Visitor | None) -> str | None:
    """Return the key of this session under which its pages keep what is typed; "" to forget it.

    At first nothing is kept on a telephone, which is taken from people more often than a computer.
    None where the database is away: nobody knows then, and what is kept stays as it is.
    """
    if here is None or not here.may_keep_typing:
        return None if identity.is_without_database() else ""
    is_kept = here.keeps_typing if here.keeps_typing is not None else not identity.is_phone()
    return ring().vault.fingerprint("typing", here.session_uid.hex) if is_kept else ""


def say_told(when: When | None, *, brief: bool = False) -> str:
    """Return a date as the reader says it; "Not known yet" where there is none."""
    if when is None:
        return str(gettext("Not known yet"))
    reading = _reading()
    return say_when(when, reading.locale, reading.today, brief=brief)


def word(value: StrEnum | str | None) -> str:
    """Return what a status, grade or role is called in the reader's language."""
    return _word(str(value), locale()) if str(value) in WORDS else ""


@lru_cache(maxsize=1024)
def _word(value: str, _locale: str) -> str:
    """Return a word in the language of the present page, which is looked up once."""
    return fact(value) if value in FACTS else str(gettext(WORDS[value]))


def number(value: int | Decimal | Money | str | None) -> str:
    """Return a count, a rate, money or a text in the reader's digits; nothing for nothing."""
    return say_number(value, locale()) if value is not None else ""
