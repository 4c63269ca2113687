import { html, render, useEffect, useErrorBoundary, useRef, useState } from './preact.js';
import { ask, findSession, flights, heardAt, locked, Problem, session, signOut } from './api/client.js';
import { address, go, leaving, place } from './model/place.js';
import { Button, Empty, Trouble, useStore } from './parts/basic.js';
import { Dialog, Questions, toast, toastProblem } from './parts/layers.js';
import { pageOf, seen } from './routes.js';
import { Band, Rail, Shortcuts, TopBar, useShellKeys } from './shell.js';
import Links from './views/Links.js';
import Overview from './views/Overview.js';
import SignIn from './views/SignIn.js';

/** The view of a page, which may have to come first: the component, or why there is none. */
function useView(load) {
  const [view, set] = useState({});
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isWanted = true;
    if (!load) return undefined;
    load().then((View) => isWanted && set({ load, View }), () => isWanted && set({ load, failed: true }));
    return () => { isWanted = false; };
  }, [load, tries]);
  return view.load === load ? { ...view, retry: () => setTries(tries + 1) } : {};
}

/** The views that a person sees first. */
const first = { overview: async () => Overview, links: async () => Links };

/** The page in the middle: its view, a word instead of it, and the focus on its heading. */
function View({ page }) {
  const isDenied = page?.may && !page.may(session.get().may);
  const { View: Shown, failed, retry } = useView(page && !isDenied && (page.load ?? first[page.path]));
  const { path } = useStore(place);
  const [problem, mend] = useErrorBoundary((error) => console.error(error));
  const main = useRef();
  const isFirst = useRef(true);
  const busy = useStore(flights) > 0 || (page && !isDenied && !Shown && !failed);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    setReady(false);
    // A view that is drawn asks for its data a moment later.
    const timer = !busy && setTimeout(setReady, 60, true);
    return () => clearTimeout(timer);
  }, [busy]);
  const stop = page?.path + (page?.hidden ? path : '');
  useEffect(() => {
    if (problem) mend();
    document.title = `${page?.name ?? 'Not found'} · Swiftlet`;
    if (!isFirst.current && (Shown || isDenied || !page)) {
      scrollTo(0, 0);
      (main.current.querySelector('h1') ?? main.current).focus();
    }
    if (Shown) isFirst.current = false;
  }, [stop, Shown]);
  return html`<main id="main" ref=${main} tabindex="-1" data-ready=${ready ? '' : undefined}>
    ${problem || failed
      ? html`<h1 tabindex="-1">${page.name}</h1><${Trouble} retry=${failed ? () => location.reload() : mend} problem=${new Problem(failed ? -1 : -2, {
        title: failed ? 'This page has been updated' : 'This view has failed', detail: failed ? 'A part of it could not be loaded. Reload the page.' : String(problem) })} />`
      : page && !isDenied ? Shown && html`<${Shown} key=${stop} />`
      : html`<h1 tabindex="-1">${page?.name ?? 'Not found'}</h1><${Empty} icon="info" title=${page ? `Your key can’t see ${page.path}` : 'There is no such page'}>${page && html`<p>${page.why}</p>`}<a href=${address('')}>To the first page</a><//>`}
  </main>`;
}

/** Warns before the session ends. If it was used meanwhile, it may end later: that is asked first. */
function useWarning({ expires }) {
  useEffect(() => {
    const began = Date.now();
    const left = expires && Date.parse(expires) - began - 120_000;
    const warn = () => toast('Your session ends in two minutes.', { action: 'Stay signed in', act: findSession, seconds: 120 });
    const look = () => (heardAt() > began + 60_000 ? ask('GET', 'session').then((who) => (who.expires === expires ? warn() : session.set(who)), toastProblem) : warn());
    const timer = left > 0 && left < 86_400_000 && setTimeout(look, left);
    return () => clearTimeout(timer);
  }, [expires]);
}

function Signed() {
  const who = useStore(session);
  const { path } = useStore(place);
  const lock = useStore(locked);
  const [help, setHelp] = useState(false);
  useWarning(who);
  useShellKeys(() => setHelp(true));
  useEffect(() => {
    if (!path) go(address(seen(who.may)[0].path), { replace: true });
  }, [path]);
  return html`<a class="skip" href="#main">To the content</a><${Rail} /><div class="side"><${TopBar} help=${() => setHelp(true)} /><${Band} /><${View} page=${pageOf(path)} /></div>
    ${help && html`<${Shortcuts} close=${() => setHelp(false)} />`}
    ${lock && html`<${Dialog} title="Your session has ended" footer=${html`<${Button} label="Sign out" onClick=${() => signOut().catch(toastProblem)} />`}><p>Sign in again to go on. What you typed is kept.</p><${SignIn} again /><//>`}`;
}

function Page() {
  const who = useStore(session);
  const [problem, setProblem] = useState(null);
  const shown = useRef();
  const begin = () => findSession().then(() => setProblem(null), setProblem);
  useEffect(() => {
    // A link that signs in: its page asks first.
    const coded = () => location.hash.startsWith('#in=') && (session.set(false), true);
    addEventListener('hashchange', coded);
    if (!coded()) begin();
  }, []);
  // What is typed stays, whoever signs in again.
  if (!leaving.ask) shown.current = who?.key?.name;
  return html`${problem && html`<main class="alone"><h1>Swiftlet</h1><${Trouble} problem=${problem} retry=${begin} /></main>`}
    ${who === false && html`<${SignIn} />`}${who && html`<${Signed} key=${shown.current} />`}`;
}

render(html`<${Page} />`, document.getElementById('page'));
render(html`<${Questions} />`, document.getElementById('above'));
