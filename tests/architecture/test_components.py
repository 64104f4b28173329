"""One part of a page, one file, one macro, one place on the styleguide; no page styles itself."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, nodes
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField

from tests.architecture.source import of_each

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "hrdtracker" / "static"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
COMPONENTS = sorted(path.stem for path in (TEMPLATES / "component").glob("*.html"))
ENGINE = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
)
ENGINE.globals["asset"] = "/static/{}".format
ENGINE.globals["fixed"] = lambda name: ENGINE.get_template(name).make_module()
ENGINE.filters["number"] = str
ENGINE.install_null_translations(newstyle=True)  # type: ignore[attr-defined]


def read(page: str) -> str:
    return (TEMPLATES / page).read_text()


@cache
def parsed(page: str) -> nodes.Template:
    return ENGINE.parse(read(page))


def imports(page: str) -> Iterator[tuple[str, str, bool]]:
    """Yield what a template imports: its name, its name here, with context or not."""
    for node in parsed(page).find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        for name in node.names:
            original, alias = (name, name) if isinstance(name, str) else name
            yield (original, alias, node.with_context)


def calls(page: str) -> set[str]:
    """Return the names a template calls as macros or functions."""
    return {
        call.node.name
        for call in parsed(page).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
    }


@cache
def needing_the_shell() -> set[str]:
    """Return the components that must be imported with context."""
    return {
        name
        for name in COMPONENTS
        if "shell." in read(f"component/{name}.html")
        or any(context for _, _, context in imports(f"component/{name}.html"))
    }


# ---------- components


@of_each(lambda: COMPONENTS)
def test_a_component_is_one_macro_named_like_its_file(name: str) -> None:
    assert [macro.name for macro in parsed(f"component/{name}.html").find_all(nodes.Macro)] == [
        name
    ]


@of_each(lambda: COMPONENTS)
def test_a_component_opens_with_one_comment_that_names_its_arguments(name: str) -> None:
    first = read(f"component/{name}.html").splitlines()[0]
    told = re.fullmatch(r"\{# (\w+)\((.*?)\): \S.* #\}", first)
    assert told, first
    macro = next(parsed(f"component/{name}.html").find_all(nodes.Macro))
    arguments = re.findall(r"(?:^|, )(\w+)", re.sub(r'"[^"]*"|\(\)', "", told[2]))
    assert told[1] == name
    assert arguments == [argument.name for argument in macro.args]


@of_each(lambda: COMPONENTS)
def test_a_component_is_on_the_styleguide(name: str) -> None:
    assert name in {original for original, _, _ in imports("styleguide.html")}
    assert name in calls("styleguide.html")


def test_the_design_page_has_a_line_for_each_component() -> None:
    table = (ROOT / "docs" / "design.md").read_text()
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(COMPONENTS)


# ---------- templates


@of_each(lambda: PAGES)
def test_a_template_imports_what_it_uses_and_uses_what_it_imports(page: str) -> None:
    tree = parsed(page)
    own = {macro.name for macro in tree.find_all(nodes.Macro)}
    here = {alias for _, alias, _ in imports(page)}
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    assert calls(page) & set(COMPONENTS) - own <= here
    assert here <= used


@of_each(lambda: PAGES)
def test_a_component_that_needs_the_shell_is_imported_with_context(page: str) -> None:
    with_context = {original for original, _, context in imports(page) if context}
    assert {original for original, _, _ in imports(page)} & needing_the_shell() <= with_context


FORBIDDEN = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=|<style\b|<script(?![^>]*\ssrc=)|javascript:|\|\s*safe\b|\bMarkup\(|autoescape"""
    r"""|(?:src|href|action)\s*=\s*["']?(?:https?:)?//|\bhx-on\b|data:image""",
    re.IGNORECASE,
)


@of_each(lambda: PAGES)
def test_a_template_neither_runs_nor_styles_nor_trusts_nor_reaches_out(page: str) -> None:
    assert FORBIDDEN.findall(read(page)) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="top: 0">',
        '<b onclick="x()">',
        "<style>",
        "<script>x()</script>",
        '<a href="javascript:x()">',
        "{{ words | safe }}",
        '<img src="//elsewhere.example/x">',
        '<a href="https://elsewhere.example">',
        '<i hx-on:click="x()">',
    ],
)
def test_the_rule_above_sees(bad: str) -> None:
    assert FORBIDDEN.search(bad)


@of_each(lambda: PAGES)
def test_a_form_that_changes_something_carries_its_proof(page: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", read(page), re.DOTALL | re.IGNORECASE):
        if re.search(r'method="post"', form, re.IGNORECASE):
            assert "csrf" in form


@of_each(lambda: PAGES)
def test_a_class_in_a_template_is_one_the_styles_know(page: str) -> None:
    assert classes_of(read(page)) - known_classes() == set()


@of_each(lambda: PAGES)
def test_a_drawing_that_a_template_names_exists(page: str) -> None:
    named = set(re.findall(r"""\bicon\(["'](\w+)["']|\bdrawing=["'](\w+)["']""", read(page)))
    module = ENGINE.get_template("component/icon.html").module
    assert {one or other for one, other in named} <= set(module.drawings)  # type: ignore[attr-defined]


def classes_of(source: str) -> set[str]:
    """Return the classes that a template writes out whole."""
    plain = re.sub(
        r"\{%.*?%\}|\{#.*?#\}", " ", re.sub(r"\{\{.*?\}\}", "\0", source), flags=re.DOTALL
    )
    written = " ".join(re.findall(r'\sclass="([^"]*)"', plain)).split()
    return {name for name in written if "\0" not in name}


@cache
def known_classes() -> set[str]:
    styles = [*STATIC.glob("css/*.css"), *STATIC.glob("vendor/bootstrap/*.css")]
    text = "".join(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in styles)
    return set(re.findall(r"\.([a-zA-Z_][\w-]*)", text))


# ---------- the styleguide, drawn


class Sample(Form):  # type: ignore[misc]
    """The fields that the styleguide shows."""

    name = StringField("Name")
    when = StringField("When, roughly?")
    kind = RadioField("Lawyer contacted?", choices=["yes", "no"])
    words = TextAreaField("In your words")
    age = StringField("Age")
    area = SelectField("Area", choices=["Land", "Rights"])
    urgent = BooleanField("Urgent")


class Page(HTMLParser):
    """Counts what must be counted on a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[str] = []
        self.pointed: set[str] = set()
        self.classes: set[str] = set()
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.ids += [given["id"]] if "id" in given else []
        self.labelled |= {given["for"]} if "for" in given else set()
        self.classes |= set(given.get("class", "").split())
        for name in ("aria-describedby", "aria-labelledby"):
            self.pointed |= set(given.get(name, "").split())
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.controls.append(given.get("id", "no id"))


@pytest.fixture(scope="module")
def styleguide() -> Page:
    form = Sample()
    form.age.errors = ["“forty?” is not an age."]
    shell = SimpleNamespace(
        product="Daybook",
        demo=True,
        locale="km",
        theme="dark",
        user=SimpleNamespace(uid="u", label="Monitor 3"),
        nav=[SimpleNamespace(label="Today", url="/", current=True, icon="home")] * 6,
        csrf="seed",
        typing_key="",
        messages=[("ok", "Sent.")],
    )
    request = SimpleNamespace(
        method="GET", path="/styleguide", full_path="/styleguide?", query_string=b""
    )
    bar = SimpleNamespace(
        url="#lists",
        chosen={"to": "1 November"},
        typed={"from": "some time", "to": "1 November"},
        errors={"from": "Not understood as a date."},
        chips=[{"label": "Until 1 November", "url": "#lists"}],
        offered=[SimpleNamespace(name=name, label=name, choices={}) for name in ("from", "to")],
    )
    text = ENGINE.get_template("styleguide.html").render(
        page=bar, form=form, shell=shell, request=request, url_for=lambda _, **__: "/x"
    )
    return Page(text)


def test_the_styleguide_has_one_title_and_each_id_once(styleguide: Page) -> None:
    assert (styleguide.tags["h1"], styleguide.tags["title"], styleguide.tags["main"]) == (1, 1, 1)
    assert [name for name, count in Counter(styleguide.ids).items() if count > 1] == []


def test_every_control_on_the_styleguide_has_its_label(styleguide: Page) -> None:
    assert len(styleguide.controls) > 10
    assert [control for control in styleguide.controls if control not in styleguide.labelled] == []


def test_every_description_and_label_that_is_pointed_at_exists(styleguide: Page) -> None:
    assert styleguide.pointed - set(styleguide.ids) == set()


def test_every_class_that_the_styleguide_ends_up_with_is_styled(styleguide: Page) -> None:
    bare = {  # kinds that look as the part itself does
        "is-event",
        "is-given",
        "is-call",
        "timeline__mark--call",
        "alert--info",
        "badge--closed",
        "ask",
    }
    assert styleguide.classes - known_classes() - bare == set()


# ---------- colour and script


def tokens(selector: str) -> dict[str, str]:
    """Return the colours set under the first rule with exactly this selector."""
    style = (STATIC / "css" / "tokens.css").read_text()
    rule = re.search(r"(?:^|\n)\s*" + re.escape(selector) + r" \{(.*?)\}", style, re.DOTALL)
    assert rule, selector
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", rule[1]))


LIGHT = tokens('[data-bs-theme="light"]')
DARK = tokens('[data-bs-theme="dark"]')


def test_dark_by_choice_and_dark_by_device_are_the_same() -> None:
    assert tokens(":root:not([data-bs-theme])") == DARK
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("ink", "canvas", 7),
        ("ink", "sunken-2", 7),
        ("ink-2", "canvas", 7),
        ("ink-2", "sunken", 4.5),
        ("ink-3", "canvas", 4.5),
        ("ink-3", "sunken-2", 4.5),
        ("accent", "canvas", 4.5),
        ("accent", "sunken", 4.5),
        ("accent", "accent-soft", 4.5),
        ("accent-ink", "accent-soft", 4.5),
        ("on-accent", "accent", 4.5),
        ("on-accent", "accent-hover", 4.5),
        ("ok", "ok-soft", 4.5),
        ("warn", "warn-soft", 4.5),
        ("danger", "canvas", 4.5),
        ("danger", "danger-soft", 4.5),
        ("on-danger", "danger", 4.5),
        ("quiet", "quiet-soft", 4.5),
        ("ink-3", "quiet-soft", 4.5),
        ("on-leave", "leave", 7),
        ("line-strong", "canvas", 3),
        ("focus", "canvas", 3),
        ("focus", "accent-soft", 3),
    ],
)
def test_words_and_edges_can_be_seen(
    colours: dict[str, str], ink: str, paper: str, least: float
) -> None:
    lighter, darker = sorted(
        (luminance(colours[f"--{ink}"]), luminance(colours[f"--{paper}"])), reverse=True
    )
    assert (lighter + 0.05) / (darker + 0.05) >= least


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_no_colour_is_written_outside_the_tokens() -> None:
    theme = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "theme.css").read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", theme, re.IGNORECASE) == []
    assert "url(" not in theme
    assert re.search(r"#[0-9a-f]{3,8}\b", (STATIC / "css" / "tokens.css").read_text())


@of_each(lambda: PAGES)
def test_a_template_takes_no_colour_from_bootstrap(page: str) -> None:
    colours = "primary|secondary|success|danger|warning|info|light|dark"
    foreign = rf"(?:text|bg|border|link)-(?:bg-)?(?:{colours})"
    assert [name for name in classes_of(read(page)) if re.match(foreign, name)] == []


def test_our_script_is_short_and_writes_no_markup() -> None:
    script = (STATIC / "js" / "app.js").read_text()
    assert 20 < script.count("\n") < 150
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b",
        script,
    )
