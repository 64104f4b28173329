"""What a text says without its formatting: HTML reduced to words, lines and links."""

import re
from collections.abc import Iterator
from html import unescape

BLOCK_TAGS = """
address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6
header hr li main ol p pre section table td th tr ul
"""
BLOCKS = frozenset(BLOCK_TAGS.split())
ENDS = {"!--": "-->", "script": "</script", "style": "</style", "template": "</template"}
"""What is not said, from its beginning to its end."""
LINKS = ("http://", "https://", "mailto:")
MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
TAG = re.compile(r"!--|(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?=[\s/>])|[!?]")
HREF = re.compile(r"""\bhref\s{0,9}=\s{0,9}["']?([^"'\s]{1,2000})""", re.IGNORECASE)


def plain(text: str) -> str:
    """Return HTML as plain text; links keep their address, and a text without markup stays.

    In time that grows with the length only, whatever the text: the standard parser of HTML takes
    minutes for some, and refuses others.
    """
    if not MARKUP.search(text):
        return text
    lines = (" ".join(line.split()) for line in "".join(_parts(text)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _parts(text: str) -> Iterator[str]:
    """Yield words and line breaks; what only looks like a tag is words."""
    links: list[str] = []
    unended: set[str] = set()
    place = 0
    while place < len(text):
        start = text.find("<", place)
        yield _words(text[place : start if start >= 0 else None])
        if start < 0:
            return
        tag = TAG.match(text, start + 1)
        end = text.find(">", start) if tag else -1
        following = text.find("<", start + 1)
        if tag is None or end < 0 or (0 <= following < end and tag[0] != "!--"):
            yield "<"
            place = start + 1
            continue
        place = end + 1
        name = (tag[2] or tag[0]).lower()
        if name in ENDS and not tag[1]:
            place = _after(text, name, start, unended) or place
        yield from _said(name, text[start:end], links, closes=bool(tag[1]))


def _words(text: str) -> str:
    return unescape(text.replace("\n", " "))


def _after(text: str, name: str, start: int, unended: set[str]) -> int | None:
    """Return where what is not said ends; None where it never does, so that nothing is lost."""
    if name in unended:
        return None
    end = text.find(ENDS[name], start)
    if end < 0:
        unended.add(name)
        return None
    return end + len(ENDS[name]) if name == "!--" else end


def _said(name: str, tag: str, links: list[str], *, closes: bool) -> Iterator[str]:
    """Yield a line for a block, a dash for an item, and after a link’s words where it leads."""
    if name in BLOCKS:
        yield "\n– " if name == "li" and not closes else "\n"
    if name == "a" and not closes:
        match = HREF.search(tag)
        links.append(match[1] if match else "")
    elif name == "a" and links:
        address = unescape(links.pop())
        if address.startswith(LINKS):
            yield f" ({address})"
