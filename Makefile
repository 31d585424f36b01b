# One command builds the book, one tests it; both set up everything that they need.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
COLAB := _build/colab

# Small matrices: two threads would only wait for each other, and add up in another order.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.PHONY: book test colab serve notebooks look links lighthouse versions lowest-direct \
	highest bench repo requirements clean

book: $(READY)                ## build the book into _build/html
	rm -rf _build/html
	$(BIN)/jupyter-book build --all -W --keep-going .

test: book browser colab      ## run everything that has to hold
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pytest -n 2 --dist worksteal
	$(BIN)/pytest -n 2 --dist loadfile -p no:cacheprovider -o testpaths=book -W default \
		--nbval --nbval-current-env book

colab: $(COLAB)/ready         ## set up the versions that a reader has in Colab

serve: book                   ## read the book at http://localhost:8000
	$(BIN)/python -m http.server --directory _build/html 8000

notebooks: $(READY)           ## execute every notebook and store its text outputs
	$(BIN)/python tools/notebooks.py

look: book browser            ## take screenshots of every page: light, dark, 390 px wide
	$(BIN)/python tools/look.py

links: book                   ## try every link that leads to another host
	$(BIN)/python tools/links.py

lighthouse: book browser      ## let Lighthouse judge five pages on a slow phone
	$(BIN)/python tools/lighthouse.py

versions: lowest-direct highest  ## test nnutils in the oldest and the newest versions allowed

# An old matplotlib uses names that a new pyparsing warns of: such warnings are no errors here.
lowest-direct highest: $(BIN)/uv
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python _build/versions/$@
	$(BIN)/uv pip compile --quiet --resolution $@ --python $(BIN)/python pyproject.toml \
		--output-file _build/versions/$@/pins.txt
	$(BIN)/uv pip install --quiet --python _build/versions/$@ \
		--constraint _build/versions/$@/pins.txt --editable '.[test]' nbclient pyyaml
	$(BIN)/uv pip freeze --quiet --python _build/versions/$@
	_build/versions/$@/bin/python -m pytest -n 2 --dist worksteal -p no:cacheprovider \
		-W default::DeprecationWarning -W default::PendingDeprecationWarning \
		--ignore tests/test_build.py --ignore tests/test_colab.py --ignore tests/test_pages.py
	_build/versions/$@/bin/python -m pytest -n 2 --dist loadfile -p no:cacheprovider \
		-o testpaths=book -W default --nbval --nbval-current-env book

bench: book browser           ## time nnutils and the book beside peers: benchmarks/README.md
	$(BIN)/pip install --disable-pip-version-check --quiet -r benchmarks/requirements.txt
	env -u OPENBLAS_NUM_THREADS -u OMP_NUM_THREADS $(BIN)/python -m benchmarks

repo: $(READY)                ## write the address of the repository everywhere: make repo URL=...
	$(BIN)/python tools/repo.py $(URL)

requirements: $(BIN)/uv       ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --upgrade \
		--no-header --no-annotate pyproject.toml --output-file requirements.txt

clean:                        ## delete everything that the commands made
	rm -rf .venv _build *.egg-info .pytest_cache .ruff_cache .hypothesis

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check --progress-bar on -r requirements.txt
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --editable .
	touch $@

$(BIN)/uv: $(READY)
	$(BIN)/pip install --disable-pip-version-check --quiet uv
	touch $@

# The wheel of setuptools lets pip build the package without the network.
$(COLAB)/ready: tests/colab-versions.txt | $(BIN)/uv
	rm -rf $(COLAB)
	$(BIN)/uv venv --quiet --seed --python $(BIN)/python $(COLAB)
	$(BIN)/uv pip install --quiet --python $(COLAB)/bin/python --requirements $<
	$(COLAB)/bin/pip download --disable-pip-version-check --quiet --no-deps --dest $(COLAB)/wheels \
		setuptools
	touch $@

# Chromium: the one that is there, else Debian's, else Playwright's.
.PHONY: browser
browser: $(READY)
	@command -v chromium || command -v google-chrome || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get; then \
		apt-get update -qq && apt-get install -y -qq chromium; \
	else $(BIN)/playwright install --with-deps chromium; fi
