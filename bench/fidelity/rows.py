"""The rows of the table: what is measured on what, each file in a process of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from pdfplumber.utils.exceptions import PdfminerException

from bench.corpus import ROOT, files, name_of, parse
from bench.fidelity import account, contents, drawn, fuzz, gold, order
from bench.fidelity.chars import printed_pages
from bench.fidelity.measured import Limits, Measured
from bench.fidelity.prints import variants, webpages

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")


def in_processes(
    work: Callable[[Task], Outcome], tasks: Sequence[Task], jobs: int
) -> list[Outcome]:
    """Return the outcomes of `work` in the order of the tasks; each process ends after four."""
    with get_context("spawn").Pool(jobs, maxtasksperchild=4) as pool:
        return pool.map(work, tasks, chunksize=1)


def items(limits: Limits, jobs: int) -> Measured:
    """Measure the items of the follow-up."""
    score = _seed(gold.FOLLOW_UP)
    return _scored("seeds, follow-up: items", score, limits.floors["follow_up"])


def plan_and_meetings(limits: Limits, jobs: int) -> Measured:
    """Measure the plan's measures and the meetings."""
    plan, meetings = _seed(gold.PLAN), _seed(gold.MEETINGS)
    must = limits.floors["plan"]
    return Measured(
        "seeds, plan: measures; meetings", f"{plan.least:.4f}; {meetings.least:.4f}",
        f"{must:.2f}", plan.least >= must and meetings.least >= limits.floors["meetings"],
        (f"plan {plan.right} of {plan.wanted}", f"meetings {meetings.right} of {meetings.wanted}"),
        (*plan.wrong, *meetings.wrong),
    )  # fmt: skip


def _seed(name: str) -> gold.Score:
    path = next(path for path in files("seeds") if path.stem == name)
    document, wanted = parse(path), gold.load(name)
    if name == gold.FOLLOW_UP:
        return gold.compare_items(document, wanted)
    if name == gold.PLAN:
        return gold.compare_plan(document, wanted)
    return gold.compare_meetings(document, wanted)


def _scored(name: str, score: gold.Score, must: float) -> Measured:
    return Measured(
        name, f"P {score.precision:.4f} R {score.recall:.4f}", f"{must:.2f}", score.least >= must,
        (f"{score.right} right of {score.wanted}, {score.found} found",), score.wrong,
    )  # fmt: skip


def _print(number: int) -> gold.Score | str:
    try:
        return variants.measure(list(variants.variants())[number])
    except variants.PrintError as error:
        return str(error)


def prints(limits: Limits, jobs: int) -> Measured:
    """Measure the seeds printed in other ways; a print that cannot be made is a failure."""
    must = limits.floors["variants"]
    named = list(variants.variants())
    scores = in_processes(_print, range(len(named)), jobs)
    parts, failures = [], []
    least = 1.0
    for variant, score in zip(named, scores, strict=True):
        if isinstance(score, str):
            failures.append(f"{variant.name}: not printed: {score}")
            continue
        line = (
            f"{variant.name}: P {score.precision:.4f} R {score.recall:.4f}"
            f" ({score.right} of {score.wanted})"
        )
        parts.append(line)
        least = min(least, score.least)
        if score.least < must:
            failures += [line, *(f"    {wrong}" for wrong in score.wrong[:6])]
    value = f"least {least:.4f} of {len(parts)} prints"
    return Measured(
        "the same printed in other ways", value, f"{must:.2f}", not failures, tuple(parts),
        tuple(failures),
    )  # fmt: skip


def _order(name: str, prefix: str, must: float) -> Measured:
    documents = {}
    parts, failures = [], []
    least = 1.0
    for transcript in order.transcripts(prefix):
        if transcript.file not in documents:
            documents[transcript.file] = parse(transcript.path)
        score = order.score(documents[transcript.file], transcript)
        line = f"{transcript.name} ({transcript.file}): {score:.4f}"
        parts.append(line)
        least = min(least, score)
        if score < must:
            failures.append(line)
    return Measured(
        name, f"least {least:.4f}", f"{must:.2f}", not failures, tuple(parts), tuple(failures)
    )


def reading_order(limits: Limits, jobs: int) -> Measured:
    """Measure the order of the transcribed pages of brochure and sheet."""
    return _order("seeds, brochure and sheet: order", "[bs]*-", limits.floors["order"])


def vertical(limits: Limits, jobs: int) -> Measured:
    """Measure the order of the transcribed vertical pages."""
    return _order("vertical pages: order", "vertical-", limits.floors["vertical"])


@dataclass(frozen=True)
class Read:
    """What one real PDF gave: account, outline as it stands, outline without contents pages."""

    name: str
    horizontal: bool
    account: account.Account
    ledger: dict[str, int]
    outline: contents.Outline
    missing: tuple[str, ...]
    bare: contents.Outline | None
    leaders: int
    """Pages that look like contents, whatever the parser makes of them."""


def _read(path: Path) -> Read | None:
    document = parse(path)
    if document.failed:
        return None
    try:
        pages = list(printed_pages(path))
    except PdfminerException:
        return None  # there is nothing to hold the document against
    outline = contents.as_it_stands(document)
    bare, missing = contents.cut_out(path) if outline.in_body else (None, ())
    return Read(
        name_of(path), account.is_horizontal(pages), account.settle(document, pages),
        dict(document.ledger), outline, missing, bare,
        len(account.contents_pages(pages)),
    )  # fmt: skip


def read_all(jobs: int) -> list[Read]:
    """Read every real PDF once for the three rows that need it; those with no text are left out."""
    paths = [path for path in files("real") if path.suffix.lower() == ".pdf"]
    # The longest first, or one process would be left alone with it.
    paths.sort(key=lambda path: (-_weight(path), path))
    found = in_processes(_read, paths, jobs)
    return sorted((read for read in found if read is not None), key=lambda read: read.name)


def _weight(path: Path) -> int:
    return path.stat().st_size * (100 if path.stem == "000907834" else 1)


def with_contents(limits: Limits, reads: Sequence[Read]) -> Measured:
    """Measure the outline against the contents page, as the documents state it."""
    must, each = limits.floors["contents"], limits.floors["contents_each"]
    known = [read for read in reads if read.outline.in_body]
    found = sum(read.outline.matched for read in known)
    wanted = sum(read.outline.in_body for read in known)
    least = min((read.outline.share for read in known), default=0.0)
    failures = [
        f"{read.name}: {read.outline.share:.4f}, not found: {'; '.join(read.missing)}"
        for read in known
        if read.missing
    ]
    unseen = [read.name for read in reads if read.leaders and not read.outline.entries]
    failures += [f"{name}: has a contents page that was not recognised" for name in unseen]
    return Measured(
        "real PDFs with contents: entries found as headings",
        f"{found / max(wanted, 1):.4f}, least {least:.4f}", f"{must:.2f}, each {each:.2f}",
        found >= must * wanted > 0 and least >= each and not unseen,
        tuple(_outline(read.name, read.outline) for read in known), tuple(failures),
    )  # fmt: skip


def without_contents(limits: Limits, reads: Sequence[Read]) -> Measured:
    """Measure the same with the contents pages cut out."""
    must, most = limits.floors["outline"], limits.ceilings["headings_per_entry"]
    known = [(read.name, read.bare) for read in reads if read.bare is not None]
    found = sum(outline.matched for _, outline in known)
    wanted = sum(outline.in_body for _, outline in known)
    ratio = max((outline.headings / outline.entries for _, outline in known), default=0.0)
    failures = [
        f"{name}: {outline.share:.4f}, {outline.headings / outline.entries:.1f} headings per"
        f" entry, not found: {'; '.join(outline.missing)}"
        for name, outline in known
        if outline.missing or outline.headings > most * outline.entries
    ]
    return Measured(
        "the same, contents pages cut out",
        f"{found / max(wanted, 1):.4f}, at most {ratio:.1f} headings per entry",
        f"{must:.2f}, {most:.0f} per entry", found >= must * wanted > 0 and ratio <= most,
        tuple(_outline(name, outline) for name, outline in known), tuple(failures),
    )  # fmt: skip


def _outline(name: str, outline: contents.Outline) -> str:
    return (
        f"{name}: {outline.matched} of {outline.in_body} ({outline.entries} entries,"
        f" {outline.headings} headings)"
    )


def characters(limits: Limits, reads: Sequence[Read]) -> Measured:
    """Measure lost and invented characters of every PDF with a horizontal text layer."""
    most = limits.ceilings["unaccounted"]
    known = [read for read in reads if read.horizontal]
    worst = max((read.account.share for read in known), default=1.0)
    parts, failures = [], []
    for read in known:
        line = (
            f"{read.name}: {read.account.share:.3%} of {read.account.visible} (lost"
            f" {read.account.lost}, invented {read.account.invented}; its own ledger: lost"
            f" {read.ledger.get('lost', 0)}, invented {read.ledger.get('invented', 0)}, repeated"
            f" {read.ledger.get('repeated', 0)})"
        )
        parts.append(line)
        own = (read.ledger.get("lost", 0) + read.ledger.get("invented", 0)) / max(
            read.ledger.get("visible", 1), 1
        )
        if max(read.account.share, own) > most:
            failures.append(f"{line} {' '.join(read.account.examples)}")
    value = f"most {worst:.3%} of {len(known)} PDFs"
    return Measured(
        "real PDFs, horizontal: lost + invented", value, f"≤ {most:.1%}", not failures,
        tuple(parts), tuple(failures),
    )  # fmt: skip


def web(limits: Limits, jobs: int) -> Measured:
    """Measure the headings of env6plan and the articles of the laws."""
    page = ROOT / "real/env6plan/env6plan_initial_draft.html"
    headings = webpages.compare_headings(page, parse(page))
    laws = {
        name_of(path): webpages.compare_articles(path, parse(path))
        for path in files("real/law-egov-sjis")
    }
    least = min(score.least for score in laws.values())
    wrong = [f"{page.name}: {what}" for what in headings.wrong]
    wrong += [f"{name}: {what}" for name, score in laws.items() for what in score.wrong]
    must = limits.floors["headings"]
    return Measured(
        "env6plan: headings; laws: 第n条", f"{headings.least:.4f}; least {least:.4f}",
        f"{must:.2f}", headings.least >= must and least >= limits.floors["articles"],
        (
            f"{page.name}: {headings.right} of {headings.wanted}, {headings.found} sections",
            *(f"{name}: {score.right} of {score.wanted}" for name, score in laws.items()),
        ),
        tuple(wrong),
    )  # fmt: skip


def drawn_pages(limits: Limits, jobs: int) -> Measured:
    """Measure a sample of pages against what pdfium draws on them."""
    read = in_processes(drawn.read, drawn.sample_files(), jobs)
    return drawn.row(limits, [page for pages in read for page in pages])


def damaged(limits: Limits, jobs: int, copies: int) -> Measured:
    """Measure what damaged copies do."""
    result = fuzz.run(fuzz.corpus_files(), copies, jobs=jobs)
    told = ", ".join(f"{code} {count}" for code, count in sorted(result.reported.items()))
    return Measured(
        "damaged copies of ten small files", f"{len(result.faults)} faults in {result.copies}",
        "no fault", len(result.faults) <= limits.ceilings["faults"],
        (f"{result.read} read all the same; reported: {told}",), tuple(result.faults),
    )  # fmt: skip
