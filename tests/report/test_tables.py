from pathlib import Path

import pytest

from denoiselab.drafts import atomic
from denoiselab.report import Table
from denoiselab.report.tables import formatted, read_rows

TABLE = Table(
    ["method", "psnr", "ssim", "parameters", "seconds"],
    [
        {"method": "DnCNN", "psnr": 29.23124, "ssim": 0.83219, "parameters": 556032},
        {"method": "a|b", "psnr": float("inf"), "seconds": 0.031234},
    ],
    "BSD68",
)


def test_numbers_are_written_as_the_field_does() -> None:
    assert formatted("val/psnr", 29.23124) == "29.23" and formatted("gain_dB", 0.5) == "0.50"
    assert formatted("SSIM", 0.83219) == "0.8322" and formatted("seconds", 0.0312345) == "0.03123"
    assert formatted("parameters", 556032) == "556032" and formatted("psnr", None) == "–"
    assert formatted("psnr", float("nan")) == "nan"


def test_csv_keeps_every_digit(tmp_path: Path) -> None:
    TABLE.to_csv(tmp_path / "new" / "table.csv")
    columns, rows = read_rows(tmp_path / "new" / "table.csv")
    assert columns == ["method", "psnr", "ssim", "parameters", "seconds"]
    assert rows[0]["psnr"] == "29.23124" and rows[1] == dict(zip(columns, ["a|b", "inf", "", "", "0.031234"]))  # noqa: B905


def test_markdown(tmp_path: Path) -> None:
    TABLE.to_markdown(tmp_path / "table.md")
    assert (tmp_path / "table.md").read_text().splitlines() == [
        "**BSD68**",
        "",
        "| method | psnr | ssim | parameters | seconds |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| DnCNN | 29.23 | 0.8322 | 556032 | – |",
        "| a\\|b | inf | – | – | 0.03123 |",
    ]


def test_print(capsys: pytest.CaptureFixture) -> None:
    TABLE.print()
    out = capsys.readouterr().out
    assert "BSD68" in out and "29.23" in out and "0.8322" in out


def test_atomic_leaves_the_old_file_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
