"""The sample corpus is what its script makes of its words, and holds the traps it is for."""

import hashlib
import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import reportlab

from shisaku.ingest.registry import registry
from shisaku.ingest.text.radicals import count_radicals

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "raw" / "sample"
FONT_FOLDER = Path("/usr/share/fonts/opentype")
FONTS = {
    "mincho": FONT_FOLDER / "ipaexfont-mincho" / "ipaexm.ttf",
    "gothic": FONT_FOLDER / "ipaexfont-gothic" / "ipaexg.ttf",
}


def gold() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "tests/data/sample_gold.json").read_bytes())
    return loaded


def test_making_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    if missing := [name for name, path in FONTS.items() if not path.is_file()]:
        pytest.skip(f"no IPAex {' and '.join(missing)} here (Debian: fonts-ipaexfont)")
    here = {
        "reportlab": reportlab.Version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in FONTS.items()},
    }
    if here != gold()["made_with"]:
        pytest.skip("fonts, zlib or reportlab differ from those the sample was made with")
    command = [sys.executable, str(ROOT / "data/make_sample.py"), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    made = {str(p.relative_to(tmp_path)): p for p in tmp_path.rglob("*") if p.is_file()}
    assert len(made) == 6
    for name, path in made.items():
        assert path.read_bytes() == (ROOT / name).read_bytes(), name


def test_a_missing_font_is_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "data/make_sample.py"), "--out", str(tmp_path)]
    done = subprocess.run(
        [*command, "--mincho", str(tmp_path / "none.ttf")], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "fonts-ipaexfont" in done.stderr and "Traceback" not in done.stderr


def test_it_is_small_and_holds_its_traps() -> None:
    files = {path.name: path for path in SAMPLE.iterdir()}
    assert set(files) == {entry["file"] for key, entry in gold().items() if "file" in entry}
    assert sum(path.stat().st_size for path in files.values()) < 400_000
    fonts: dict[str, set[str]] = {}
    radicals: dict[str, int] = {}
    for name in ("follow_up", "plan", "form", "brochure"):
        with pdfplumber.open(files[gold()[name]["file"]]) as pdf:
            chars = [char for page in pdf.pages for char in page.chars]
        fonts[name] = {char["fontname"] for char in chars}
        radicals[name] = count_radicals("".join(char["text"] for char in chars))
    assert radicals["follow_up"] > 100 and radicals["brochure"] > 50
    assert radicals["plan"] == radicals["form"] == 0
    assert fonts["form"] == {"HeiseiMin-W3"}  # not embedded, so not a subset
    assert all("+" in font for font in fonts["follow_up"] | fonts["plan"] | fonts["brochure"])
    page = files[gold()["meetings"]["file"]].read_bytes()
    assert "①".encode("cp932") in page  # in cp932, not in the Shift_JIS that it declares
    for hidden in gold()["meetings"]["hidden"]:
        assert hidden.encode("cp932") in page


def test_its_ministries_are_known() -> None:
    for row in (row for measure in gold()["follow_up"]["measures"] for row in measure["rows"]):
        assert [registry().resolve(name) for name in row["ministries"]] == row["ministries"]
    for measure in gold()["plan"]["measures"]:
        found = registry().find_trailing_list(measure["paragraphs"][-1])
        assert found is not None
        assert list(found[0].names) == measure["ministries"]
        assert found[0].and_others == measure["and_others"]


def test_its_titles_tell_kind_plan_and_publisher() -> None:
    for entry in (gold()[key] for key in ("follow_up", "plan", "form", "brochure", "meetings")):
        assert registry().kind_found(entry["title"]).kind == entry["kind"]
    followed = registry().followed_plan(gold()["follow_up"]["title"])
    assert followed is not None and followed.plan == gold()["follow_up"]["plan"]
    plan = registry().plan_of_title(gold()["plan"]["title"])
    assert plan is not None and plan.series == gold()["plan"]["plan_series"]
    assert registry().publisher_of([gold()["plan"]["publisher"]]) == gold()["plan"]["publisher"]
