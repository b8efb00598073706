// Boot starts the studio, in an order that is the privacy it promises: first
// everything is fetched, then the page gives up the right to fetch, and only then
// does a program run that will see the visitor's data.
//
// All names are relative to this file, so the site works from any folder of any
// static host. `?simd=off` takes the programs without vector instructions, and
// `?kernels=off` does without the kernel module. `?lang=zh` speaks Chinese; what speaks
// it (words.js and its table) is fetched only then.

const here = (name) => new URL(name, import.meta.url);

// A module of one function that returns a v128: valid exactly where SIMD is.
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, // magic, version 1
  1, 5, 1, 96, 0, 1, 123, //      types: () -> v128
  3, 2, 1, 0, //                  functions: one of that type
  10, 22, 1, 20, 0, 253, 12, ...new Array(16).fill(0), 11, // code: v128.const 0, end
]);

const off = (name) => new URL(location.href).searchParams.get(name) === 'off';

/** wantsSIMD tells which of the two programs this browser gets. */
const wantsSIMD = () => !off('simd') && WebAssembly.validate(SIMD_PROBE);

/**
 * language is the one that the address asks for, that was chosen before, or that the
 * browser prefers. The page's link to the other one keeps what else stands in the address.
 */
function language() {
  const asked = new URL(location.href).searchParams.get('lang');
  let chosen = asked;
  try {
    if (asked) localStorage.setItem('language', asked);
    else chosen = localStorage.getItem('language');
  } catch { /* a browser may refuse to remember */ }
  const [first] = [chosen, ...navigator.languages].filter(Boolean).map((tag) => tag.slice(0, 2)).filter((tag) => tag === 'en' || tag === 'zh');
  const link = document.getElementById('language');
  if (link) {
    if (first === 'zh') Object.assign(link, { textContent: 'English', lang: 'en', hreflang: 'en' });
    link.addEventListener('click', (event) => {
      const url = new URL(location.href);
      url.searchParams.set('lang', first === 'zh' ? 'en' : 'zh');
      event.preventDefault();
      location.assign(url);
    });
  }
  return first === 'zh' ? 'zh' : 'en';
}

/** words has the frame of the page translated, and returns what speak does; for English there is nothing to do. */
async function words() {
  if (language() === 'en') return undefined;
  document.documentElement.lang = 'zh-Hans';
  const { speak } = await import('./words.js');
  return speak(await (await get(here('words.zh.json'))).text());
}

/** filled is a sentence with what its places, such as {x}, stand for. */
const filled = (sentence, places) => sentence.replace(/\{(\w+)\}/g, (_, name) => places[name]);

/** A Trouble keeps the page from starting. Its sentence is a key of the table of words. */
class Trouble extends Error {
  constructor(sentence, places = {}) {
    super(filled(sentence, places));
    Object.assign(this, { sentence, places });
  }
}

/** get fetches a file of the site, or says which one is missing. */
async function get(url) {
  let response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch {
    throw new Trouble('{x} could not be fetched. Is the server still running, are you still online?', { x: url.pathname });
  }
  if (!response.ok) {
    throw new Trouble('{x} is not there (the server answered {n}). Build the site first: make run', { x: url.pathname, n: response.status });
  }
  return response;
}

/** compile turns the one download into a module, also where a host sends a wrong type. */
async function compile(url) {
  const response = await get(url);
  const type = response.headers.get('Content-Type') ?? '';
  try {
    if (type.startsWith('application/wasm')) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw new Trouble('{x} arrived, but is no program that this browser can compile ({x2}). Build the site again: make run', { x: url.pathname, x2: error.message });
  }
}

/** kernelModule compiles the kernel module. The program can do without: then it is undefined. */
const kernelModule = () => compile(here('kernels.wasm')).catch((error) => console.warn(error.message));

const missing = (url) => new Trouble('{x} is not there. Build the site first: make run', { x: url.pathname });

/** classic runs a classic script: Go's support file defines a global. */
function classic(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(missing(url));
    document.head.append(script);
  });
}

/**
 * closeTheDoor takes from this page, for good, the right to connect anywhere. A
 * worker that is made from a blob: URL afterwards inherits it.
 */
function closeTheDoor() {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "connect-src 'none'";
  document.head.append(policy);
}

/** host is what the page's program needs from outside of Go. */
function host(modules, workerScript, embed, words) {
  const script = URL.createObjectURL(workerScript);
  return {
    /** embed has the texts of embed.js and its like, which the page gives away with a model, by name. */
    embed,
    /** words is the table of the page's language, as text; undefined for English. */
    words,
    /** spawn starts an engine. Its last message, when its program has ended, is { lost: "why" }. */
    spawn() {
      const worker = new Worker(script, { name: 'terrarium engine' });
      worker.postMessage(modules);
      return worker;
    },
  };
}

/** say shows the reader what went wrong and takes nothing else away; of is what puts it in other words. */
function say({ message, sentence, places }, of = (words) => words) {
  const place = document.getElementById('boot-error');
  place.textContent = sentence ? filled(of(sentence), places) : message;
  place.hidden = false;
  document.getElementById('status').textContent = of('Not running');
}

async function boot(spoken) {
  if (typeof WebAssembly !== 'object' || typeof Worker !== 'function') {
    throw new Trouble('This browser cannot run WebAssembly in a worker, which Terrarium is made of. A current Firefox, Chrome, Edge or Safari can.');
  }
  const simd = wantsSIMD(), support = here('wasm_exec.js');
  const text = async (url) => (await get(url)).text();
  const [module, kernels, { instantiate }, supportText, workerText, embed, table] = await Promise.all([
    compile(simd ? here('terrarium.wasm') : here('terrarium.nosimd.wasm')),
    simd && !off('kernels') ? kernelModule() : undefined,
    import('./kernels.js').catch(() => { throw missing(here('kernels.js')); }),
    text(support),
    text(here('worker.js')),
    Promise.all(['embed.js', 'embed-media.js'].map((name) => text(here(name)).then((script) => [name, script]))).then(Object.fromEntries)
      .catch((error) => { console.warn(error.message); return {}; }), // the page can do without
    spoken,
    classic(support),
  ]);
  closeTheDoor();

  // The worker's script holds Go's support file itself: it has nothing to fetch, and
  // a new engine starts even when the server is gone.
  const workerScript = new Blob([supportText, instantiate, workerText].map((part) => `${part}\n`), { type: 'text/javascript' });
  globalThis.terrariumHost = host({ module, kernels }, workerScript, embed, table?.text);
  const go = new Go();
  go.argv = ['terrarium', 'page'];
  await go.run(await instantiate(module, go.importObject)); // the page computes nothing
  throw new Trouble('The page’s program has ended. Reload the page to go on; what you saved is still there.');
}

// What is said at once is English where the words have not come; where they do, it is said again.
const spoken = words().catch((error) => console.warn(error.message));
boot(spoken).catch((error) => {
  say(error);
  spoken.then((table) => table && say(error, table.of));
});
