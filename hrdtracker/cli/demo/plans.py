"""The demonstration's invented plan: one decision for many households, and who drew from it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hrdtracker.cli.demo.requests import DemoRequest
from hrdtracker.fund.drafts.requests import RequestDraft
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim


class DemoPlan(DemoRequest):
    """A plan: it names nobody, and every household has the same."""

    def draft(self, person: UUID) -> RequestDraft:
        """Return what each household may have, and until when."""
        draft, households = super().draft(person), self.table["households"]
        until = self.timeline.played_day() + timedelta(days=self.table["days"])
        return replace(
            draft,
            beneficiary=None,
            payee=None,
            payee_details=None,
            method=None,
            consented_on=None,
            items=(replace(draft.items[0], quantity=households),),
            households=households,
            plan_until=until,
            needed_by=until,
        )


class DemoDraw(DemoRequest):
    """What one household draws from a plan: a few words, and somebody who is named then."""

    plan: DemoPlan

    def draft(self, person: UUID) -> RequestDraft:
        """Return what a household draws."""
        draft = super().draft(person)
        helped = Victim(described=PersonDraft((NameDraft(self.table["household"]),)))
        return replace(
            draft,
            short=True,
            beneficiary=helped,
            payee=helped,
            risk_level=None,
            words={"need": draft.words["need"]},
            plan=self.plan.record.uid,
        )
