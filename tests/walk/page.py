"""A page as somebody without script finds it: what it says, where it leads, what can be sent."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit


@dataclass
class Field:
    """One control, or all controls of one name: what may be chosen, and what stands there."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    longest: int = 1000
    opened_by: tuple[str, frozenset[str]] | None = None
    """The field whose choice opens the part where it stands, and which choices do."""


@dataclass
class Form:
    """A form, or a control that asks by itself what was understood.

    `only` says how the names of what such a control sends begin.
    """

    method: str
    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    only: frozenset[str] | None = None


@dataclass
class Page:
    """What a page says and offers."""

    path: str
    text: str = ""
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    alerts: list[tuple[str, str]] = field(default_factory=list)
    values: set[str] = field(default_factory=set)
    """What stands in its fields."""
    refusals: list[str] = field(default_factory=list)
    """What it says is wrong, beside a field or above the form."""
    secret: str = ""
    """What an app is told that shows codes."""
    ways_on: int = 0
    """Links and forms in its content, beside those that stand around every page."""

    def says(self, words: set[str]) -> bool:
        """Tell whether one of these words stands on it, or in one of its fields."""
        return bool(words & self.values) or any(each in self.text for each in words)


def read(path: str, html: str) -> Page:
    """Return what a page says and offers."""
    reader = _Reader(path)
    reader.feed(html)
    reader.close()
    page = reader.page
    page.text = re.sub(r"\s+", " ", "".join(reader.words))
    page.forms += reader.asking
    page.values = {each.value for form in page.forms for each in form.fields.values()}
    return page


ENDS = {
    "form": ("form", None),
    "select": ("select", None),
    "textarea": ("area", None),
    "main": ("in_main", False),
    "p": ("alert", None),
}
"""What of the reader an element's end puts down."""


class _Reader(HTMLParser):
    """Reads a page from its beginning to its end."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.page, self.words = Page(path), list[str]()
        self.form: Form | None = None
        self.select: Field | None = None
        self.area: Field | None = None
        self.parts = list[tuple[str, frozenset[str]] | None]()
        self.alert: str | None = None
        self.refused_in = ""
        self.asking = list[Form]()
        self.in_main = False
        self.unseen: str | None = None
        """The element that script alone shows: nothing in it is said or offered."""
        self.unseen_depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take up what begins."""
        values = {name: value or "" for name, value in attributes}
        if self.unseen is None and ("hidden" in values or tag == "template"):
            self.unseen, self.unseen_depth = tag, 0
        if self.unseen is not None:
            self.unseen_depth += tag == self.unseen
            return
        handle = getattr(self, f"_begin_{tag}", None)
        if handle is not None:
            handle(values)
        if {"invalid-feedback", "error-summary"} & set(values.get("class", "").split()):
            self.refused_in = tag
            self.page.refusals.append("")
        if "alert" in values.get("class", "").split():
            self.alert = values["class"].rpartition("alert--")[2]
            self.page.alerts.append((self.alert, ""))
        if "hx-post" in values and self.form is not None:
            named = values.get("hx-params", "").split(",") + values.get("data-sends", "").split()
            only = frozenset(filter(None, named)) or None
            self.asking.append(Form("post", values["hx-post"], self.form.fields, only=only))

    def handle_endtag(self, tag: str) -> None:
        """Put down what ends."""
        if self.unseen is not None:
            self._end_unseen(tag)
            return
        if tag == self.refused_in:
            self.refused_in = ""
        if tag in ENDS:
            setattr(self, *ENDS[tag])
        elif tag == "fieldset":
            self.parts.pop()

    def _end_unseen(self, tag: str) -> None:
        self.unseen_depth -= tag == self.unseen
        if self.unseen_depth == 0:
            self.unseen = None

    def handle_data(self, data: str) -> None:
        """Keep the words, and what stands in a large field."""
        if self.unseen is not None:
            return
        self.words.append(data)
        if self.area is not None:
            self.area.value += data.removeprefix("\n") if not self.area.value else data
        if self.refused_in:
            self.page.refusals[-1] = f"{self.page.refusals[-1]} {data.strip()}".strip()
        if self.alert is not None:
            kind, said = self.page.alerts[-1]
            self.page.alerts[-1] = (kind, (said + data).strip())

    def _begin_main(self, _values: dict[str, str]) -> None:
        self.in_main = True

    def _begin_a(self, values: dict[str, str]) -> None:
        target = values.get("href", "")
        if target.startswith("/") and "download" not in values:
            self.page.links.append(target.partition("#")[0])
            self.page.ways_on += self.in_main
        elif target.startswith("otpauth:"):
            self.page.secret = parse_qs(urlsplit(target).query)["secret"][0]

    def _begin_form(self, values: dict[str, str]) -> None:
        action = values.get("action") or self.page.path
        self.form = Form(values.get("method", "get").lower(), action)
        self.page.forms.append(self.form)
        self.page.ways_on += self.in_main

    def _begin_button(self, values: dict[str, str]) -> None:
        if self.form is not None and values.get("type", "submit") == "submit":
            self.form.buttons.append((values.get("name", ""), values.get("value", "")))

    def _begin_input(self, values: dict[str, str]) -> None:
        kind, name = values.get("type", "text"), values.get("name", "")
        if self.form is None or not name or "disabled" in values:
            return
        control = self._control(kind, values)
        value = values.get("value", "")
        if kind not in {"radio", "checkbox"}:
            control.value = value
            return
        control.choices.append(value)
        if "checked" in values:
            control.chosen.append(value)

    def _begin_fieldset(self, values: dict[str, str]) -> None:
        part = self.parts[-1] if self.parts else None
        if "data-opens" in values:
            part = values["data-opens"], frozenset(values["data-opens-when"].split(" "))
        self.parts.append(part)

    def _control(self, kind: str, values: dict[str, str]) -> Field:
        assert self.form is not None
        control = self.form.fields.setdefault(values["name"], Field(values["name"], kind))
        control.opened_by = self.parts[-1] if self.parts else None
        control.longest = int(values.get("maxlength", control.longest))
        return control

    def _begin_textarea(self, values: dict[str, str]) -> None:
        if self.form is not None:
            self.area = self._control("textarea", values)

    def _begin_select(self, values: dict[str, str]) -> None:
        if self.form is not None:
            self.select = self._control("select", values)

    def _begin_option(self, values: dict[str, str]) -> None:
        if self.select is not None:
            self.select.choices.append(values.get("value", ""))
            if "selected" in values:
                self.select.chosen.append(values.get("value", ""))
