"""What a page loads: one style sheet, the theme's script and our own, without what no page uses.

Jupyter Book and its theme come with 700 KB of style sheets and 1.7 MB of scripts. Here they become
two small files, and the pages are made to load these. Each script of ours stays a file of its own,
so that none depends on another one's success.
"""

import hashlib
import json
import re
import subprocess
from html import unescape
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup

from nnutils.plots import percent

STYLES = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "katex.min.css",
    "katex-math.css",
    "fonts.css",
    "course.css",
    "live.css",
    "quiz.css",
    "digit.css",
    "landing.css",
    "print.css",
)
SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
)
THEME = ("scripts/sphinx-book-theme.js", "scripts/pydata-sphinx-theme.js")
# Our scripts, and what a page has that needs them.
OURS = {
    "knobs.js": 'class="(?:cell |knobs)',
    "live.js": 'class="cell ',
    "code.js": 'class="cell ',
    "quiz.js": 'class="quiz',
    "digit.js": 'class="pad"',
    "landing.js": 'class="start"',
    "copy.js": 'class="highlight"',
    "progress.js": "",
    "terms.js": 'class="[^"]*\\bterm\\b',
    "search.js": "",
}
SEARCH = ("searchtools.js", "language_data.js")  # which search.js loads
# Where storage is blocked, missing or full, only what is kept between visits is lost.
FORGET = """<script>
for (const name of ["localStorage", "sessionStorage"]) {
  let storage;
  try { storage = window[name]; } catch {}
  const kept = new Map();
  const getItem = (key) => kept.get(key) ?? null;
  const setItem = (key, value) => kept.set(key, String(value));
  const value = { getItem, setItem, removeItem: (key) => kept.delete(key) };
  if (!storage) Object.defineProperty(window, name, { value, configurable: true });
}
if (window.Storage) {
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (...item) { try { setItem.apply(this, item); } catch {} };
}</script>"""
# The theme's own script does this when the page has been laid out, which then begins again.
SET_THEME = """<script>{
const mode = localStorage.getItem("mode") || "auto";
const asked = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const code = localStorage.getItem("wire-by-wire code") === "story" ? "story" : "code";
const theme = mode === "auto" ? asked : mode;
Object.assign(document.documentElement.dataset, { mode, theme, code });
}</script>"""
# On loading, the theme looks which boxes can be scrolled. Only the keyboard needs it, and on a
# phone it takes the time of drawing the whole page.
WAIT_FOR_A_KEY = (
    r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)',
    r'addEventListener("keydown",\1,{once:true})',
)
# It looks at heights too, and a formula's box is often a pixel lower than its signs.
SCROLLED = r'\["pre",(.*?)\|\|e\.scrollHeight>e\.clientHeight\?', r'["pre","div.math",\1?'
# A formula stands twice in a page, for the eye and for screen readers. A search shows it once.
FORMULAS_ONCE = r'\["\.headerlink"', '[".katex-mathml", ".headerlink"'
# Once it is loaded, Sphinx's search empties all fields, while a reader is typing into one.
KEEP_LETTERS = r"\(el\.value = query\)", "(el.value ||= query)"
# A browser's translator leaves these as they are: formulas, code and the names in pictures.
UNTRANSLATED = (
    r'<span class="katex"',
    r'<div class="highlight"',
    r'<code class="[^"]*"',
    r'<dt class="sig [^"]*"',
    r'<svg class="picture"',
)
# A name in code, which no line tears apart anyway.
NAME = r'(<code class="docutils literal[^>]*>)<span class="pre">([\w.]+)</span></code>'
COLUMNS = 82  # of printed text fit a page
PRINTED = r'(<div class="output [^>]*>(?:<div class="highlight"[^>]*>)?<pre)(>.*?</pre>)'
# What stands in a page: what is left as it is, drawings, tags, and words between them.
PARTS = r"<(pre|code|script|style)\b.*?</\1>|<svg\b.*?</svg>|<[^>]*>|[^<]+"
ON_PAPER = (
    '<p class="paper">On paper each picture with knobs is drawn for one setting. '
    "Turn its knobs, drag in it, choose answers and press Run on the page.</p>"
)
TITLE = r'</h1>(?:\s*<p class="subtitle">.*?</p>)?'
RAISED = "[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+"
BEFORE = "python"  # the chapter before the first one
# Without JavaScript the sidebar stands under the page, on a phone.
NO_SEARCH = (
    'To search all pages needs JavaScript, which is off. The <a href="book/glossary.html">glossary'
    '</a> and the <a href="genindex.html">index</a> lead to words and functions.'
)
CHAPTERS_LINK = '<noscript><a href="#pst-primary-sidebar">Chapters</a></noscript>'
UNWANTED_IN_HEAD = (
    r"<!--.*?-->",
    r"<script.*?</script>",
    r'<link\b[^>]*\brel="(?:stylesheet|preload)"[^>]*>',
    r'<meta name="(?:docsearch:\w+|viewport)"[^>]*>',
)
UNWANTED_IN_BODY = (
    r"<script\b[^>]*\bsrc=.*?</script>",
    r'<script type="text/x-thebe-config">.*?</script>',
    r"<script>kernelName = .*?</script>",
    r'<div id="ethical-ad-placement".*?</div>',
)


def lighten(app, exception):
    """Rewrite the built pages, and delete the files that they no longer name."""
    if exception:
        return
    out = Path(app.outdir)
    static = out / "_static"
    scripts = [*texts(static, SCRIPTS), *map(guard, texts(static, THEME))]
    script = replace("\n;\n".join(scripts), *WAIT_FOR_A_KEY)
    (static / "book.js").write_text(replace(script, *SCROLLED))
    (static / "book.css").write_text("\n".join(texts(static, STYLES)))
    pages = [page for page in out.rglob("*.html") if "data-content_root" in page.read_text()]
    purge(app.srcdir, out, static / "book.css", [*pages, *static.glob("*.js")])
    with (static / "book.css").open("a") as sheet:
        sheet.write("".join(texts(static, ["pictures.css"])))  # purgecss would miss who uses it
    colours = without_script((static / "book.css").read_text())
    progress = static / "progress.js"
    progress.write_text(tell_exercises(app, progress.read_text()))
    glossary = out / "book" / "glossary.html"
    words = glossary.read_text() if glossary.exists() else ""
    (static / "definitions.js").write_text(definitions(words))
    (static / "plain.css").write_text(colours + (static / "plain.css").read_text())
    for page in pages:
        page.write_text(rewrite(page.read_text(), static))
    search = static / "searchtools.js"
    search.write_text(replace(replace(search.read_text(), *FORMULAS_ONCE), *KEEP_LETTERS))
    live = [file.relative_to(static).as_posix() for file in static.glob("live*/**/*")]
    wanted = [
        "book.css",
        "plain.css",
        "book.js",
        *OURS,
        "definitions.js",
        "live.json",
        "favicon.svg",
        "fonts/OFL.txt",
        *SEARCH,
    ]
    keep(static, [*wanted, *live, *named(static / "book.css")])


def tell_exercises(app, script):
    """Write the names of all exercises, by chapter, into the script that counts the solved ones."""
    names = {}
    for chapter in chapters(app):
        cells = nbformat.read(app.env.doc2path(chapter), as_version=4).cells
        marked = [cell for cell in cells if "exercise" in cell.metadata.get("tags", [])]
        found = [re.search(r'check\(\s*"([^"]+)"', cell.source) for cell in marked]
        names[Path(chapter).name] = [match[1] for match in found if match]
    return replace(script, r"EXERCISES = \{\}", f"EXERCISES = {json.dumps(names)}")


def definitions(html):
    """Return a script that has, for each word of the glossary, what stands under it."""
    page = BeautifulSoup(html, "html.parser")
    for link in page.select("article section a"):
        link.unwrap()  # a definition that is shown beside its word leads nowhere
    texts = {}
    for section in page.select("article section section[id]"):
        section.h2.extract()
        texts[section["id"]] = section.decode_contents().strip()
    return f"window.DEFINITIONS = {json.dumps(texts, ensure_ascii=False)};"


def chapters(app):
    """Return the names of the chapters, in their order."""
    root = app.config.root_doc
    names = [root, *app.env.toctree_includes.get(root, [])]
    return [name for name in names if is_chapter(app, name)]


def numbered(app):
    """Return the names of the chapters from the first on, without the one before it."""
    return [name for name in chapters(app) if Path(name).name != BEFORE]


def is_chapter(app, name):
    return app.env.doc2path(name).endswith(".ipynb")


def texts(static, patterns):
    """Return the texts of files, without what leads to other files that are not there."""
    found = []
    for pattern in patterns:
        (file,) = static.glob(pattern)
        text = re.sub(r"@font-face\s*\{[^}]*fontawesome[^}]*\}", "", file.read_text())
        found.append(re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.M))
    return found


def guard(script):
    """Let what follows a script run although it fails; the browser's console still says so."""
    return f"try {{\n{script}\n}} catch (error) {{ setTimeout(() => {{ throw error; }}); }}"


def without_script(sheet):
    """Return the rules of colour for pages without JavaScript.

    The script in the head sets a theme, light or dark. Without it the theme is "auto", of which
    the theme's own style sheet knows nothing.
    """
    screen = re.sub(r"@media print\s*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet)
    rules = re.findall(r'([^{}]*\[data-theme="?(light|dark)"?\][^{}]*)(\{[^{}]*\})', screen)
    themes = {"light": [], "dark": []}
    for selectors, theme, settings in rules:
        auto = re.sub(rf'\[data-theme="?{theme}"?\]', "[data-theme=auto]", selectors)
        themes[theme].append(auto.strip() + settings)
    light, dark = map("\n".join, themes.values())
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def replace(script, pattern, new):
    """Replace what stands once in a script of the theme or of Sphinx."""
    script, count = re.subn(pattern, new, script)
    assert count == 1, f"{pattern} is in the script {count} times, not once: has it changed?"
    return script


def purge(root, out, sheet, readers):
    """Take out of a style sheet the rules that no page or script can use."""
    tool = Path(root) / "_build" / "npm" / "node_modules" / "purgecss" / "bin" / "purgecss.js"
    command = ["node", tool, "--keyframes", "--variables"]
    # It takes names for patterns, so none may hold the name of the folder: "course (1)".
    sheet, *readers = (file.relative_to(out) for file in (sheet, *readers))
    before = (out / sheet).stat().st_size
    subprocess.run(
        [*command, "--css", sheet, "--output", sheet, "--content", *readers], cwd=out, check=True
    )
    uncommented = re.sub(r"/\*[^!].*?\*/", "", (out / sheet).read_text(), flags=re.S)
    (out / sheet).write_text(uncommented)
    after = (out / sheet).stat().st_size
    assert after < before / 2, f"purgecss left {after} of {before} bytes: did it find the pages?"


def rewrite(html, static):
    """Return a page that loads the two files."""
    base = re.search(r'data-content_root="([^"]*)"', html)[1]
    loads = [
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        FORGET,
        SET_THEME,
        style(base, static / "book.css"),
        f"<noscript>{style(base, static / 'plain.css')}</noscript>",
    ]
    ours = [name for name, needed in OURS.items() if re.search(needed, html)]
    for name in ("book.js", *ours):
        loads.append(f'<script defer src="{base}{versioned(static / name)}"></script>')
    head, _, body = html.partition("</head>")
    for pattern in UNWANTED_IN_HEAD:
        head = re.sub(pattern, "", head, flags=re.S)
    for pattern in UNWANTED_IN_BODY:
        body = re.sub(pattern, "", body, flags=re.S)
    for pattern in UNTRANSLATED:
        body = re.sub(pattern, r'\g<0> translate="no"', body)
    # Names, punctuation and spaces have the colour of the text without a part of their own.
    body = re.sub(r'<span class="[npw]">([^<]*)</span>', r"\1", body)
    # Nor do a name in code and the words of a signature need one.
    body = re.sub(NAME, r"\1\2</code>", body)
    body = re.sub(r'<dt class="sig .*?</dt>', unwrap, body, flags=re.S)
    body = re.sub(PARTS, typeset, body, flags=re.S)
    if 'class="knobs"' in body:
        body = re.sub(TITLE, lambda title: title[0] + ON_PAPER, body, count=1)
    body = re.sub(PRINTED, mark_sentences, body, flags=re.S)
    # The theme leaves its title outside of every landmark.
    body = body.replace(
        'id="pst-primary-sidebar"', 'id="pst-primary-sidebar" role="region" aria-label="Book"'
    )
    body = body.replace("Please activate JavaScript to enable the search functionality.", NO_SEARCH)
    header = '<div class="article-header-buttons">'
    body = body.replace(header, header + CHAPTERS_LINK, 1)
    head = re.sub(r"\s*\n\s*", "\n", head)
    charset = '<meta charset="utf-8" />'
    head = head.replace(charset, "\n".join([charset, *loads]), 1)
    return f"{head}</head>{body}"


def unwrap(signature):
    """Leave out the elements of words, names and signs of a signature, the inner ones first."""
    text = signature[0]
    for kind in ("pre", "n|o|default_value", "sig-paren"):
        text = re.sub(rf'<span class="(?:{kind})">([^<]*)</span>', r"\1", text)
    return text


def typeset(part):
    """Set what a line must not tear apart, and what would be too small to read."""
    if part[0].startswith("<svg"):
        return re.sub(f"({RAISED})(?=[^<>]*</text>)", r'<tspan class="raised">\1</tspan>', part[0])
    if part[0].startswith("<"):
        return part[0]
    return re.sub(RAISED, r'<span class="raised">\g<0></span>', percent(part[0]))


def mark_sentences(printed):
    """Mark what a cell printed where a line is too long for columns, and so is a sentence."""
    start, rest = printed.groups()
    lines = unescape(re.sub("<[^>]*>", "", f"{start}{rest}")).split("\n")
    return f'{start} class="said"{rest}' if len(max(lines, key=len)) > COLUMNS else printed[0]


def style(base, file):
    return f'<link rel="stylesheet" href="{base}{versioned(file)}">'


def versioned(file):
    """Return the address of a file with a mark that changes with it, so none is kept for long."""
    return f"_static/{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:8]}"


def named(sheet):
    """Return the files that a style sheet names."""
    return re.findall(r"url\([\"']?(?!data:|#)([^)\"'?]+)", sheet.read_text())


def keep(folder, names):
    """Delete all files of a folder but those named, and the folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in names:
            path.unlink()
