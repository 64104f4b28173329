"""Users from the console: for the first after a mishap, and for whoever lost a password."""

import click

from config import Settings
from hrdtracker.access.model import Office, Role
from hrdtracker.accounts import queries, roles, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.queries import UserLine
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop

CODE = """The code, shown this once:

    {}

{} opens the page /welcome within 3 days, types the code and chooses a password."""


@click.group()
def user() -> None:
    """Add, lock and list users."""


@user.command()
@click.argument("login")
@click.option("--label", required=True, help="What colleagues call them; it need not be a name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="A first role.")
@click.option("--office", metavar="CODE", help="The role’s office; all offices unless named.")
@click.pass_obj
def add(settings: Settings, login: str, label: str, role: str | None, office: str | None) -> None:
    """Invite LOGIN and print the code with which they begin."""
    with instance.at_work(settings) as (actor, organisation):
        places = {place.code: place for place in queries.offices(actor)}
        if office and office not in places:
            raise Stop(f"There is no office {office}; there are {', '.join(places)}.")
        invited, code = staff.invite(actor, organisation, UserDraft(login, label))
        if role:
            membership = roles.propose_role(actor, invited, Role(role), places.get(office or ""))
            if membership.confirmed_at is None:
                click.echo("The role counts once a second person confirms it.")
        click.echo(CODE.format(code, login))


@user.command()
@click.argument("login")
@click.pass_obj
def lock(settings: Settings, login: str) -> None:
    """Lock LOGIN: what they are signed in with ends at once."""
    with instance.at_work(settings) as (actor, organisation):
        line = find(queries.all_users(organisation), login)
        staff.lock_user(actor, line.user)
        click.echo(f"{login} is locked.")


@user.command()
@click.argument("login")
@click.pass_obj
def code(settings: Settings, login: str) -> None:
    """Print a new code for LOGIN, who has lost the password or the first code."""
    with instance.at_work(settings) as (actor, organisation):
        line = find(queries.all_users(organisation), login)
        fresh = staff.invite_again(actor, line.user)
        click.echo(CODE.format(fresh, login))


@user.command(name="clear-factors")
@click.argument("login")
@click.pass_obj
def clear_factors(settings: Settings, login: str) -> None:
    """Take the second factors of LOGIN away, who lost the device and the recovery codes."""
    with instance.at_work(settings) as (actor, organisation):
        line = find(queries.all_users(organisation), login)
        if staff.clear_factors(actor, line.user).effective_at is None:
            click.echo("They are taken away once a second person confirms it.")
        else:
            click.echo(f"{login} signs in with the password alone, and sets up a new one.")


@user.command(name="list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the users: user name, state, roles that count."""
    with instance.at_work(settings) as (_, organisation):
        lines = queries.all_users(organisation)
        width = max((len(line.user.login) for line in lines), default=0)
        for line in lines:
            click.echo(f"{line.user.login:{width}}  {line.user.state:8}  {_roles(line)}")


def find(lines: list[UserLine], login: str) -> UserLine:
    """Return the user with this user name; raises Stop where there is none."""
    match = next((line for line in lines if line.user.login == login), None)
    if match is None:
        raise Stop(f"There is no user {login}; `hrdtracker user list` names them.")
    return match


def _roles(line: UserLine) -> str:
    roles = [f"{role.role} ({_place(role.office)})" for role in line.roles if role.counts]
    return ", ".join(roles) or "no role"


def _place(office: Office | None) -> str:
    return office.code if office else "all offices"
