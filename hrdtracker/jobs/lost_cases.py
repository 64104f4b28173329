"""Which cases too few people can open is looked for every morning, and told until it is mended."""

from collections.abc import Callable
from functools import partial

from hrdtracker.cases import recovery
from hrdtracker.jobs.setting import Setting
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell
from hrdtracker.outbox.leases import Lease


def look(setting: Setting, _lease: Lease) -> Callable[[], None] | None:
    """Tell each director of all offices who may be let into such a case, where there is one."""
    directors = recovery.to_be_told(setting.organisation_id)
    return partial(tell, directors, NoticeKind.TOO_FEW_OPEN_IT) if directors else None
