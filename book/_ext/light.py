"""What a page loads: one style sheet and one script, without what no page uses.

Jupyter Book and its theme come with 700 KB of style sheets and 1.7 MB of scripts. Here they become
two small files, and the pages are made to load these.
"""

import hashlib
import re
import subprocess
from pathlib import Path

STYLES = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "mystnb.*.css",
    "katex.min.css",
    "katex-math.css",
    "course.css",
    "live.css",
    "digit.css",
    "landing.css",
)
SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "clipboard.min.js",
    "copybutton.js",
    "scripts/sphinx-book-theme.js",
    "scripts/pydata-sphinx-theme.js",
    "knobs.js",
)
# Scripts that stand alone, and what a page has that loads them.
ALONE = {"live.js": 'class="cell ', "digit.js": 'class="pad"', "landing.js": 'class="start"'}
SEARCH = ("searchtools.js", "language_data.js", "searchindex.js")  # on the search page alone
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
Object.assign(document.documentElement.dataset, { mode, theme: mode === "auto" ? asked : mode });
}</script>"""
# On loading, the theme looks which boxes can be scrolled. Only the keyboard needs it, and on a
# phone it takes the time of drawing the whole page.
WAIT_FOR_A_KEY = (
    r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)',
    r'addEventListener("keydown",\1,{once:true})',
)
# A formula stands twice in a page, for the eye and for screen readers. A search shows it once.
FORMULAS_ONCE = r'\["\.headerlink"', '[".katex-mathml", ".headerlink"'
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
    (static / "book.js").write_text(replace(join(static, SCRIPTS, "\n;\n"), *WAIT_FOR_A_KEY))
    (static / "book.css").write_text(join(static, STYLES, "\n"))
    pages = [page for page in out.rglob("*.html") if "data-content_root" in page.read_text()]
    purge(app.srcdir, static / "book.css", [*pages, *static.glob("*.js")])
    for page in pages:
        page.write_text(rewrite(page.read_text(), static, is_search=page.name == "search.html"))
    search = static / "searchtools.js"
    search.write_text(replace(search.read_text(), *FORMULAS_ONCE))
    live = [file.relative_to(static).as_posix() for file in static.glob("live*/**/*")]
    wanted = ["book.css", "book.js", *ALONE, "live.json", "favicon.svg", *SEARCH, *live]
    keep(static, [*wanted, *named(static / "book.css")])


def join(static, patterns, between):
    """Return the texts of the files, one after another; their links lead on from ``static``."""
    texts = []
    for pattern in patterns:
        (file,) = static.glob(pattern)
        text = re.sub(r"@font-face\s*\{[^}]*fontawesome[^}]*\}", "", file.read_text())
        texts.append(re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.M))
    return between.join(texts)


def replace(script, pattern, new):
    """Replace what stands once in a script of the theme or of Sphinx."""
    script, count = re.subn(pattern, new, script)
    assert count == 1, f"{pattern} is in the script {count} times, not once: has it changed?"
    return script


def purge(root, sheet, readers):
    """Take out of a style sheet the rules that no page or script can use."""
    tool = Path(root) / "_build" / "npm" / "node_modules" / "purgecss" / "bin" / "purgecss.js"
    command = ["node", tool, "--keyframes", "--variables", "--css", sheet]
    subprocess.run([*command, "--output", sheet, "--content", *readers], check=True)


def rewrite(html, static, is_search):
    """Return a page that loads the two files."""
    base = re.search(r'data-content_root="([^"]*)"', html)[1]
    version = {name: digest(static / name) for name in ("book.css", "book.js", *ALONE)}
    loads = [
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        FORGET,
        SET_THEME,
        f'<link rel="stylesheet" href="{base}_static/book.css?v={version["book.css"]}">',
        f'<script defer src="{base}_static/book.js?v={version["book.js"]}"></script>',
    ]
    for name, sign in ALONE.items():
        if sign in html:
            loads += [f'<script defer src="{base}_static/{name}?v={version[name]}"></script>']
    if is_search:
        loads += [f'<script defer src="_static/{name}"></script>' for name in SEARCH[:2]]
        loads += [f'<script defer src="{SEARCH[2]}"></script>']
    head, _, body = html.partition("</head>")
    for pattern in UNWANTED_IN_HEAD:
        head = re.sub(pattern, "", head, flags=re.S)
    for pattern in UNWANTED_IN_BODY:
        body = re.sub(pattern, "", body, flags=re.S)
    # Names, punctuation and spaces have the colour of the text without a part of their own.
    body = re.sub(r'<span class="[npw]">([^<]*)</span>', r"\1", body)
    # The theme leaves its title outside of every landmark.
    body = body.replace(
        'id="pst-primary-sidebar"', 'id="pst-primary-sidebar" role="region" aria-label="Book"'
    )
    head = re.sub(r"\s*\n\s*", "\n", head)
    charset = '<meta charset="utf-8" />'
    head = head.replace(charset, "\n".join([charset, *loads]), 1)
    return f"{head}</head>{body}"


def digest(file):
    """Return a mark that changes with the file, so that browsers do not keep an old one."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]


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
