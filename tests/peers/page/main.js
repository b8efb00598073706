// One page does one piece of work with one engine: nothing that another left behind
// can help or hinder. The driver opens it with both in the address and reads
// globalThis.outcome, a promise of JSON that never rejects.
import * as works from './work.js';

const query = new URLSearchParams(location.search);
const work = JSON.parse(query.get('work'));

async function run() {
  if (work.kind === 'memory') await import('./memories.js');
  const options = JSON.parse(query.get('options')) ?? {};
  const { create } = await import(`./engines/${query.get('engine')}.js`);
  const engine = await create(options, work.kind);
  const result = await works[work.kind](engine, work);
  if (options.threads > engine.threads) throw new Error(`runs on ${engine.threads} threads, not ${options.threads}`);
  return result;
}

globalThis.outcome = run().catch((error) => ({ [error instanceof works.Lacking ? 'lacks' : 'failed']: String(error?.message ?? error) })).then(JSON.stringify);
