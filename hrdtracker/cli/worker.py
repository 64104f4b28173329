"""The jobs in a process of their own: beside a server of many processes, or elsewhere."""

import signal

import click

from config import Settings
from hrdtracker.cli import instance, memory
from hrdtracker.jobs.thread import worker_of

BEGUN = "hrdtracker works in the background (Ctrl-C ends it once the job at hand is done)"


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.pass_obj
def worker(settings: Settings, *, once: bool) -> None:
    """Do the jobs that wait: mail, and what is due by itself."""
    memory.forbid_dumps()
    instance.check_place(settings)
    instance.check_mail(settings)
    app = instance.application(settings, instance.unlock(settings))
    work = worker_of(app, settings)
    if once:
        while work.work_once():
            pass
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: work.stop())
    click.echo(BEGUN)
    work.run()
