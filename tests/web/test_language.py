"""Each page is in the language of who reads it, also where that changes in the middle of one."""

import pytest
from flask import Flask
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.accounts import sessions
from hrdtracker.authorised import authorised
from hrdtracker.core.errors import Message
from hrdtracker.custody.states import Confirmation
from hrdtracker.forms.base import say
from hrdtracker.incidents.closing import REFUSALS
from hrdtracker.people.letters import Letters
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, word
from tests import make
from tests.web.browse import page_open
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")


def token_of_a_khmer_reader(app: Flask) -> str:
    """Return the session of somebody who reads Khmer."""

    def begin() -> str:
        user = make.user("monitor")
        with authorised(make.actor("monitor"), Action.ACCOUNT_CHANGE, on=user):
            user.language = "km"
        return sessions.begin(user, "Test")

    return str(in_unit(app, begin))


def test_who_signs_in_in_the_middle_of_a_page_reads_the_rest_in_their_own_language(
    app: Flask,
) -> None:
    token = token_of_a_khmer_reader(app)
    with page_open(app):
        assert (locale(), gettext("Draft")) == ("en", "Draft")
        identity.remember_token(token)
        assert gettext("Draft") != "Draft"
        assert locale() == "km"
        assert word("draft") == gettext("Draft")
    with page_open(app):
        assert word("draft") == "Draft"


def test_letters_in_a_refusal_stand_in_the_script_of_the_page(app: Flask) -> None:
    refusal = Message(REFUSALS[Confirmation.FRESH], {"letters": Letters(["A", "C"])})
    with page_open(app, language="km"):
        assert say(refusal).startswith("ក., គ.៖")
    with page_open(app):
        assert say(refusal).startswith("A., C.:")
