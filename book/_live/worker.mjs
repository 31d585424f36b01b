// Python for one page. The page ends this worker to stop it, and starts another one.
import { loadPyodide } from "./pyodide.mjs";

const here = new URL("./", import.meta.url);
const plainFetch = fetch;
const send = (kind, content, id = running) => postMessage({ kind, id, content });
let running = null; // the number of the run that is under way
let python, runner, site, cache;

// Fetch a file of this folder, kept by the browser; say how many bytes of it have come.
globalThis.fetch = async (address, options) => {
  const url = new URL(address?.url ?? address, here).href;
  const kept = await cache?.match(url);
  const response = kept ?? (await plainFetch(url, options));
  if (!response.ok) throw new Error(`${url} came with the status ${response.status}.`);
  if (!kept) cache?.put(url, response.clone()).catch(() => {}); // full, or not allowed
  const count = new TransformStream({
    transform(chunk, queue) {
      send("bytes", chunk.length);
      queue.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(count), { headers: response.headers });
};

async function openCache() {
  try {
    for (const name of await caches.keys()) {
      if (name.startsWith("wire-by-wire ") && name !== `wire-by-wire ${here}`) caches.delete(name);
    }
    return await caches.open(`wire-by-wire ${here}`);
  } catch {
    return undefined; // blocked, or a page without https
  }
}

// A worker that follows another one takes over its compiled module.
function shareModule(module) {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (response, imports) => {
    WebAssembly.instantiateStreaming = instantiateStreaming;
    if (module) return { module, instance: await WebAssembly.instantiate(module, imports) };
    const made = await instantiateStreaming.call(WebAssembly, response, imports);
    send("module", made.module);
    return made;
  };
}

const bytes = async (name) => (await fetch(name)).arrayBuffer();

async function unpack(archive) {
  python.unpackArchive(await archive, "zip", { extractDir: site });
}

async function start({ module }) {
  cache = await openCache();
  shareModule(module);
  const numpy = bytes("numpy.zip");
  const course = bytes("course.zip");
  python = await loadPyodide({
    indexURL: here.href,
    stdLibURL: new URL("stdlib.zip", here).href,
  });
  site = python.runPython("import site; site.getsitepackages()[0]");
  await unpack(numpy);
  await unpack(course);
  runner = python.pyimport("runner");
  runner.begin((kind, content) => send(kind, JSON.parse(content)));
  send("ready");
}

let pictures; // a promise, made when a cell first draws
const loadPictures = async () => {
  send("drawing");
  await unpack(bytes("plot.zip"));
  runner.draw_pictures();
};

const jobs = {
  exercise: ({ code, name, cells }) => runner.run_exercise(code, name, python.toPy(cells)),
  cell: ({ code, name, label }) => runner.run_cell(code, name, label),
  turn: ({ number, position }) => JSON.parse(runner.turn(number, python.toPy(position))),
};

let started;
onmessage = async ({ data: { kind, id, ...data } }) => {
  try {
    if (kind === "start") return await (started = start(data));
    await started;
    const draws = kind === "cell" || (kind === "exercise" && runner.needs_pictures(data.code, python.toPy(data.cells)));
    if (draws) await (pictures ??= loadPictures());
    running = id;
    send("running");
    const result = jobs[kind](data);
    send("done", result);
  } catch (error) {
    if (kind !== "start" || !running) pictures = undefined;
    send("fatal", String(error.message ?? error).split("\n").slice(-3).join("\n").trim(), id);
  } finally {
    running = null;
  }
};
