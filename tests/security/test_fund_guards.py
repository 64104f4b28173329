"""Every guard of the fund is taken away in turn, and each time an act is open that must not be."""

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.guard import Guard, GuardedWorkflow, Guards, must_hold, passing
from hrdtracker.core.db import Entity
from hrdtracker.core.errors import WrongStatus
from hrdtracker.fund.model import Instalment, PaymentStatus, RequestStatus, SupportRequest
from hrdtracker.fund.workflow import OF_INSTALMENT, OF_PAYMENT, OF_REQUEST, PAYMENT, REQUEST
from tests.security.fund_scenes import Scene
from tests.security.payment_scenes import SCENES

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
TABLES = (OF_REQUEST, OF_PAYMENT, OF_INSTALMENT)


def test_every_guard_of_every_verb_has_a_scene() -> None:
    shown = [(verb, scene.guard) for scene in SCENES for verb in scene.verbs]
    stands = [
        (verb, guard) for table in TABLES for verb, guards in table.items() for guard in guards
    ]
    assert {(verb, guard.refusal) for verb, guard in set(stands) - set(shown)} == set()
    assert len(shown) == len(set(shown)) == len(stands)


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_guard_is_all_that_stands_in_the_way(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, record = scene.build()
    for verb in scene.verbs:
        with pytest.raises(WrongStatus) as refused:
            _check(actor, verb, record)
        assert refused.value.reason.text == scene.guard.refusal
        assert _offered(actor, verb, record) is scene.guard.asked_first
    for workflow in (REQUEST, PAYMENT):
        monkeypatch.setattr(workflow, "guards", _without(workflow.guards, scene.guard))
    for verb in scene.verbs:
        _check(actor, verb, record, without=scene.guard)
        assert _offered(actor, verb, record, without=scene.guard), verb


def _without(guards: Guards, gone: Guard) -> Guards:
    return {
        verb: tuple(guard for guard in some if guard is not gone) for verb, some in guards.items()
    }


def _check(actor: Actor, verb: Action, record: Entity, without: Guard | None = None) -> None:
    if isinstance(record, Instalment):
        guards = tuple(guard for guard in OF_INSTALMENT[verb] if guard is not without)
        must_hold(actor, guards, record)
    else:
        _workflow(record).check(actor, verb, record)


def _offered(actor: Actor, verb: Action, record: Entity, without: Guard | None = None) -> bool:
    if isinstance(record, Instalment):
        kept = {verb: tuple(one for one in OF_INSTALMENT[verb] if one is not without)}
        return verb in passing(actor, kept, [record])[record.id]
    return verb in _workflow(record).offers(actor, (verb,), record).may


def _workflow(record: Entity) -> GuardedWorkflow[RequestStatus] | GuardedWorkflow[PaymentStatus]:
    return REQUEST if isinstance(record, SupportRequest) else PAYMENT
