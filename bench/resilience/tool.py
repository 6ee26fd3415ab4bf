"""A site on loopback, a data directory that watches it, and the real command run over both.

What answers is read as versions: every made document says "文書3は第7版です", so a generation that
mixes two nights shows at once.
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from bench.resilience.data import page, paragraphs
from shisaku.index.search.searcher import Searcher

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-P", "-m", "shisaku"]
_VERSION = re.compile(r"文書(\d+)は第(\d+)版です")
Versions = dict[int, int]
"""Version by document."""


def content(document: int, version: int) -> bytes:
    """Return a web page that says which document and version it is."""
    texts = [f"文書{document}は第{version}版です。", *paragraphs(f"{document} {version}", 6)]
    return page(f"文書{document}", texts)


class Site:
    """A web server whose pages are the documents of `versions`."""

    def __init__(self) -> None:
        self.versions: Versions = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = site.body(self.path)
                tag = f'"{hash(body) & 0xFFFFFFFF:08x}"'
                known = body is not None and self.headers.get("If-None-Match") == tag
                self.send_response(304 if known else 404 if body is None else 200)
                self.send_header("ETag", tag)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(0 if known else len(body or b"")))
                self.end_headers()
                if not known:
                    self.wfile.write(body or b"")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                pass  # a client that was killed

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def body(self, path: str) -> bytes | None:
        """Return what stands at a path, None for nothing."""
        if path == "/index.html":
            links = "".join(f'<a href="/d{key}.html">{key}</a>' for key in sorted(self.versions))
            return f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
        found = re.fullmatch(r"/d(\d+)\.html", path)
        if not found or int(found[1]) not in self.versions:
            return None
        return content(int(found[1]), self.versions[int(found[1])])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Place:
    """A data directory: five documents come from the site, others are put there by hand."""

    data: Path
    site: Site
    seed: int
    hand: Versions = field(default_factory=dict)
    turn: int = 0

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.data.mkdir(parents=True, exist_ok=True)
        host = f"127.0.0.1:{self.site.port}"
        (self.data / "sources.toml").write_text(
            f'[[source]]\nname = "sho"\npublisher = "警察庁"\nhosts = ["{host}"]\n'
            f'pages = ["http://{host}/index.html"]\nallow_private = true\n'
            'delay = 0\ninclude = ["*/d*.html"]\n',
            encoding="utf-8",
        )
        self.site.versions = dict.fromkeys(range(5), 0)
        for key in range(100, 104):
            self.put(key, 0)

    def put(self, key: int, version: int | None) -> None:
        """Put a document there by hand, whole, or take it away."""
        path = self.data / "raw" / "hand" / f"{key}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        if version is None:
            path.unlink()
            del self.hand[key]
            return
        beside = path.with_suffix(".part")
        beside.write_bytes(content(key, version))
        beside.replace(path)
        self.hand[key] = version

    def next_turn(self) -> None:
        """Let the ministries publish: two pages change, a file changes, one comes or goes."""
        self.turn += 1
        for key in self.draw.sample(sorted(self.site.versions), 2):
            self.site.versions[key] = self.turn
        self.put(self.draw.choice(sorted(self.hand)), self.turn)
        if len(self.hand) > 6 or (len(self.hand) > 3 and self.draw.random() < 0.5):
            self.put(self.draw.choice(sorted(self.hand)), None)
        else:
            self.put(100 + self.turn, self.turn)

    @property
    def wanted(self) -> Versions:
        """What must answer after an update."""
        return self.site.versions | self.hand

    def command(self, *arguments: str, data: Path | None = None) -> list[str]:
        """Return a command over this directory, ready to be run."""
        return [*COMMAND, *arguments, "--data", str(data or self.data)]

    def update(self, *options: str, fetch: bool = True) -> list[str]:
        """Return the command that brings all in line."""
        fetching = ["--fetch"] if fetch else []
        return self.command("update", "--jobs", "1", *fetching, *options)


def run(
    command: list[str], *, limit: int | None = None, wrapped: tuple[str, ...] = ()
) -> "subprocess.CompletedProcess[str]":
    """Run a command; no file that it writes may grow beyond `limit` bytes."""

    def before() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [*wrapped, *command],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
        env=environment(),
        preexec_fn=before if limit is not None else None,
    )


def environment() -> Mapping[str, str]:
    """Return the environment without what would reach out of the measurement."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHISAKU")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def versions(data: Path) -> Versions:
    """Return the versions that answer now; raises what a search would."""
    with Searcher(data) as searcher:
        found: Versions = {}
        for record in searcher.export()[1]:
            if match := _VERSION.search(record["text"]):
                key, version = int(match[1]), int(match[2])
                if found.setdefault(key, version) != version:
                    raise AssertionError(f"two versions of document {key} answer")
        # What is counted must be found by its words as well.
        for key, version in sorted(found.items())[:2]:
            if searcher.search(f"「文書{key}は第{version}版です」").total < 1:
                raise AssertionError(f"document {key} is not found by its words")
        return found


def answers(data: Path) -> str:
    """Return all that the index holds, as an export would, in the documents' order."""
    with Searcher(data) as searcher:
        records = list(searcher.export()[1])
    return json.dumps(sorted(records, key=lambda record: record["id"]), ensure_ascii=False)


def sentence(done: "subprocess.CompletedProcess[str]") -> str:
    """Return what is wrong with how a command failed, "" where it did as it should."""
    if done.returncode not in (0, 1, 3, 5):
        return f"exit code {done.returncode}: {done.stderr[-300:]}"
    if "Traceback" in done.stderr or "internal error" in done.stderr:
        return f"no sentence: {done.stderr[-300:]}"
    said = done.stdout + done.stderr
    if done.returncode in (1, 5) and "shisaku " not in said.rpartition("\n  ")[2]:
        return f"no remedy that can be typed: {said[-300:]}"
    return ""


def stamps(data: Path) -> dict[str, tuple[int, int]]:
    """Return time and inode of all that an unchanged night must leave alone, by path."""
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_ino)
        for name in ("raw", "parsed", "index")
        for path in [data / name, *(data / name).rglob("*")]
    }
