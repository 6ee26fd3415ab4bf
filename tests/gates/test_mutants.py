"""The script behind `make mutants` finds what no test notices, and kills what one does."""

from pathlib import Path

import pytest

from bench.mutants.draw import Equivalent, Mutant, draw, equivalents, mutants
from bench.mutants.operators import changed, sites
from bench.mutants.run import Found, run
from bench.mutants.trial import Verdict

ROOT = Path(__file__).parents[2]

# --- changes -------------------------------------------------------------------------------------

CHANGES: list[tuple[str, set[str]]] = [
    # source, everything that it may become
    ("a < b", {"a <= b", "a >= b"}),
    ("a == b", {"a != b"}),
    ("a not in b", {"a in b"}),
    ("a is  not b", {"a is b"}),
    ("(a) <= (b)", {"(a) < (b)", "(a) > (b)"}),
    ("x = 5", {"x = 4", "x = 6", "x = 10"}),
    ("x = 0", {"x = 1", "x = -1"}),
    ("x = 0.4", {"x = 0.8", "x = 0.04"}),
    ("x = True", {"x = False"}),
    ("x: int = 1", {"x: int = 0", "x: int = 2"}),
    ("any(a)", {"all(a)", "pass"}),
    ("x = max(a)", {"x = min(a)"}),
    ("x = a and b and c", {"x = a or b and c", "x = a and b or c"}),
    ("x = not a", {"x = (a)"}),
    ("x = a + b", {"x = a - b"}),
    ("x = 'a' + b", set()),  # which would be no program
    ("x += a", {"x -= a", "pass"}),
    ("x.a = b", {"pass"}),
    ("x[a] = b", {"pass"}),
    ("x = a == 'b'", {"x = a != 'b'", "x = a == 'bXX'"}),
    ("x = a in ('b', c)", {"x = a not in ('b', c)", "x = a in ('bXX', c)"}),
    ("raise a('text')", {"pass"}),
    ("if a:\n b = c", {"if True:\n b = c"}),
    ("for a in b:\n if c:\n  break", {"for a in b:\n if False:\n  break",
                                      "for a in b:\n if c:\n  continue"}),
    ("x = [a for a in b if a]", {"x = [a for a in b if True]"}),
    ("def f() -> bool:\n return a", {"def f() -> bool:\n return not (a)"}),
    ("def f() -> str:\n return a", {'def f() -> str:\n return ""'}),
    ("def f() -> list[int]:\n return a", {"def f() -> list[int]:\n return []"}),
    ("def f() -> int | None:\n return a", {"def f() -> int | None:\n return None"}),
    ("def f(a='b'):\n ...", {'def f(a="XX"):\n ...'}),
    ("施策 = 令和 < 平成", {"施策 = 令和 <= 平成", "施策 = 令和 >= 平成"}),  # bytes are not letters
    # Left alone: what only a reader sees, and what the type checker looks at.
    ('"""Docs."""', set()),
    ("__all__ = ['a']", set()),
    ("import a", set()),
    ("assert a", set()),
    ("x: Literal[1]", set()),
    ("x = f'{a + 1:3}'", set()),
    ("x = 'text'", set()),
    ("@d(1)\ndef f(): ...", set()),
    ("if TYPE_CHECKING:\n import a", set()),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CHANGES, ids=[row[0] for row in CHANGES])
def test_what_a_source_may_become(source: str, expected: set[str]) -> None:
    found = [changed(source, site, variant) for site in sites(source) for variant in site.variants]
    assert set(found) == expected and len(found) == len(expected)


def test_every_module_of_the_program_can_be_changed_into_one() -> None:
    for mutant in draw(ROOT, ("index", "ingest"), seed=1, number=150):
        source = (ROOT / mutant.path).read_text(encoding="utf-8")
        text = changed(source, mutant.site, mutant.variant)
        compile(text, mutant.path, "exec")
        assert text != source and text.count("\n") <= source.count("\n")
        assert mutant.site.code in source.splitlines()[mutant.site.line - 1]


# --- a draw --------------------------------------------------------------------------------------

GRADE = '''"""Grades."""

MOST = 100


def grade(points: int) -> str:
    if points > MOST:
        raise ValueError("too many points")
    return "good" if points >= 60 else "poor"


def bonus(points: int) -> int:
    return points + 5
'''
TESTS = """import pytest

from index.made.grade import bonus, grade


@pytest.mark.parametrize(("points", "word"), [(59, "poor"), (60, "good"), (100, "good")])
def test_grade(points, word):
    assert grade(points) == word


def test_too_many():
    with pytest.raises(ValueError):
        grade(101)


def test_bonus():
    assert bonus(1)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Make a project of one package: `grade` is well tested, `bonus` is not."""
    root = tmp_path / "project"
    for name, text in (
        ("pyproject.toml", "[tool.pytest.ini_options]\n"),
        ("index/__init__.py", ""),
        ("index/made/__init__.py", ""),
        ("index/made/grade.py", GRADE),
        ("tests/index/made/test_grade.py", TESTS),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_a_draw_is_the_same_for_a_seed_and_lives_with_edits_elsewhere(tree: Path) -> None:
    def drawn(seed: int) -> set[tuple[str, str]]:
        return {(one.site.code, one.variant) for one in draw(tree, ["index/made"], seed, 5)}

    before = drawn(20)
    assert before == drawn(20) != drawn(21)
    path = tree / "index/made/grade.py"
    path.write_text('"""More."""\n\n\n' + path.read_text("utf-8").partition("\n\n")[2], "utf-8")
    assert drawn(20) == before


def test_what_survives_is_found_and_what_does_not_is_killed(tree: Path, tmp_path: Path) -> None:
    def one(code: str, variant: str) -> Mutant:
        every = [m for seed in range(30) for m in mutants(tree, ["index"], seed)]
        return next(m for m in every if (m.site.code, m.variant) == (code, variant))

    graded = 'return "good" if points >= 60 else "poor"'
    drawn = [
        one("MOST = 100", "99"),
        one(graded, ">"),
        one("return points + 5", "-"),
        one("return points + 5", "0"),
        one("if points > MOST:", ">="),
    ]
    same = Equivalent("index/made/grade.py", "grade", "if points > MOST:", ">", ">=", "made up")
    told: list[Verdict] = []
    found = run(tree, drawn, ["index/made"], tmp_path / "cache", [same], told.append)
    assert [mutant.variant for mutant in found.survived] == ["-"]
    assert list(found.equivalent) == [drawn[-1]] and found.verdicts == told
    killers = [verdict.killer.partition("::")[2].partition("[")[0] for verdict in told]
    assert killers == ["test_grade", "test_grade", "", "test_bonus"]
    assert "3 of 4 killed (75.0%" in found.lines()[-1]
    assert not found.enough
    assert (tree / "index/made/grade.py").read_text("utf-8") == GRADE


@pytest.mark.parametrize(
    ("killed", "of", "equivalent", "enough"),
    [(8, 10, 0, True), (7, 10, 0, False), (54, 54, 6, True), (53, 53, 7, False), (0, 0, 0, False)],
)
def test_when_enough_is_killed(killed: int, of: int, equivalent: int, enough: bool) -> None:
    (mutant, *_) = drawn = draw(ROOT, ["index/query"], 1, 7)
    verdicts = [Verdict(mutant, "test" if at < killed else "", 0) for at in range(of)]
    known = {one: Equivalent("", "", "", "", "", "") for one in drawn[:equivalent]}
    assert Found(verdicts, known).enough is enough


def test_each_equivalent_mutant_is_one_of_a_line_that_is_there() -> None:
    for known in equivalents(ROOT / "bench/mutants/equivalent.toml"):
        lines = map(str.strip, (ROOT / known.path).read_text(encoding="utf-8").splitlines())
        assert known.code in lines and known.before != known.after and len(known.why) > 20, known
