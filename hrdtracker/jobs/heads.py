"""The heads of both chains go elsewhere by themselves: into a second folder, and by mail."""

from flask_babel import force_locale, gettext

from hrdtracker.accounts.queries import the_organisation
from hrdtracker.backups import older
from hrdtracker.backups.heads import present_heads
from hrdtracker.core.db import session
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease


def export(setting: Setting, _lease: Lease) -> None:
    """Keep the heads in the folder that is named; raises OSError where that is away."""
    organisation, settings = the_organisation(), setting.outside.settings
    if organisation is not None and settings is not None and settings.heads_folder is not None:
        older.export_heads(setting.actor, organisation, settings.heads_folder)


def send(setting: Setting, _lease: Lease) -> None:
    """Mail the heads, and nothing else, to the address that is named."""
    server, settings = setting.outside.mail, setting.outside.settings
    if server is None or settings is None or not settings.heads_mail:
        return
    heads = str(present_heads())
    with force_locale(setting.language):
        product = gettext(setting.product)
    session().rollback()  # no transaction stays open while the server answers
    server.send(settings.heads_mail, product, heads)
