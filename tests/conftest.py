"""Fixtures that every test has, and what a busy machine or a shell must not decide."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from shisaku.index.generations import build
from shisaku.ingest.batch import batch
from shisaku.ingest.fetch import run
from tests.support import workers

# Hypothesis fails an example after 200 ms on the clock, and a strategy that takes long to draw.
hypothesis.settings.register_profile(
    "without a clock",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("without a clock")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data directory with the sample documents and one that cannot be read; not to write."""
    from tests.support.typed import run

    data = tmp_path_factory.mktemp("sample") / "data"
    shutil.copytree(ROOT / "data" / "raw", data / "raw")
    (data / "raw" / "broken.pdf").write_text("no PDF", encoding="utf-8")
    result = run("update", "--data", data)
    assert result.exit_code == 3, result.stderr
    return data


def pytest_configure() -> None:
    # A shell starts what runs in the background with SIGINT ignored, which child processes inherit.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _kept_reader_ends() -> Iterator[None]:
    yield
    workers.KeptReader.end_kept()


@pytest.fixture(autouse=True)
def _without_worker_processes(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not request.node.get_closest_marker("workers"):
        monkeypatch.setattr(build, "Workers", workers.InThisProcess)
        monkeypatch.setattr(batch, "parse_all", workers.parse_all)
        monkeypatch.setattr(run, "Reader", workers.KeptReader)
