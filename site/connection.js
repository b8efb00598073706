// How terrarium.js starts an engine, in a worker of its own or on the calling thread, and
// speaks to it. The messages are explained in bindings/protocol.go.

/** What every refusal is. code says what kind; layer, column and row say where, if known. */
export class TerrariumError extends Error {
  name = 'TerrariumError';
  constructor(message, { code = 'internal', layer, column, row, history } = {}) {
    super(message);
    Object.assign(this, { code, layer, column, row, history: history && plain(history) });
  }
}

/** Gives NaN back where JSON had to write null. */
export function plain(value) {
  if (value === null) return NaN;
  if (typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(plain) : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
}

// ---- Starting an engine ----

// A module of one function that returns a v128: valid exactly where SIMD is.
const SIMD_PROBE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0,
  10, 22, 1, 20, 0, 253, 12, ...new Array(16).fill(0), 11]);

const LOST = { code: 'engine-lost' };

/** Starts an engine, or another program: what to say to it goes over the connection that this returns. */
export async function connect({ base = new URL('.', import.meta.url), simd = 'auto', kernels = true, worker = true, program }) {
  const at = (file) => new URL(file, new URL(base, globalThis.location?.href)).href;
  const vectors = simd === 'auto' ? WebAssembly.validate(SIMD_PROBE) : simd;
  const { port1, port2 } = new MessageChannel();
  const connection = new Connection(port1);
  // Everything is fetched at once, and a worker starts meanwhile.
  const started = import('./kernels.js').then(({ instantiate }) => (
    (worker ? inWorker : onThisThread)(at('wasm_exec.js'), instantiate, port2, (why) => connection.lose(why))));
  const programs = Promise.all([
    compile(at(program ?? (vectors ? 'engine.wasm' : 'engine.nosimd.wasm'))),
    vectors && kernels ? compile(at('kernels.wasm')).catch((error) => console.warn(error.message)) : undefined,
  ]);
  const [host, [module, kernelModule]] = await Promise.all([started, programs]).catch((error) => {
    started.then(({ end }) => end(), () => {});
    throw error;
  });
  connection.host = host;
  await host.run(module, kernelModule);
  return connection;
}

/** Compiles while it downloads, or, where the server sends a wrong type, afterwards. */
async function compile(url) {
  const response = await fetch(url).catch((cause) => { throw new TerrariumError(`${url} cannot be fetched: ${cause.message}`, LOST); });
  if (!response.ok) throw new TerrariumError(`${url} is not there (the server answered ${response.status}); base must name the folder of Terrarium's files`, LOST);
  const streams = response.headers.get('content-type')?.startsWith('application/wasm');
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

// The worker's program. It is started from a blob: URL, so that it works across
// origins and inherits the page's policy; the text of instantiate stands before it. Go
// prints why it dies: that becomes the reason.
const WORKER = `onmessage = async ({ data: { support, port } }) => {
  const programs = new Promise((resolve) => { onmessage = ({ data }) => resolve(data); });
  let said = '', why = 'its program ended';
  try {
    importScripts(support);
    const write = fs.writeSync, text = new TextDecoder();
    fs.writeSync = (fd, bytes) => {
      said = (said + text.decode(bytes)).slice(-1e5);
      return write(fd, bytes);
    };
    const go = new Go();
    self.terrariumPort = port;
    const { module, kernels } = await programs;
    await go.run(await instantiate(module, go.importObject, kernels));
  } catch (error) { why = String(error); }
  postMessage({ lost: said.match(/^(fatal error|panic|runtime): .*/m)?.[0] ?? why });
};`;

/** Starts a worker, which is given its programs when they are there. */
function inWorker(support, instantiate, port, lost) {
  const url = URL.createObjectURL(new Blob([`const instantiate = ${instantiate};\n${WORKER}`], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'terrarium engine' });
  worker.onmessage = ({ data }) => { URL.revokeObjectURL(url); lost(data.lost); };
  worker.onerror = (event) => lost(event.message || 'its worker could not start');
  worker.postMessage({ support, port }, [port]);
  return {
    run: (module, kernels) => worker.postMessage({ module, kernels }),
    end: () => worker.terminate(),
  };
}

/** Runs the program on the calling thread: for predictSync, and inside one's own worker. */
async function onThisThread(support, instantiate, port, lost) {
  if (!globalThis.Go) await import(support);
  return {
    async run(module, kernels) {
      const go = new globalThis.Go();
      const instance = await instantiate(module, go.importObject, kernels);
      this.exports = instance.exports;
      globalThis.terrariumPort = port;
      go.run(instance).then(() => lost('its program ended'), (error) => lost(String(error)));
    },
    end: (connection) => connection?.post({ method: 'quit' }),
  };
}

/** A conversation with an engine: JSON-RPC 2.0, with bulk numbers in transferred buffers. */
class Connection {
  #port; #pending = new Map(); #last = 0; #lost;
  #registry = new FinalizationRegistry(({ method, params }) => this.forget(method, params));

  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#receive(JSON.parse(data.rpc), data.buffers);
  }

  /** Sends a request. The promise rejects with a TerrariumError. */
  call(method, params = {}, { buffers = [], blobs = [], signal, notify, started } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#lost) throw this.#lost;
      if (signal?.aborted) throw new TerrariumError('stopped on request', { code: 'aborted' });
      const id = ++this.#last;
      const cancel = () => this.cancel(id);
      signal?.addEventListener('abort', cancel, { once: true });
      this.#pending.set(id, { resolve, reject, notify, free: () => signal?.removeEventListener('abort', cancel) });
      this.post({ id, method, params }, buffers, blobs);
      started?.(id);
    });
  }

  cancel(id, keep = false) { this.post({ method: 'cancel', params: { id, keep } }); }

  post(message, buffers = [], blobs = []) {
    this.#port.postMessage({ rpc: JSON.stringify({ jsonrpc: '2.0', ...message }), buffers, blobs }, buffers);
  }

  /** Makes a request whose answer nobody waits for. */
  forget(method, params) { if (!this.#lost) this.call(method, params).catch(() => {}); }

  /** Frees what the engine holds for owner, once nobody holds owner any more. */
  own(owner, method, params) { this.#registry.register(owner, { method, params }, owner); }
  disown(owner) { this.#registry.unregister(owner); }

  #receive({ id, method, params, result, error }, buffers) {
    if (method) return this.#pending.get(params.id)?.notify?.(method, params, buffers);
    const request = this.#pending.get(id);
    if (!request) return undefined;
    this.#pending.delete(id);
    request.free();
    return error ? request.reject(new TerrariumError(error.message, error.data)) : request.resolve({ result, buffers });
  }

  /** The engine has ended: nothing will be answered any more. */
  lose(why) {
    this.#lost ??= new TerrariumError(`the engine stopped (${why}); load() starts a fresh one`, LOST);
    for (const { reject, free } of this.#pending.values()) { free(); reject(this.#lost); }
    this.#pending.clear();
    this.#port.close();
  }

  terminate() {
    this.host.end(this);
    this.lose('it was terminated');
  }
}

// ---- The formats of others ----

/** Opens a model of files, each a name and a blob. */
export const openModel = (engine, files) => engine.call('model.open',
  { files: files.map(([name], blob) => ({ name, blob })) }, { blobs: files.map(([, blob]) => blob) });

/**
 * Writes models for others, and reads theirs. That is a program of its own, fetched and
 * started when it is first asked for: most pages never do. Models come to it, and leave
 * it, as files.
 */
export class Formats {
  #start; #running;

  constructor(start) { this.#start = start; }

  /** Opens a model there and asks for something of it. */
  async ask(files, method, params) {
    this.#running ??= this.#start();
    try {
      const engine = await this.#running, { result: opened } = await openModel(engine, files), { model } = opened;
      return { opened, ...await engine.call(method, { model, ...params }).finally(() => engine.forget('model.dispose', { model })) };
    } catch (error) {
      if (error.code === LOST.code) this.#running = undefined; // another time it may be there
      throw error;
    }
  }

  terminate() { this.#running?.then((engine) => engine.terminate(), () => {}); }
}
