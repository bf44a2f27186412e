from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import UnusableColumns
from matcher.preview import preview


def test_each_input_is_reported_in_turn(tmp_path: Path) -> None:
    (tmp_path / "van.csv").write_text("VANID,LastName,Shoe size\n7,Moss,41\n8,Li,38\n")
    (tmp_path / "sheet.csv").write_text("Name,E-mail\nAda Moss,ada@example.org\n")
    van, sheet = preview([tmp_path / "van.csv", tmp_path / "sheet.csv"])
    assert (van.source, van.rows, sheet.source, sheet.rows) == ("everyaction", 2, "sheet", 1)
    assert van.columns["Shoe size"] is None
    assert sheet.columns == {"Name": "full_name", "E-mail": "email"}


def test_a_mapping_outranks_recognition(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Name,Called\nMoss,Ada\n")
    (report,) = preview(path, {"last_name": "Name", "first_name": "Called"})
    assert report.columns == {"Name": "last_name", "Called": "first_name"}
    with pytest.raises(UnusableColumns, match="Colled"):
        preview(path, {"first_name": "Colled"})
