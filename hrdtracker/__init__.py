"""Case tracking for those who protect human rights defenders."""

VERSION = "0.1.0"
"""As pyproject.toml says it, too."""
