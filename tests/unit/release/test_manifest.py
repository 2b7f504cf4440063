"""The manifest of a release: none, a whole one, or a fault that is told."""

import pytest

from dagster_project.release.manifest import DamagedReleaseError, read_manifest


def test_a_folder_without_a_manifest_is_no_release(tmp_path):
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("text", [b"", b'{"version": "2026', b"{}", b"\xff\xfe"])
def test_a_damaged_manifest_is_told_with_the_way_out(tmp_path, text):
    (tmp_path / "manifest.json").write_bytes(text)
    with pytest.raises(DamagedReleaseError, match="rollback"):
        read_manifest(tmp_path)
