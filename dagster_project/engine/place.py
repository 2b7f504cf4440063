"""The folder that this machine, the driver and the workers all see: a path, or the URI of an object store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.errors import TrisamError

# Hadoop's connectors and pyarrow call the same stores by different names.
_HADOOP_SCHEMES = {"s3": "s3a", "gcs": "gs"}
_PYARROW_SCHEMES = {"s3a": "s3"}


class SparkFolderError(TrisamError):
    """The shared folder is not there, or cannot be written."""


@dataclass(frozen=True)
class Place:
    """A folder of the shared storage.

    `filesystem` and `path` are pyarrow's, `location` is what Spark calls the same folder.
    """

    filesystem: Any
    path: str
    location: str

    def under(self, *names: str) -> Place:
        """A folder further in."""
        further = "/".join(names)
        return Place(self.filesystem, f"{self.path}/{further}", f"{self.location}/{further}")

    def make(self) -> None:
        """Make the folder; on a file system of this machine for its owner alone.

        Raises SparkFolderError when that fails.
        """
        try:
            self.filesystem.create_dir(self.path, recursive=True)
            if self._is_local:
                Path(self.path).chmod(0o700)
        except OSError as error:
            raise _not_writable(self.location, error) from None

    def remove(self) -> None:
        """Remove the folder and what lies in it; nothing to do where it is not there."""
        from pyarrow import fs  # noqa: PLC0415  only runs on Spark pay for the import

        if self.filesystem.get_file_info(self.path).type != fs.FileType.NotFound:
            self.filesystem.delete_dir(self.path)

    def folders(self) -> list[str]:
        """Names of the folders in it, sorted."""
        from pyarrow import fs  # noqa: PLC0415  only runs on Spark pay for the import

        listed = self.filesystem.get_file_info(fs.FileSelector(self.path, allow_not_found=True))
        return sorted(entry.base_name for entry in listed if entry.type == fs.FileType.Directory)

    @property
    def _is_local(self) -> bool:
        return str(self.filesystem.type_name) == "local"


def shared_folder(folder: str) -> Place:
    """The place of a setting: an absolute path, or a URI such as `s3a://bucket/trisam`.

    Raises SparkFolderError when it is neither, or is not there.
    """
    import pyarrow as pa  # noqa: PLC0415  only runs on Spark pay for the import
    from pyarrow import fs  # noqa: PLC0415

    if "://" not in folder:
        return _of_this_machine(Path(folder))
    scheme, _, rest = folder.partition("://")
    # What follows a question mark (a region, an endpoint) is for pyarrow; Spark has it in its own configuration.
    bare = rest.partition("?")[0].rstrip("/")
    try:
        filesystem, path = fs.FileSystem.from_uri(f"{_PYARROW_SCHEMES.get(scheme, scheme)}://{rest}")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _not_writable(folder, error) from None
    return Place(filesystem, path, f"{_HADOOP_SCHEMES.get(scheme, scheme)}://{bare}")


def _of_this_machine(folder: Path) -> Place:
    from pyarrow import fs  # noqa: PLC0415  only runs on Spark pay for the import

    if not folder.is_absolute() or not folder.is_dir():
        raise SparkFolderError(
            f"TRISAM_SPARK_FOLDER is {folder}, which is no folder with an absolute path here.",
            "Name a folder, or an object store as s3a://bucket/folder, that this machine and the workers both see.",
        )
    return Place(fs.LocalFileSystem(), str(folder), folder.as_uri())


def _not_writable(folder: str, error: Exception) -> SparkFolderError:
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return SparkFolderError(
        f"TRISAM_SPARK_FOLDER cannot be used ({folder}): {said}",
        "Mend its address, its rights, or the way to it.",
    )
