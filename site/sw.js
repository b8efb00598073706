// The service worker: it keeps the site's own files, so that the site works without a
// network. It is registered only when somebody presses "Work offline", and does nothing
// but this. What it keeps is in files.js, which is written when the site is built: names
// and a digest of all contents. Another digest makes another service worker, which the
// browser finds on a visit, and which serves from the next one on: never half of one
// version and half of another.
importScripts('files.js');

const { version, names } = self.terrariumFiles;
const scope = self.registration.scope;
const mine = `terrarium ${scope} `; // other sites of this origin have caches of their own
const cacheName = mine + version;

// The program for browsers without SIMD is kept where it is used, not everywhere.
const later = (name) => name.includes('.nosimd.');

/** addressOf is where a file lies; without its query, which the programs read themselves. */
const addressOf = (name) => new URL(name, scope).href;
const known = new Set(names.map(addressOf));

self.addEventListener('install', (event) => event.waitUntil((async () => {
  const cache = await caches.open(cacheName);
  const keep = async (name) => {
    const response = await fetch(addressOf(name), { cache: 'reload' });
    if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
    await cache.put(addressOf(name), plain(response));
  };
  await Promise.all(names.filter((name) => !later(name)).map(keep)); // or the install fails, and nothing changes
})()));

/** plain forgets that a server sent us on, from index.html to its folder: a visit refuses such an answer. */
function plain(response) {
  if (!response.redirected) return response;
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length']) headers.delete(name); // it is unpacked already
  return new Response(response.body, { status: response.status, headers });
}

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(mine) && name !== cacheName) await caches.delete(name);
  }
})()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  url.search = url.hash = '';
  if (url.href === scope) url.pathname += 'index.html';
  if (event.request.method !== 'GET' || !known.has(url.href)) return; // not ours: as without us
  event.respondWith(answer(event.request, url.href));
});

async function answer(request, address) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(address);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && !response.redirected) await cache.put(address, response.clone());
  return response;
}
