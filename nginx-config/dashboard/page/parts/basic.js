import { html, useEffect, useState } from '../preact.js';
import { ask, changes, Problem, shared } from '../api/client.js';
import { search, setQuery } from '../model/place.js';
import { agoText, timeText } from '../model/time.js';
import { problemText } from '../texts.js';

const icons = new URL('icons.svg', document.querySelector('link[rel=icon]').href).pathname;

export const Icon = ({ name }) => html`<svg class="icon" aria-hidden="true"><use href=${`${icons}#${name}`} /></svg>`;

/** The swift. */
export const Bird = () => html`<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M2 11c6-1 10 1 13 5 2-6 7-10 15-11-6 3-9 7-10 12-1 5-4 9-10 10 3-2 4-4 4-6-3-5-7-8-12-10z" /></svg>`;

/** Stands where the connection is plain http to another machine. */
export const Plain = () => !isSecureContext && html`<p class="band"><${Icon} name="triangle-alert" />This connection is not encrypted. Others on the network can read it, and your key.</p>`;

/** A button; its icon alone has the label as its name. */
export const Button = ({ icon, label, kind = '', bare, children, ...rest }) => html`
  <button type="button" class=${`button ${kind} ${bare ? 'bare' : ''}`} aria-label=${bare ? label : undefined}
    title=${bare ? label : undefined} ...${rest}>${icon && html`<${Icon} name=${icon} />`}${!bare && html`<span>${label}</span>`}${children}</button>`;

/** The value of a store, drawn again when it changes. */
export function useStore(store) {
  const [value, set] = useState(store.get);
  useEffect(() => {
    set(store.get);
    return store.watch(() => set(store.get));
  }, [store]);
  return value;
}

/**
 * What the API says at a path: `{ data, problem, busy, slow, at, retry, cancel }`.
 * While it is asked again the old data stays.
 */
export function useData(path, query) {
  const version = useStore(changes);
  const key = path && path + search(query);
  const [state, set] = useState({ busy: true });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!key) return undefined;
    const control = new AbortController();
    const merge = (more) => !control.signal.aborted && set((old) => ({ ...old, ...more }));
    const end = () => {
      merge({ busy: false, slow: false });
      control.abort();
    };
    merge({ busy: true, slow: false, cancel: end });
    const slow = setTimeout(() => merge({ slow: true }), 3000);
    ask('GET', path, { query, signal: control.signal })
      .then((data) => merge({ data, problem: null, busy: false, slow: false, at: Date.now() }))
      .catch((problem) => merge({ problem: problem instanceof Problem ? problem : new Problem(0, { detail: String(problem) }), busy: false, slow: false }))
      .finally(() => clearTimeout(slow));
    return () => {
      clearTimeout(slow);
      control.abort();
    };
  }, [key, version, tries]);
  return { ...state, retry: () => setTries(tries + 1) };
}

/** What several parts of a page ask for; nothing before it is known, or without a path. */
export function useShared(path, query) {
  const [data, set] = useState();
  useEffect(() => { if (path) shared(path, query).then(set, () => {}); }, []);
  return data;
}

/** The seconds that are left of a wait, and what sets them. */
export function useCountdown() {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const timer = left > 0 && setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

/** A problem where its panel would be: what it is, what to do, and the request's id. */
export function Trouble({ problem, retry }) {
  const { title, text } = problemText(problem);
  const [left, setLeft] = useCountdown();
  useEffect(() => setLeft(problem.wait), [problem]);
  const isBeyond = ['page', 'cursor'].includes(problem.fields[0]);
  return html`<div class="trouble" role="alert"><${Icon} name="circle-alert" /><div>
    <strong>${title}</strong><p>${text}</p>
    ${problem.requestId && html`<p class="soft small">Request <code>${problem.requestId}</code></p>`}
    ${isBeyond && html`<${Button} label="First page" onClick=${() => setQuery({ page: '', cursor: '' }, true)} /> `}
    ${retry && html`<${Button} icon="refresh-cw" label=${left > 0 ? `Try again in ${left} s` : 'Try again'} disabled=${left > 0} onClick=${retry} />`}
  </div></div>`;
}

/** Nothing to show: why, and the way out. */
export const Empty = ({ icon, title, children }) => html`
  <div class="empty"><${Icon} name=${icon} /><h2>${title}</h2><div>${children}</div></div>`;

/**
 * A panel of data in all its states; `draw` is called once there is some.
 * `skeleton` has the lines that the first load shows.
 */
export function Loaded({ of, draw, skeleton = 5 }) {
  const { data, problem, busy, slow, retry, cancel } = of;
  return html`<div class="loaded" aria-busy=${busy}>
    ${busy && data && html`<div class="bar" />`}
    ${slow && html`<p class="slow" role="status">This takes longer than usual… <${Button} label="Cancel" onClick=${cancel} /></p>`}
    ${problem && (problem.status !== 0 || !data) && html`<${Trouble} problem=${problem} retry=${retry} />`}
    ${data && draw(data)}
    ${!data && !problem && (busy
      ? html`<div class="skeleton" role="status" aria-label="Loading">${Array.from({ length: skeleton }, () => html`<i />`)}</div>`
      : html`<${Empty} icon="info" title="Not loaded"><${Button} label="Load" onClick=${retry} /><//>`)}
  </div>`;
}

/** A moment: how long ago, with the exact time beside the pointer. */
export const Time = ({ at, empty = '–' }) => (at ? html`<time datetime=${at} title=${timeText(at)}>${agoText(at)}</time>` : empty);
