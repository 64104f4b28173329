"""The jobs in a process of their own: beside a server of many processes, or elsewhere."""

import signal

import click

from config import Settings
from hrdtracker.cli import closed, instance, memory, watch
from hrdtracker.jobs.thread import worker_of
from hrdtracker.jobs.worker import Worker

BEGUN = "hrdtracker works in the background (Ctrl-C ends it once the job at hand is done)"


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.pass_obj
def worker(settings: Settings, *, once: bool) -> None:
    """Do the jobs that wait: mail, and what is due by itself."""
    memory.forbid_dumps()
    instance.check_place(settings)
    instance.check_mail(settings)
    passphrase = None if once else closed.wait_apart(settings)
    try:
        with watch.watched(settings, watch.stop_command if once else watch.begin_again) as looking:
            app = instance.application(settings, instance.unlock(settings, passphrase))
            instance.follow(looking, app, settings)
            _work(worker_of(app, settings), once=once)
    except watch.Locked:
        if once:
            raise
        watch.begin_again()


def _work(work: Worker, *, once: bool) -> None:
    if once:
        while work.work_once():
            pass
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: work.stop())
    click.echo(BEGUN)
    work.run()
