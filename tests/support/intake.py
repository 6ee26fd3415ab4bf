"""A data directory for tests of the intake, with runs over it by the parser of the tests."""

from pathlib import Path

from shisaku.ingest.batch.batch import run_ingest
from shisaku.ingest.batch.report import IngestReport
from shisaku.ingest.model import Document
from shisaku.ingest.parsed.store import Store


class Data:
    """A data directory, and runs over it with the parser of the tests."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw = root / "raw"
        self.raw.mkdir()

    def put(self, name: str, text: str) -> Path:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, version: str = "1", **options: object) -> IngestReport:
        arguments = {"jobs": 1, "timeout": 60.0, **options}
        return run_ingest(
            self.root,
            parse="tests.support.fake_parser:parse",
            versions={"shisaku": version},
            **arguments,  # type: ignore[arg-type]
        )

    def read(self, name: str) -> Document:
        document = Store(self.root / "parsed").read(name)
        assert document is not None
        return document

    def ids(self) -> list[str]:
        return [h.id for _, h in Store(self.root / "parsed").headers() if h]

    def stamps(self) -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_ino)
            for name in ("raw", "parsed")
            for path in sorted((self.root / name).rglob("*"))
        }
