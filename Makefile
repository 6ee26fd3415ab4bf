# Two commands matter: `make demo` and `make test`. Both make .venv first.
PYTHON ?= python3
BIN := .venv/bin
# By default setuptools installs a finder of imports, which every start of Python in .venv then loads
# with pathlib and urllib: 12 ms. This way it writes the name of the folder into a .pth file instead.
EDITABLE := --config-settings editable_mode=compat
# It also compiles nothing, unlike any other install; where Python is told to write no bytecode
# (PYTHONDONTWRITEBYTECODE) every start would compile all that it loads.

# A process for each processor, four at most; the tests of a file stay together for their fixtures.
# Bytecode is written even where the caller wants none (PYTHONDONTWRITEBYTECODE): to compile the tests
# and what their child processes import, over and over, would take a tenth of the time.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

.PHONY: setup demo test test-matrix fidelity findability resilience doubling fuzz mutants sample readme bench clean

setup: .venv/.ready

.venv/.ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(EDITABLE) -e .
	$(BIN)/python -m compileall -q shisaku cli.py commands index ingest
	touch $@

# Takes the sample corpus in, indexes it, and asks it something.
demo: setup
	$(BIN)/shisaku --data data update
	$(BIN)/shisaku --data data search 人身取引 --ministry 警察庁 --limit 3 --facets

# Types are checked beside the tests: mypy takes one processor for some seconds.
test: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy & types=$$!; $(PYTEST); tests=$$?; wait $$types && exit $$tests

# The suite under Python 3.11, 3.12 and 3.13, as far as they are on PATH or among those of pyenv;
# says which were skipped and why. Each gets an environment of its own under .matrix/.
test-matrix: setup
	$(BIN)/python -m bench.matrix $(ARGS)

# How faithful the parser is, over the corpus of real documents ($SHISAKU_CORPUS, docs/fidelity.md);
# fails under the floors of bench/floors.toml. Needs Chromium, LibreOffice Writer and the Noto CJK
# and IPAex fonts (Debian: chromium libreoffice-writer fonts-noto-cjk fonts-ipaexfont).
fidelity: setup
	$(BIN)/python -m bench.fidelity $(ARGS)

# How well the search finds, over the same corpus, beside other engines (docs/findability.md); fails
# under the floors of bench/floors.toml. For the comparison with Groonga (Debian: groonga
# groonga-tokenizer-mecab); without it those columns say so.
findability: setup
	$(BIN)/python -m bench.findability $(ARGS)

# What the work costs, beside other programs, in one run (docs/benchmarks.md); 15 minutes. For the
# comparison with Recoll (Debian: recollcmd poppler-utils); without it that row says so.
bench: setup
	$(BIN)/python -m bench.speed $(ARGS)

# What a night survives (docs/resilience.md): killed at 200 moments, full disks, two at once, ten
# thousand documents; about six minutes. As root it also tries a small disk and closed places.
resilience: setup
	$(BIN)/python -m bench.resilience $(ARGS)

# Doubles the input of every stage: processor time must grow with it (docs/resilience.md); some 1,800
# rows, about forty minutes of one processor. make doubling ARGS="--only html dates"
doubling: setup
	$(BIN)/python -m bench.doubling $(ARGS)

# 5,000 damaged copies of small files; about six minutes.
fuzz: setup
	$(BIN)/python -m bench.fidelity.fuzz $(ARGS)

# Changes the program in N small ways, drawn by SEED, in a copy, and counts how many of them the tests
# notice (docs/testing.md); fails below 80 %. The first run records for some minutes what each test
# calls. make mutants SEED=20 N=60 PACKAGES="index/query ingest/fetch"
SEED ?= 20
N ?= 60
mutants: setup
	nice $(BIN)/python -m bench.mutants --seed $(SEED) -n $(N) $(PACKAGES)

# Only after a change to data/sample.toml: the files it makes are committed. Needs the IPAex fonts
# (Debian: fonts-ipaexfont); elsewhere: make sample FONTS="--mincho … --gothic …"
sample: setup
	$(BIN)/python data/make_sample.py $(FONTS)

# After a change to what is parsed or shown: the READMEs' transcript is what the demo prints.
readme: setup
	$(BIN)/python data/make_transcript.py

clean:
	rm -rf .venv .matrix build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .mutants
