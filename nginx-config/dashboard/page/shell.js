import { html, useEffect, useRef, useState } from './preact.js';
import { lost, session, signOut } from './api/client.js';
import { address, go, place, setQuery } from './model/place.js';
import { prefs, setPrefs } from './model/store.js';
import { Bird, Button, Icon, Plain, useStore } from './parts/basic.js';
import { Dialog, Menu, toastProblem } from './parts/layers.js';
import { pageOf, seen } from './routes.js';

/** Opens a form above the list of links; it closes to where somebody was. */
export const openForm = (to) => go(to, { state: { back: location.href, list: place.get().path === 'links' ? location.search : '' } });
export const newLink = () => openForm(address('links/new'));

const themes = [['', 'System theme', 'monitor'], ['light', 'Light', 'sun'], ['dark', 'Dark', 'moon']];

/** The pages, as a rail at the side, or a bar below on a small screen. */
export function Rail() {
  const { path } = useStore(place);
  const { may } = useStore(session);
  const all = seen(may);
  const here = pageOf(path);
  const entry = (page) => html`<a href=${address(page.path)} aria-current=${page === here || (here?.hidden && here.path === page.path) ? 'page' : undefined}>
    <${Icon} name=${page.icon} /><span>${page.name}</span></a>`;
  return html`<nav class="rail" aria-label="Pages">
    <a class="brand" href=${address(all[0].path)}><${Bird} /><span>Swiftlet</span></a>
    ${all.map((page, index) => html`<div class=${index >= 4 && all.length > 5 ? 'later' : ''} key=${page.path}>${entry(page)}</div>`)}
    ${all.length > 5 && html`<div class="more"><${Menu} icon="ellipsis" label="More" items=${all.slice(4).map((page) => ({ icon: page.icon, label: page.name, href: address(page.path) }))} /></div>`}
  </nav>`;
}

/** Search, the way to a new link, and whose key this is. */
export function TopBar({ help }) {
  const { path, query } = useStore(place);
  const who = useStore(session);
  const { theme } = useStore(prefs);
  const onLinks = path === 'links';
  const [text, setText] = useState('');
  const timer = useRef();
  const sought = onLinks ? query.get('search') ?? '' : '';
  const sent = useRef();
  useEffect(() => () => clearTimeout(timer.current), [path]);
  useEffect(() => {
    // What is typed meanwhile goes on from what was sent.
    if (sought !== sent.current) setText(sought);
    sent.current = null;
  }, [sought, onLinks]);
  const seek = (value) => {
    sent.current = value;
    return onLinks ? setQuery({ search: value, page: '', cursor: '' }, true) : go(address('links', { search: value }));
  };
  const input = (event) => {
    setText(event.target.value);
    clearTimeout(timer.current);
    if (onLinks) timer.current = setTimeout(seek, 250, event.target.value);
  };
  const submit = (event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    seek(text);
  };
  return html`<header class="top">
    <form role="search" onSubmit=${submit}><${Icon} name="search" />
      <input id="search" type="search" aria-label="Search links" placeholder="Search links and tags" value=${text} onInput=${input} maxlength="500" enterkeyhint="search" /><kbd aria-hidden="true">/</kbd></form>
    ${(who.may.create || who.may.edit) && html`<${Button} icon="plus" kind="main" label="New link" onClick=${newLink} />`}
    <${Menu} icon="user-round" label=${who.key.name} items=${[
      ...themes.map(([value, label, icon]) => ({ icon: theme === value ? 'check' : icon, label, act: () => setPrefs({ theme: value }), 'aria-current': theme === value ? 'true' : undefined })),
      { icon: 'keyboard', label: 'Keyboard shortcuts', act: help },
      { icon: 'log-out', label: 'Sign out', act: () => signOut().catch(toastProblem) },
    ]} /></header>`;
}

/** Says what is wrong with the connection, and of when the shown data is. */
export function Band() {
  const since = useStore(lost);
  return html`<div role="status"><${Plain} />${since && html`<p class="band"><${Icon} name="wifi-off" />No connection to ${location.host}.
    What you see is of ${new Date(since).toLocaleTimeString('en-GB')}. It is tried again by itself.</p>`}</div>`;
}

/** Single keys, as `{ key: [what it does, act] }`, of those who listen now: the last one counts. */
const listeners = [];

/** Single keys of a view, while it is shown. */
export function useKeys(keys) {
  const own = useRef(keys);
  own.current = keys;
  useEffect(() => {
    listeners.push(own);
    return () => listeners.splice(listeners.indexOf(own), 1);
  }, []);
}

const bound = () => Object.assign({}, ...listeners.map((own) => own.current));
let prefix = -Infinity;

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey) {
    if (event.key === 'k' && document.getElementById('search')) {
      event.preventDefault();
      document.getElementById('search').focus();
    }
    return;
  }
  if (event.altKey || event.defaultPrevented || !prefs.get().shortcuts || document.querySelector('dialog[open]')) return;
  if (event.target.closest?.('input, textarea, select, [role=menu], [role=dialog], [contenteditable]')) return;
  const key = event.timeStamp - prefix < 1500 ? `g ${event.key}` : event.key;
  prefix = key === 'g' ? event.timeStamp : -Infinity;
  const [, act] = bound()[key] ?? [];
  if (!act) return;
  event.preventDefault();
  act(event);
});

const names = { ArrowUp: '↑', ArrowDown: '↓', Delete: 'Del' };

export function Shortcuts({ close }) {
  const { shortcuts } = useStore(prefs);
  return html`<${Dialog} title="Keyboard shortcuts" close=${close}>
    <dl class="keys">${Object.entries({ ...bound(), 'Ctrl K': ['Search'], Esc: ['Close'], 'Ctrl Enter': ['Save a form'] }).filter(([, [text]]) => text).map(([key, [text]]) => html`<div key=${key}><dt>
      ${key.split(' ').map((one) => html`<kbd>${names[one] ?? one}</kbd>`)}</dt><dd>${text}</dd></div>`)}</dl>
    <label class="check"><input type="checkbox" checked=${shortcuts} onChange=${(event) => setPrefs({ shortcuts: event.target.checked })} /><span>Single keys work</span></label><//>`;
}

/** The keys that work everywhere. */
export function useShellKeys(help) {
  const { may } = useStore(session);
  useKeys({
    '/': ['Search', () => document.getElementById('search').focus()],
    ...(may.create && { c: ['New link', newLink] }),
    ...Object.fromEntries(seen(may).filter((page) => page.key).map((page) => [`g ${page.key}`, [`Go to ${page.name}`, () => go(address(page.path))]])),
    '?': ['This list', help],
  });
}
