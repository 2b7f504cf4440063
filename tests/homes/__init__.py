"""Homes that earlier versions of the code have left, each a few hundred rows: what an upgrade starts from.

See README.md for how the next one is made.
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

FOLDER = Path(__file__).parent
CLEAN = FOLDER.parent / "golden" / "clean" / "inbox"
KEY = FOLDER / "test.key"
"""The key of every kept home. It protects nobody: the individuals of the golden inboxes are invented."""
DELIVERIES = (
    "rg/team_*.csv",
    "rg/arenden_2021.csv",
    "rg/samtycke_*.csv",
    "af/ersattning_2021.csv",
    "af/samtycke_*.csv",
    "kommun-2104/*.csv",
)


def kept() -> list[str]:
    """The versions of which a home is kept, by the first digits of their commit."""
    return sorted(path.name.removesuffix(".tar.xz") for path in FOLDER.glob("*.tar.xz"))


def prepare(root: Path) -> None:
    """Lay out `root/inbox` with the deliveries that kept homes rest on, and `root/home` with nothing but the key."""
    for pattern in DELIVERIES:
        for source in CLEAN.glob(pattern):
            target = root / "inbox" / source.relative_to(CLEAN)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    (root / "home").mkdir(parents=True)
    key = root / "home" / "pseudonym.key"
    shutil.copyfile(KEY, key)
    key.chmod(0o600)


def unpack(name: str, root: Path) -> None:
    """Lay out `root/inbox` and the home that a version has left as `root/home`."""
    prepare(root)
    with tarfile.open(FOLDER / f"{name}.tar.xz") as archive:
        archive.extractall(root / "home", filter="data")
    (root / "home" / "work").chmod(0o700)
