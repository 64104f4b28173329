"""An authenticator app on somebody’s telephone."""

from dataclasses import dataclass, field

from pyotp import TOTP

from hrdtracker.accounts import factors, throttle
from hrdtracker.accounts.throttle import Keys
from hrdtracker.core import clock
from tests import make


@dataclass
class Authenticator:
    """What an app knows, and the recovery codes that its owner wrote down."""

    secret: str
    papers: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """Return the six digits of the present time step, or of one before or after it.

        Towards a real browser only the present one and the next: the step may end before the
        server reads the digits, and one more behind it is refused.
        """
        return TOTP(self.secret).at(clock.now(), counter_offset=steps)


def attempts() -> Keys:
    """Return for what a second step counts that fails."""
    return throttle.keys_of(pair="second step of somebody")


def with_app(login: str, keep: int = 0) -> Authenticator:
    """Set up an app for somebody; the code of the present step is still to be used.

    Inside a unit of work.
    """
    actor = make.actor(login)
    factors.begin_app(actor)
    app = Authenticator(factors.waiting_app(actor).secret or "")
    app.papers = factors.confirm_app(actor, app.code(-1), keep)
    return app
