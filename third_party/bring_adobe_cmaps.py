"""Writes third_party/adobe-cmaps/ out of Debian's package poppler-data (BSD-3-Clause, Adobe).

    python third_party/bring_adobe_cmaps.py poppler-data_0.4.12-1_all.deb

The package is fetched by hand (`apt-get download poppler-data`); its files under cMap/ are Adobe's
CMap resources as published. Each is kept whole, packed with gzip without a time stamp, and its
SHA-256 before packing is written to SHA256SUMS, which `--check` compares.
"""

import gzip
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "adobe-cmaps"
JAPAN1 = "usr/share/poppler/cMap/Adobe-Japan1"
NAMES = (
    "Adobe-Japan1-UCS2",
    "UniJIS-UCS2-HW-H",
    "UniJIS-UCS2-HW-V",
    "UniJIS-UTF16-H",
    "UniJIS-UTF16-V",
    "UniJIS2004-UTF16-H",
    "UniJIS2004-UTF16-V",
    "UniJISPro-UCS2-HW-V",
    "UniJISPro-UCS2-V",
)


def main() -> None:
    """Bring the files, or with `--check` compare those that are here with their hashes."""
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if check() else "a file differs from SHA256SUMS")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", sys.argv[1], folder], check=True)
        HERE.mkdir(exist_ok=True)
        sums = []
        for name in NAMES:
            raw = (Path(folder) / JAPAN1 / name).read_bytes()
            (HERE / f"{name}.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
            sums.append(f"{hashlib.sha256(raw).hexdigest()}  {name}\n")
        (HERE / "SHA256SUMS").write_text("".join(sums))


def check() -> bool:
    """Tell whether each file, unpacked, has the hash of SHA256SUMS."""
    for line in (HERE / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        raw = gzip.decompress((HERE / f"{name}.gz").read_bytes())
        if hashlib.sha256(raw).hexdigest() != digest:
            return False
    return True


if __name__ == "__main__":
    main()
