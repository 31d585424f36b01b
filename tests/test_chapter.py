"""``make chapter`` builds one page alone and stores its outputs; ``make watch`` reloads it."""

import shutil
import subprocess
import threading
from urllib.request import urlopen

import nbformat
import pytest

from tests.anatomy import ROOT
from tools import chapter
from tools.serve import listen


@pytest.fixture
def home(monkeypatch, tmp_path):
    """A course in another folder, with what the build of this one has fetched."""
    for name in ("_config.yml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "nnutils").symlink_to(ROOT / "nnutils")
    shutil.copytree(ROOT / "book", tmp_path / "book")
    config = (tmp_path / "_config.yml").read_text()
    # To pack Python for the page takes long, and has its own tests.
    (tmp_path / "_config.yml").write_text(config.replace("    live: book/_ext\n", ""))
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / "npm").symlink_to(ROOT / "_build" / "npm")
    home = tmp_path / "_build" / "chapter"
    for name, value in {
        "ROOT": tmp_path,
        "BOOK": tmp_path / "book",
        "HOME": home,
        "PAGES": home / "_build" / "html",
    }.items():
        monkeypatch.setattr(chapter, name, value)
    return tmp_path


def test_one_chapter_is_built_alone_and_what_it_prints_is_stored(home, capfd):
    file = home / "book" / "python.ipynb"
    as_it_was = file.read_text()
    notebook = nbformat.reads(as_it_was, as_version=4)
    cell = next(c for c in notebook.cells for o in c.get("outputs", ()) if "text" in o)
    cell.outputs[0].text = "something else\n"
    nbformat.write(notebook, file)
    assert chapter.build("python")
    assert file.read_text() == as_it_was
    assert "python.ipynb has other outputs than before" in capfd.readouterr().out
    assert "<h1" in (chapter.PAGES / "book" / "python.html").read_text()

    cell.source = "1 / 0"
    nbformat.write(notebook, file)
    assert not chapter.build("python")
    assert "ZeroDivisionError" in capfd.readouterr().err
    assert "1 / 0" in file.read_text()


def test_what_is_saved_during_a_build_is_kept_and_built_next(home, monkeypatch, capsys):
    file = home / "book" / "python.ipynb"
    before = chapter.stamps("python")

    def save(command, **options):
        file.write_text(file.read_text().replace("# ", "# Newer: ", 1))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(chapter.subprocess, "run", save)
    assert chapter.build("python")
    assert "# Newer: " in file.read_text()
    assert "python.ipynb was saved during the build" in capsys.readouterr().out
    assert chapter.stamps("python") != before


def test_what_a_cell_prints_is_no_change_of_its_author(home):
    file = home / "book" / "python.ipynb"
    before = chapter.stamps("python")
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    nbformat.write(notebook, file)
    assert chapter.stamps("python") == before
    file.write_text(file.read_text()[:1000])  # half of it: an editor is just saving it
    assert chapter.stamps("python") != before


def test_a_change_of_what_a_page_is_made_of_is_seen(home):
    before = chapter.stamps("python")
    assert before == chapter.stamps("python")
    (home / "book" / "_static" / "course.css").write_text("")
    (home / "book" / "circuits.ipynb").write_text("")
    after = chapter.stamps("python")
    assert [file.name for file in after if after[file] != before[file]] == ["course.css"]


def test_a_page_is_opened_anew_when_there_is_another_build(tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text("<p>A page</p>")
    (tmp_path / "style.css").write_text("p {}")
    with listen(tmp_path, handler=chapter.Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def read(name):
            with urlopen(f"http://localhost:{server.server_port}/{name}") as answer:
                return answer.read().decode()

        assert read("page.html") == "<p>A page</p>" + chapter.RELOAD
        assert read("style.css") == "p {}"
        monkeypatch.setattr(chapter.Page, "number", 3)
        assert read("number") == "3"
        server.shutdown()


@pytest.mark.parametrize("name", ["", "nonsense", "../book/python"])
def test_a_chapter_that_is_not_there_is_named(name):
    with pytest.raises(SystemExit, match=f"no chapter '{name}'. Give NAME one of: .*circuits"):
        chapter.main(name)
