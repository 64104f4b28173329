"""Templates are indented for whoever writes them; a page travels without, which is a third less."""

import re

from jinja2.ext import Extension

INDENTED = re.compile(r"\n[ \t]+")


class WithoutIndentation(Extension):
    """Leave out the spaces at the beginning of each line of a template; its lines stay."""

    def preprocess(self, source: str, _name: str | None, _filename: str | None = None) -> str:
        """Return a template as it is compiled."""
        return INDENTED.sub("\n", source)
