"""The built book in other shapes: one archive, slides, paper."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from ce.site.editions import archive
from tests.book_copies import ROOT


def test_one_archive_holds_the_site_and_every_licence_its_list_names(built_book: Path, tmp_path: Path) -> None:
    target = tmp_path / "book.zip"
    assert archive.write_archive(ROOT, built_book, target) == target.stat().st_size < 8_000_000
    with ZipFile(target) as packed:
        assert packed.testzip() is None
        names = {name.removeprefix("book/") for name in packed.namelist()}
        links = re.findall(r'href="([^"]+)"', packed.read("book/licences.html").decode())
        read = {link: packed.read(f"book/{link}").decode() for link in links}
    assert {path.relative_to(built_book).as_posix() for path in built_book.rglob("*") if path.is_file()} < names
    assert "Attribution 4.0" in read["licences/LICENSE-TEXT.txt"]
    for carried in ("Khan Academy", "2018, pandas", "Bootstrap", "SIL OPEN FONT LICENSE"):
        assert any(carried in text for text in read.values()), carried


def test_an_archive_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    monkeypatch.setattr(archive, "LIMIT", 100)
    with pytest.raises(ValueError, match=r"expected at most 100 bytes, got \d+"):
        archive.write_archive(ROOT, tmp_path / "site", tmp_path / "book.zip")
