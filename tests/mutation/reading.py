"""Which modules have guards, and how Python reads them so that each guard asks the switch."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from tests.mutation.sites import NAME, instrumented
from tests.mutation.switch import SWITCH, Mutant, Switch

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "hrdtracker"
WHOLE = ("access", "web/shell", "fund/rules", "authorised.py")
GUARDING = (
    *("core/workflow.py", "fund/guards.py", "fund/workflow.py", "fund/capacity.py"),
    *("accounts/passkeys.py", "accounts/passwords.py", "accounts/recovery_codes.py"),
    *("accounts/throttle.py", "accounts/totp.py", "accounts/devices.py", "accounts/codes.py"),
)
"""What guards and does not open the door itself."""


def guarded() -> dict[str, Path]:
    """Return the modules whose guards are mutated, by their names, with their files."""
    files = {path for place in WHOLE for path in _files(PROGRAM / place)}
    files |= {PROGRAM / name for name in GUARDING}
    files |= {path for path in _files(PROGRAM) if path.name == "service.py" or _opens(path)}
    return {_name(path): path for path in sorted(files)}


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _opens(path: Path) -> bool:
    """Tell whether a module of a feature writes through the door."""
    return "with authorised(" in path.read_text("utf-8")


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def every_mutant() -> list[Mutant]:
    """Return every mutant, from the text alone."""
    switch = Switch()
    for name, path in guarded().items():
        instrumented(path.read_text("utf-8"), name, switch)
    return switch.mutants


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        """Return the code of a module that asks at every guard; it is never kept on the disk."""
        text = Path(self.path).read_text("utf-8")
        return compile(instrumented(text, fullname, SWITCH), self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        """Let a module know the switch before it is run."""
        setattr(module, NAME, SWITCH)
        super().exec_module(module)


class _Finder(MetaPathFinder):
    def __init__(self) -> None:
        self.modules = guarded()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module with guards; every other is found as always."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname in self.modules else None
        if spec is not None:
            spec.loader = _Loader(fullname, str(self.modules[fullname]))
        return spec


def read_with_mutants() -> None:
    """From now on, let every module with guards be read so that they ask the switch."""
    read = [name for name in guarded() if name in sys.modules]
    if read:
        raise RuntimeError(f"read before: {read}")
    sys.meta_path.insert(0, _Finder())
