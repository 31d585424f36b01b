# One command builds the book, one tests it; both set up everything that they need.

PYTHON ?= python3
export URL :=
ONLY :=
NAME :=
BIN := .venv/bin
READY := .venv/ready
COLAB := _build/colab
OPENED := _build/opened
PEERS := _build/peers
NBVAL := $(BIN)/pytest -n 2 --dist loadfile -p no:cacheprovider -o testpaths=book -W default --nbval
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq
PIP := -m pip --disable-pip-version-check
WITHOUT_BOOK := $(addprefix --ignore tests/test_,build.py chapter.py colab.py digit.py landing.py \
	live.py needs.py npm.py pages.py pdf.py questions.py)

# What you have set, and what your home folder holds, must not change a number or a picture. So
# recipes see of your environment only what finds programs, the network and packages, and they
# have a home folder of their own.
KEPT := PATH LD_LIBRARY_PATH TERM TMPDIR PYENV_% ASDF_% MISE_% SDKROOT DEVELOPER_DIR \
	http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY \
	SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE GIT_SSL_CAINFO \
	NODE_EXTRA_CA_CERTS PLAYWRIGHT_DOWNLOAD_HOST \
	$(addprefix PIP_,CONFIG_FILE INDEX_URL EXTRA_INDEX_URL FIND_LINKS NO_INDEX TRUSTED_HOST \
		CERT CLIENT_CERT PROXY TIMEOUT DEFAULT_TIMEOUT RETRIES CACHE_DIR) \
	$(addprefix UV_,CONFIG_FILE DEFAULT_INDEX INDEX INDEX_URL EXTRA_INDEX_URL FIND_LINKS \
		NATIVE_TLS CACHE_DIR) \
	$(addprefix npm_config_,userconfig registry cafile proxy https_proxy noproxy strict_ssl)
GIVEN := $(foreach name,$(.VARIABLES),$(if $(findstring environment,$(origin $(name))),$(name)))
unexport $(filter-out $(KEPT),$(GIVEN))
# What fetches looks into your home folder, too: its settings may say where packages come from.
export YOUR_HOME := $(or $(HOME),$(CURDIR)/_build/home)
export YOUR_SETTINGS := $(or $(XDG_CONFIG_HOME),$(YOUR_HOME)/.config)
export npm_config_userconfig ?= $(YOUR_HOME)/.npmrc
YOURS := HOME="$$YOUR_HOME" XDG_CONFIG_HOME="$$YOUR_SETTINGS"
export HOME := $(CURDIR)/_build/home
export PYTHONUTF8 := 1

# Small matrices: two threads would only wait for each other, and add up in another order.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

# The book, a browser and Colab's versions are made at the same time; tests run one after another.
ifeq ($(filter versions,$(MAKECMDGOALS)),)
MAKEFLAGS += --jobs=3
endif

.PHONY: book test stories pdf colab serve notebooks chapter watch look links lighthouse versions pinned \
	lowest-direct highest peers bench repo requirements clean

book: $(READY)                ## build the book into _build/html
	rm -rf _build/html
	$(BIN)/jupyter-book build --all -W --keep-going .

test: book browser colab      ## run everything that has to hold
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	JUPYTER_PATH=$(OPENED) $(NBVAL) --nbval-kernel-name colab $(OPENED)
	$(BIN)/pytest -n 2 --dist worksteal -m "not stories"

stories: book browser         ## run all cells of the long chapters in the page's Python
	$(BIN)/pytest -n 2 -m stories tests/test_live.py

colab: $(COLAB)/ready         ## lay the chapters out as a reader opens them in Colab
	$(BIN)/python -m tools.colab

pdf: book browser             ## print the whole book into _build/wire-by-wire.pdf
	$(BIN)/python tools/pdf.py

serve: book                   ## read the book in a browser on this machine
	$(BIN)/python tools/serve.py

notebooks: $(READY)           ## execute every notebook and store its text outputs: make notebooks ONLY=x
	$(BIN)/python tools/notebooks.py $(ONLY)

chapter: $(READY)             ## build and check one chapter alone: make chapter NAME=x
	$(BIN)/python -m tools.chapter "$(NAME)"

watch: $(READY)               ## build one chapter alone after every change, in a browser: NAME=x
	$(BIN)/python -m tools.chapter "$(NAME)" --watch

look: book browser            ## take screenshots of every page: light, dark, 390 px wide
	$(BIN)/python tools/look.py

links: book                   ## try every link that leads to another host
	$(BIN)/python tools/links.py

lighthouse: book browser      ## let Lighthouse judge five pages on a slow phone
	$(BIN)/python tools/lighthouse.py

versions: pinned lowest-direct highest  ## test nnutils in the oldest and the newest versions allowed

pinned: $(READY)              ## execute every notebook in the book's own versions, and compare
	$(NBVAL) --nbval-current-env book

# An old matplotlib uses names that a new pyparsing warns of: such warnings are no errors here.
lowest-direct highest: $(BIN)/uv
	$(YOURS) $(BIN)/uv venv --quiet --clear --python $(BIN)/python _build/versions/$@
	$(YOURS) $(BIN)/uv pip compile --quiet --resolution $@ --python $(BIN)/python pyproject.toml \
		--output-file _build/versions/$@/pins.txt
	$(YOURS) $(BIN)/uv pip install --quiet --python _build/versions/$@ \
		--constraint _build/versions/$@/pins.txt --editable '.[test]' nbclient pyyaml
	$(BIN)/uv pip freeze --quiet --python _build/versions/$@
	_build/versions/$@/bin/python -m pytest -n 2 --dist loadfile -p no:cacheprovider \
		-o testpaths=book -W default --nbval --nbval-current-env book
	_build/versions/$@/bin/python -m pytest -n 2 --dist worksteal -p no:cacheprovider \
		-W default::DeprecationWarning -W default::PendingDeprecationWarning $(WITHOUT_BOOK)

peers: $(PEERS)/ready         ## run the tests that compare with PyTorch and scikit-learn, or need Dask
	$(PEERS)/bin/python -m pytest -n 2 --dist worksteal -p no:cacheprovider -m peers $(WITHOUT_BOOK)

bench: book browser           ## time nnutils and the book beside peers: benchmarks/README.md
	$(YOURS) $(BIN)/python $(PIP) install --quiet -r benchmarks/requirements.txt
	env -u OPENBLAS_NUM_THREADS -u OMP_NUM_THREADS $(BIN)/python -m benchmarks

repo:                         ## write the address of the repository everywhere: make repo URL=...
	@$(YOURS) $(PYTHON) tools/repo.py "$$URL"

requirements: $(BIN)/uv       ## pin the newest versions that pyproject.toml allows
	$(YOURS) $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--extra book --extra test --extra authors --upgrade --no-header --no-annotate \
		pyproject.toml --output-file requirements.txt

clean:                        ## delete everything that the commands made
	rm -rf .venv _build *.egg-info .pytest_cache .ruff_cache .hypothesis

# An environment that does not import this course's package is made anew: the folder was moved,
# its Python is gone, or it never was complete.
WHERE := import nnutils; print(*nnutils.__path__)
ifneq ($(shell { $(BIN)/python -I -c '$(WHERE)'; } 2>/dev/null),$(CURDIR)/nnutils)
.PHONY: $(READY)
ANEW := --clear
endif

$(READY): requirements.txt pyproject.toml tools/pip.conf
	$(YOURS) $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(YOURS) $(PYTHON) -m venv $(ANEW) .venv
	cp tools/pip.conf .venv
	$(YOURS) $(BIN)/python $(PIP) install --progress-bar on --no-compile -r requirements.txt
	$(YOURS) $(BIN)/python $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(PEERS)/ready: benchmarks/requirements.txt $(READY)
	$(BIN)/python -m venv --clear $(PEERS)
	cp tools/pip.conf $(PEERS)
	$(YOURS) $(PEERS)/bin/python $(PIP) install --progress-bar on --no-compile -c requirements.txt \
		-r benchmarks/requirements.txt --editable '.[test]' nbclient pyyaml
	touch $@

$(BIN)/uv: $(READY)
	$(YOURS) $(BIN)/python $(PIP) install --quiet uv
	touch $@

# The wheel of setuptools lets pip build the package without the network.
$(COLAB)/ready: tests/colab-versions.txt | $(BIN)/uv
	rm -rf $(COLAB)
	$(YOURS) $(BIN)/uv venv --quiet --seed --python $(BIN)/python $(COLAB)
	cp tools/pip.conf $(COLAB)
	$(YOURS) $(BIN)/uv pip install --quiet --python $(COLAB)/bin/python --requirements $<
	$(YOURS) $(COLAB)/bin/python $(PIP) download --quiet --no-deps --dest $(COLAB)/wheels setuptools
	touch $@

# Chromium: the one that is there, else Debian's, else Playwright's. Best the one without windows.
.PHONY: browser
browser: $(READY)
	@command -v chromium-headless-shell || command -v chromium || command -v google-chrome || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get; then apt-get update -qq && \
		{ $(APT) chromium-headless-shell || $(APT) chromium; }; \
	else $(BIN)/playwright install --with-deps chromium || $(BIN)/playwright install chromium; fi
