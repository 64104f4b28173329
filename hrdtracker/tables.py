"""Every table there is, in one place, so that migrations and tests know them all."""

from hrdtracker.access import model as access
from hrdtracker.accounts import model as accounts
from hrdtracker.audit import model as audit
from hrdtracker.backups import model as backups
from hrdtracker.cases import model as cases
from hrdtracker.codelists import model as codelists
from hrdtracker.core import seal
from hrdtracker.core.db import Base
from hrdtracker.custody import model as custody
from hrdtracker.duty import model as duty
from hrdtracker.fund import model as fund
from hrdtracker.incidents import model as incidents
from hrdtracker.insight import model as insight
from hrdtracker.lockdown import model as lockdown
from hrdtracker.notices import model as notices
from hrdtracker.outbox import model as outbox
from hrdtracker.people import model as people
from hrdtracker.proceedings import happened
from hrdtracker.proceedings import model as proceedings
from hrdtracker.proceedings.checklists import model as checklists
from hrdtracker.proceedings.clocks import model as clocks
from hrdtracker.proceedings.legal_rules import model as legal_rules

PARTS = (
    seal,
    access,
    audit,
    codelists,
    outbox,
    notices,
    accounts,
    duty,
    people,
    cases,
    custody,
    incidents,
    proceedings,
    happened,
    checklists,
    clocks,
    legal_rules,
    fund,
    insight,
    backups,
    lockdown,
)
TABLES = Base.metadata.sorted_tables
MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda m: m.__tablename__)
