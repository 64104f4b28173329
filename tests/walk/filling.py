"""Valid values for any form: by the kind and name of each field, and examples where rules cross."""

import re
from collections.abc import Callable, Mapping

from tests.walk.examples import EXAMPLES, KEEP, UNTICKED
from tests.walk.page import Field, Form

Sent = dict[str, list[str]]
SECRETS = {"code"}
"""What somebody types that no page repeats."""
AHEAD = re.compile(r"(^|-)(ends_on|until|until_day|plan_until|due_on|needed_by|next_look_on)$")
PAST = re.compile(
    r"(^|_)(when|day|on|arrived|moment|from|to)$|_on$|^(dated|starts_on|began|charged|decided|ordered|pronounced|filed)$"
)
NUMBER = re.compile(
    r"_(hours|days|most)$|(^|-)(age|amount|each|head_count|family_count|households|quantity|rate|sources|spent|total)(-|$)"
)


def fill(
    endpoint: str, form: Form, button: tuple[str, str], words: str, own: Mapping[str, str]
) -> Sent:
    """Return what is sent: what stands there, what can be chosen, and `words` nobody else typed.

    `own` is what only this person knows, such as their password, for `{password}` in an example.
    """
    examples = EXAMPLES.get(endpoint, {})
    sent: Sent = {}
    for name, field in form.fields.items():
        example = next((each for key, each in examples.items() if re.fullmatch(key, name)), None)
        if example is None:
            sent[name] = _values(field, words[: field.longest])
        else:
            sent[name] = _example(example, field, own)
    sent = {name: values for name, values in sent.items() if _is_sent(form, name, sent)}
    if button[0]:
        sent[button[0]] = [button[1]]
    return {name: values for name, values in sent.items() if values}


def _is_sent(form: Form, name: str, sent: Sent) -> bool:
    """Tell whether a browser would send a field: the part where it stands is open."""
    opened_by = form.fields[name].opened_by
    if form.only is not None and not name.startswith(tuple(form.only)):
        return False
    return opened_by is None or bool(opened_by[1] & set(sent.get(opened_by[0], ())))


def typed(form: Form, sent: Sent) -> set[str]:
    """Return what a person typed anew, of what was sent."""
    kinds = {"text", "textarea", "search", "email"}
    shown = form.fields.keys() - SECRETS
    return {
        value
        for name, values in sent.items()
        if name in shown and form.fields[name].kind in kinds
        for value in values
        if value and value != form.fields[name].value
    }


def _example(example: str, field: Field, own: Mapping[str, str]) -> list[str]:
    if example == KEEP:
        return field.chosen or [field.value]
    return [] if example == UNTICKED else [example.format_map(own)]


def _values(field: Field, words: str) -> list[str]:
    return _BY_KIND.get(field.kind, _text)(field, words)


def _hidden(field: Field, _words: str) -> list[str]:
    return [field.value]


def _one(field: Field, _words: str) -> list[str]:
    """Keep what is chosen, else choose the first that says something."""
    chosen = [value for value in field.chosen if value]
    return (chosen or [value for value in field.choices if value] or [""])[:1]


def _some(field: Field, _words: str) -> list[str]:
    """Keep what is ticked; of several records or terms tick the first."""
    if field.chosen or field.choices in (["y"], ["yes"], ["1"], ["on"]):
        return field.chosen
    return field.choices[:1]


def _password(_field: Field, _words: str) -> list[str]:
    return ["harvest-mirror-canoe-threads"]


def _text(field: Field, words: str) -> list[str]:
    if AHEAD.search(field.name):
        return [field.value or "in 2 months"]
    if PAST.search(field.name):
        return [field.value or "yesterday"]
    if NUMBER.search(field.name):
        return [field.value or "12"]
    return [words]


def _address(_field: Field, words: str) -> list[str]:
    return [f"{words.replace(' ', '.')}@example.org"]


_BY_KIND: Mapping[str, Callable[[Field, str], list[str]]] = {
    "hidden": _hidden,
    "select": _one,
    "radio": _one,
    "checkbox": _some,
    "password": _password,
    "email": _address,
}


def letters(number: int) -> str:
    """Return a number in letters: digits in a name would be an age."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))
