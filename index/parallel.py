"""Indexes the documents of a first run in several processes, each of which writes a segment.

Each process gets as many bytes of parsed/ and writes an index of its own in a directory that has a
name of its own, so that a process which outlives its parent harms nothing. Only what can be put
side by side is done so: where two files hold one document, one process must see both.
"""

import heapq
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index

from index.generation import BrokenIndexError, Entry
from index.schema import passage_schema
from ingest.errors import ShisakuError

Progress = Callable[[int, int, str], None]
Indexed = tuple[dict[str, Entry], dict[str, tuple[str, str]], Any]
"""Entries and refused files for the manifest, and what became of passages."""
Index = Callable[[Path, Mapping[str, Path], Progress | None], Indexed]
"""Makes an index of parsed files in an empty directory."""

_LEAST = 4_000_000
"""Bytes of parsed files that are worth a process: it starts in half a second."""
_TOLD = 20  # documents from one word of progress to the next


def shares(todo: Mapping[str, Path], jobs: int) -> list[dict[str, Path]]:
    """Give each process its files, of about as many bytes; none where one process is enough."""
    sizes = {name: path.stat().st_size for name, path in todo.items()}
    jobs = min(jobs, sum(sizes.values()) // _LEAST)
    if jobs < 2:
        return []
    found: list[dict[str, Path]] = [{} for _ in range(jobs)]
    loads = [(0, at) for at in range(jobs)]
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        load, at = heapq.heappop(loads)
        found[at][name] = todo[name]
        heapq.heappush(loads, (load + sizes[name], at))
    return [dict(sorted(share.items())) for share in found]


def index_apart(
    generation: Path, parts: list[dict[str, Path]], index: Index, progress: Progress | None
) -> list[Indexed] | None:
    """Index each part in a process and put their segments into `generation`.

    None, with nothing left of it, where two parts hold the same document.

    Raises:
        OSError: a process could not write.
        BrokenIndexError: a process died.

    """
    folders = [Path(tempfile.mkdtemp(prefix=".part-", dir=generation)) for _ in parts]
    try:
        found = _run(list(zip(folders, parts, strict=True)), index, progress)
        held = [entry.id or name for entries, _, _ in found for name, entry in entries.items()]
        if len(set(held)) < len(held):
            return None
        _adopt(generation, folders)
        return found
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _run(
    work: list[tuple[Path, dict[str, Path]]], index: Index, progress: Progress | None
) -> list[Indexed]:
    """Run the processes to their end; all of them end where one fails."""
    # A fork would carry over threads and locks of the caller.
    context = multiprocessing.get_context("spawn")
    total = sum(len(part) for _, part in work)
    pipes: dict[Connection, int] = {}
    processes = []
    try:
        for at, (folder, part) in enumerate(work):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_child, args=(theirs, folder, part, index))
            process.start()
            theirs.close()
            processes.append(process)
            pipes[ours] = at
        done = [0] * len(work)
        found: dict[int, Indexed] = {}
        for at, said in _listen(pipes):
            if isinstance(said, BaseException):
                raise said
            if isinstance(said, tuple):
                found[at] = said
            else:
                done[at] = said
                if progress:
                    progress(min(sum(done), total - 1), total, "")
        return [found[at] for at in range(len(work))]
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _listen(pipes: dict[Connection, int]) -> Iterator[tuple[int, Any]]:
    """Yield what the processes say until each has said its last word."""
    waiting = dict(pipes)
    while waiting:
        for pipe in wait(list(waiting)):
            assert isinstance(pipe, Connection)
            try:
                said = pipe.recv()
            except EOFError:
                raise BrokenIndexError(
                    "a process that indexed has died: its memory may not have been enough",
                    "type: shisaku index --jobs 1",
                ) from None
            yield waiting[pipe], said
            if not isinstance(said, int):
                del waiting[pipe]


def _child(pipe: Connection, folder: Path, part: dict[str, Path], index: Index) -> None:
    parent = os.getppid()

    def tell(done: int, total: int, name: str) -> None:
        if os.getppid() != parent:
            os._exit(1)  # nobody waits for it any more
        if done % _TOLD == 0:
            pipe.send(done)

    try:
        pipe.send(index(folder, part, tell))
    except (OSError, ShisakuError) as error:
        pipe.send(error)


def _adopt(generation: Path, folders: list[Path]) -> None:
    """Move the segments of the folders into `generation` and list them there."""
    segments = []
    for folder in folders:
        store = whoosh_index.open_dir(str(folder))
        reader_segments = store._segments()
        store.close()
        segments += reader_segments
        for segment in reader_segments:
            for path in folder.glob(f"{segment.make_filename('')}*"):
                path.rename(generation / path.name)
    store = whoosh_index.create_in(str(generation), passage_schema())
    store.writer().commit(mergetype=lambda writer, held: segments)
    store.close()
