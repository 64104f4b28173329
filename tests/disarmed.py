"""How whoever holds the database takes away what keeps a table from being changed."""


def disarmed(engine: str, table: str) -> tuple[str, ...]:
    """Return the statements after which rows of a table can be changed and deleted."""
    if engine == "postgresql":
        return (f"ALTER TABLE {table} DISABLE TRIGGER ALL",)
    return tuple(f"DROP TRIGGER {table}_refuses_{verb}" for verb in ("update", "delete"))
