"""The protection fund from the console: whether its books and its records say the same."""

from itertools import groupby

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.core.money import Money
from hrdtracker.fund.books.integrity import CheckedFund, check_fund


@click.group()
def fund() -> None:
    """Check the protection fund."""


@fund.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Check that the books balance and agree with every line, request and payment; else exit 1.

    It prints what it checked, in how many records, and the sums of each account.
    """
    settings: Settings = context.obj
    with instance.at_work(settings):
        integrity = check_fund()
    for check in integrity.checks:
        verdict = "WRONG" if check.faults else "ok"
        click.echo(f"{verdict:5}  {check.what} (of {check.records:,})")
    _print_sums(integrity)
    for fault in integrity.faults:
        click.echo(f"WRONG: {fault.which}: {fault.what}.")
    if integrity.faults:
        context.exit(1)
    click.echo(f"The fund holds: {integrity.transactions:,} transactions.")


def _print_sums(integrity: CheckedFund) -> None:
    """Print what each account took in, gave out and holds, and that each currency comes to 0."""
    for currency, group in groupby(integrity.sums, key=lambda total: total.debit.currency):
        sums = list(group)
        click.echo(f"\n{currency:12}{'debit':>20}{'credit':>20}{'balance':>20}")
        for total in sums:
            click.echo(f"{total.account:12}" + _row(total.debit, total.credit, total.balance))
        left = Money(sum(total.balance.amount for total in sums), currency)
        click.echo(f"{'together':52}" + _row(left))
    click.echo()


def _row(*amounts: Money) -> str:
    return "".join(f"{money.major:>20,.{money.places}f}" for money in amounts)
