// Run tests of the package in the Python that pages have: node browser_python.mjs PYODIDE LIVE ROOT PACKAGES TEST...
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, live, root, packages, ...tests] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide });
for (const [place, folder] of [["/live", live], ["/root", root], ["/packages", packages]]) {
  python.FS.mkdirTree(place);
  python.mountNodeFS(place, folder);
}
python.globals.set("tests", python.toPy(tests));
process.exitCode = python.runPython(`
import os, site, sys, zipfile

zipfile.ZipFile("/live/numpy.zip").extractall(site.getsitepackages()[0])
os.chdir("/root")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
sys.path.insert(0, "/root")
sys.path.append("/packages")  # for pytest, which is plain Python
sys.dont_write_bytecode = True
import pytest

# To free a chain of some thousand objects takes more of the stack than a browser gives.
shallow = ["-k", "not chain and not wires and not broke_off and not neuron"]
marks = ["-m", "not processes and not peers"]
int(pytest.main(["-p", "no:cacheprovider", "-o", "addopts=-q", *shallow, *marks, *tests]))
`);
