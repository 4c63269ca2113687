import { leaving, search } from '../model/place.js';
import { store } from '../model/store.js';

/** Who is signed in: null before it is known, false for nobody. */
export const session = store(null);
/** Since when the server is out of reach; null while it answers. */
export const lost = store(null);
/** Grows with each change that was made, so that views read again. */
export const changes = store(0);
/** Requests under way. */
export const flights = store(0);
/** While a request waits for its person to sign in again. */
export const locked = store(null);

/** A refusal of the API, or of the network (status 0). */
export class Problem extends Error {
  constructor(status, body = {}, answer) {
    super(body.detail ?? body.title ?? 'No answer');
    this.status = status;
    this.type = String(body.type ?? '').split(/[/:]/).pop();
    this.title = body.title;
    this.detail = body.detail;
    this.fields = body.invalidElements ?? [];
    this.body = body;
    this.requestId = answer?.headers.get('X-Request-Id');
    this.wait = Number(answer?.headers.get('Retry-After')) || 0;
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const waiting = [];
let heard = Date.now();
/** When the server last answered. */
export const heardAt = () => heard;

/** One request, of four at most at a time. */
async function fly(url, init) {
  if (flights.get() >= 4) await new Promise((start) => waiting.push(start));
  flights.set(flights.get() + 1);
  try {
    const answer = await fetch(url, init);
    const text = await answer.text();
    heard = Date.now();
    lost.set(null);
    return { answer, text };
  } finally {
    flights.set(flights.get() - 1);
    waiting.shift()?.();
  }
}

/** Sends a request; a GET that gets no answer is sent twice again. */
async function send(url, init) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fly(url, init);
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      if (init.method !== 'GET' || attempt === 2) {
        look();
        throw new Problem(0);
      }
      await pause(200 * 3 ** attempt);
    }
  }
}

let looking = false;

/** Looks for the server until it answers again: after 1, 2, 4 … 30 s, and when the network is back. */
async function look() {
  lost.set(heard);
  if (looking) return;
  looking = true;
  for (let wait = 1000; lost.get(); wait = Math.min(2 * wait, 30000)) {
    await Promise.race([pause(wait), new Promise((back) => addEventListener('online', back, { once: true }))]);
    await fly('/rest/health', { method: 'GET', cache: 'no-store' }).catch(() => {});
  }
  looking = false;
  changed();
}

export const changed = () => changes.set(changes.get() + 1);

/** Waits until somebody has signed in again; the same for all who wait. */
function signedInAgain() {
  if (!locked.get()) {
    const lock = {};
    lock.opened = new Promise((open, cancel) => Object.assign(lock, { open, cancel }));
    locked.set(lock);
  }
  return locked.get().opened;
}

/**
 * Asks the API: `ask('GET', 'short-urls', { query: { page: 2 } })`.
 * When the session has ended, it waits for a new one and asks again.
 */
export async function ask(method, path, { query, body, signal, headers, quiet } = {}) {
  const init = { method, signal, cache: 'no-store', headers: { 'X-Swiftlet-Page': '1', ...headers } };
  if (body) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  for (;;) {
    const { answer, text } = await send('/rest/v3/' + path + search(query), init);
    let data = null;
    try {
      data = JSON.parse(text);
    } catch { /* No body, or a page of a proxy between. */ }
    if (answer.ok) return data;
    if (answer.status !== 401 || quiet) throw new Problem(answer.status, data ?? undefined, answer);
    await signedInAgain();
  }
}

/** Changes something, and lets all views read again. */
export async function change(method, path, options) {
  const data = await ask(method, path, options);
  kept.clear();
  changed();
  return data;
}

const kept = new Map();

/** What several parts of a page ask for: read once, until something is changed. */
export function shared(path, query) {
  const key = path + search(query);
  if (!kept.has(key)) kept.set(key, ask('GET', path, { query }).catch((error) => kept.delete(key) && Promise.reject(error)));
  return kept.get(key);
}

const others = new BroadcastChannel('swiftlet');

/** Takes up a session: this tab's, and that of other tabs. */
function enter(who, tell = true) {
  kept.clear();
  session.set(who);
  locked.get()?.open();
  locked.set(null);
  changed();
  if (tell) others.postMessage('in');
}

/** Asks who is signed in. */
export async function findSession() {
  try {
    enter(await ask('GET', 'session', { quiet: true }), false);
  } catch (problem) {
    if (problem.status === 401) end();
    else throw problem;
  }
}

/** Signs in by a key, or by a code of one use. */
export async function signIn({ key, code, remember }) {
  if (/[^\s!-~]/.test(key)) throw new Problem(401, { type: 'invalid-api-key' });
  const headers = key ? { 'X-Api-Key': key.replace(/\s+/g, '') } : {};
  enter(await ask('POST', 'session', { body: { remember, ...(code && { code }) }, headers, quiet: true }));
}

/** Signs out, unless somebody would rather keep what is typed. */
export async function signOut() {
  if (leaving.ask && !(await leaving.ask())) return;
  await ask('DELETE', 'session', { quiet: true }).catch((problem) => {
    if (problem.status !== 401) throw problem;
  });
  others.postMessage('out');
  leave();
}

function leave() {
  kept.clear();
  locked.get()?.cancel(new Problem(401));
  locked.set(null);
  session.set(false);
}

/** The session has ended elsewhere: what is typed waits for another one. */
const end = () => (leaving.ask ? signedInAgain().catch(() => {}) : leave());

others.onmessage = ({ data }) => (data === 'out' ? end() : findSession());
addEventListener('pageshow', (event) => event.persisted && findSession());
