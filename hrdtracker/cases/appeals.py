"""What somebody who is shut out of a case may do: know until when, and ask that it is looked at."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Block, Scope
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import APPEAL_MOST, NO_APPEAL
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.core.text import check, required


def appeal(actor: Actor, block: Block, words: str) -> Proposal:
    """Ask whoever directs all offices, or confirms from outside, to let one into a case again.

    Never whoever shut them out. The words are locked with the key of the case.
    """
    check(required("words", words, NO_APPEAL, APPEAL_MOST))
    with authorised(actor, Action.CASE_APPEAL, on=block):
        if proposals.waiting_for(block, Action.CASE_APPEAL):
            raise WrongStatus(N_("You have asked already."))
        block.appeal = words.strip()
        office_id = session().get_one(Scope, block.scope_id).office_id
        change = ProposedChange(user_id=actor.id, office_id=office_id, scope_id=block.scope_id)
        return proposals.propose(actor, Action.CASE_APPEAL, block, change)


def shut_out(actor: Actor) -> list[tuple[Block, bool]]:
    """Return what shuts the actor out of cases, as far as they are told; and whether they asked."""
    blocks = list(session().scalars(policy.visible(actor, Action.CASE_APPEAL, Block)))
    asked = proposals.uids_waiting(Action.CASE_APPEAL, blocks) if blocks else set()
    return [(block, block.uid in asked) for block in sorted(blocks, key=lambda row: row.id)]


def words_of(uids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what is asked about some blocks, by their uid, for whoever decides on it."""
    wanted = set(uids)
    if not wanted:
        return {}
    blocks = list(session().scalars(select(Block).where(Block.uid.in_(wanted))))
    ring().load(block.data_key_id for block in blocks)
    return {block.uid: block.appeal or "" for block in blocks}


def held_back(uids: Iterable[UUID]) -> set[UUID]:
    """Return the uids of the blocks of which whoever is shut out is not told yet."""
    query = select(Block.uid).where(Block.uid.in_(set(uids)), Block.told_from > clock.now())
    return set(session().scalars(query))


def tell_at_last(worker: Actor) -> None:
    """Tell whoever is shut out what two held back, once its time is over."""
    due = select(Block).where(Block.told_from <= clock.now())
    for block in session().scalars(due).all():
        with authorised(worker, Action.PROPOSAL_SETTLE, on=block):
            if block.told_from is not None:
                block.told_from = None
                proposals.tell_affected(block)
