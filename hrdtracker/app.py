"""The table of contents: one line for each part of the application."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession

from config import Settings
from hrdtracker import tables  # noqa: F401 - every table is known before the first page, and what happened to people
from hrdtracker.audit import trail
from hrdtracker.core.db import Base, prepare_sqlite
from hrdtracker.core.engine import engine_options
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.postgresql import TIMEOUTS, Timeouts, prepare_postgresql
from hrdtracker.core.seal import Vault
from hrdtracker.core.standstill import Standstill
from hrdtracker.web import sent_before, shell
from hrdtracker.web.blueprints import BLUEPRINTS
from hrdtracker.web.words import acts, custody

ROOT = Path(__file__).resolve().parent.parent


class RequestSession(trail.SignedSession, FlaskSession):
    """The session of one application context; it writes only what is signed."""


def create_app(settings: Settings, root: RootKey, timeouts: Timeouts = TIMEOUTS) -> Flask:
    """Return the application of one instance; opens no connection yet."""
    vault = Vault(root)
    app = shell.Application(__name__, template_folder=str(ROOT / "templates"))
    app.config.update(shell.flask_settings(settings, vault))
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database, vault, timeouts)
    trail.watch()
    db = SQLAlchemy(
        app,
        model_class=Base,
        session_options={
            "class_": RequestSession,
            "info": {"vault": vault, "standstill": Standstill()},
            "expire_on_commit": False,
        },
    )
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
        else:
            prepare_postgresql(db.engine, timeouts)
    shell.set_up(app, settings, db.session, vault)
    sent_before.set_up(app)
    custody.set_up(app)
    acts.set_up(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
