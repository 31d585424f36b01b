// Pack Python for the page: node pack.mjs PYODIDE IN OUT
// IN holds `course` (nnutils and the runner), `wheels` and `stdlib.zip`; OUT gets the archives.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, source, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide });
python.FS.mkdirTree("/in");
python.mountNodeFS("/in", source);
python.FS.mkdirTree("/out");
python.mountNodeFS("/out", target);
python.runPython(readFileSync(new URL("pack.py", import.meta.url), "utf8"));
