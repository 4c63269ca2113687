/** A value that others watch. */
export function store(value) {
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const watcher of [...watchers]) watcher(value);
    },
    /** Returns what ends the watch. */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

const name = 'swiftlet';
const defaults = { theme: '', zone: '', rows: 50, range: '30d', bots: false, shortcuts: true };

function stored() {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(name) ?? '{}') };
  } catch {
    return defaults;
  }
}

/** What this browser remembers for the person before it; nothing secret. */
export const prefs = store(stored());

export function setPrefs(changes) {
  prefs.set({ ...prefs.get(), ...changes });
  try {
    localStorage.setItem(name, JSON.stringify(prefs.get()));
  } catch { /* It lasts until the page is closed. */ }
}

export function resetPrefs() {
  setPrefs(defaults);
}

prefs.watch(({ theme }) => {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
});
addEventListener('storage', (event) => event.key === name && prefs.set(stored()));
