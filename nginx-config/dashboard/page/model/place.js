import { store } from './store.js';

const root = '/dashboard/';

const read = () => ({
  path: location.pathname.slice(root.length),
  query: new URLSearchParams(location.search),
  state: history.state ?? {},
});

/** Where the page is: its path behind /dashboard/, its query, and the state of its history entry. */
export const place = store(read());
let here = { href: location.href, state: history.state };

/** While something typed would be lost: asks, and answers whether to leave. */
export const leaving = { ask: null };

/** The query of those values that are set; a list's name stands once for each. */
export function search(values = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) {
      if (one != null && one !== '' && one !== false) query.append(name, one);
    }
  }
  const text = query.toString();
  return text && '?' + text;
}

/** The address of a path in the dashboard. */
export const address = (path, query) => root + path + search(query);

function settle() {
  here = { href: location.href, state: history.state };
  place.set(read());
}

/** Goes to an address; false when somebody would rather stay. */
export async function go(to, { replace = false, state = null } = {}) {
  if (leaving.ask && !(await leaving.ask())) return false;
  leaving.ask = null;
  history[replace ? 'replaceState' : 'pushState'](state, '', to);
  settle();
  return true;
}

/** Changes some of the query's values, in the same history entry or in a new one. */
export function setQuery(changes, replace = false) {
  const { path, query, state } = place.get();
  const values = {};
  for (const key of query.keys()) values[key] = query.getAll(key);
  return go(address(path, { ...values, ...changes }), { replace, state });
}

addEventListener('popstate', async () => {
  if (!leaving.ask) return settle();
  const [href, state] = [location.href, history.state];
  history.pushState(here.state, '', here.href);
  go(href, { state });
});

addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button || link.target || link.hasAttribute('download')) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !url.pathname.startsWith(root) || url.hash) return;
  event.preventDefault();
  go(url.href);
});

addEventListener('beforeunload', (event) => leaving.ask && event.preventDefault());
