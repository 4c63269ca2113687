import { html, render, useEffect, useLayoutEffect, useRef, useState } from '../preact.js';
import { store } from '../model/store.js';
import { problemText } from '../texts.js';
import { Button, Icon, useStore } from './basic.js';

let ids = 0;
export const newID = () => `i${(ids += 1)}`;
export const useID = () => useState(newID)[0];

/** A dialog above the page. It gives the focus back to where it was; without `close` it stays. */
export function Dialog({ title, kind = '', close, children, footer }) {
  const dialog = useRef();
  const id = useID();
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    element.showModal();
    raise();
    (element.querySelector('[data-first]') ?? element.querySelector('input:not([readonly]), textarea, select') ?? element).focus();
    return () => {
      element.close();
      raise();
      if (opener?.isConnected) opener.focus();
    };
  }, []);
  const cancel = (event) => {
    if (event.target !== dialog.current) return;
    event.preventDefault();
    close?.();
  };
  return html`<dialog ref=${dialog} class=${kind} aria-labelledby=${id} onCancel=${cancel} tabindex="-1"
      onKeyDown=${(event) => { if (event.key === 'Escape' && !event.defaultPrevented) { event.preventDefault(); close?.(); } }}
      onMouseDown=${(event) => event.target === dialog.current && !kind && close?.()}>
    <div class="sheet"><header><h2 id=${id}>${title}</h2>${close && html`<${Button} bare icon="x" label="Close" onClick=${close} />`}</header>
    <div class="body">${children}</div>${footer && html`<footer>${footer}</footer>`}</div></dialog>`;
}

const question = store(null);

/** Asks before something is done; answers true or false. `typed` is a text that has to be typed first. */
export function confirm(ask) {
  return new Promise((answer) => question.set({ ...ask, answer }));
}

export function Questions() {
  const ask = useStore(question);
  const [typed, setTyped] = useState('');
  if (!ask) return null;
  const answer = (yes) => {
    question.set(null);
    setTyped('');
    ask.answer(yes);
  };
  return html`<${Dialog} title=${ask.title} close=${() => answer(false)} footer=${[
    html`<${Button} label=${ask.no ?? 'Cancel'} onClick=${() => answer(false)} data-first=${!ask.typed} />`,
    html`<${Button} kind=${ask.kind ?? 'danger'} label=${ask.yes} disabled=${ask.typed && typed.trim() !== ask.typed} onClick=${() => answer(true)} />`,
  ]}><p>${ask.text}</p>${ask.typed && html`<label class="field"><span>Type <b>${ask.typed}</b> to go on</span>
    <input value=${typed} onInput=${(event) => setTyped(event.target.value)} autocomplete="off" /></label>`}<//>`;
}

const toasts = store([]);

/** Says something for some seconds, with a way to take it back. */
export function toast(text, { action, act, kind = '', seconds = action ? 10 : 6 } = {}) {
  const one = { id: newID(), text, action, act, kind };
  // Only the last thing that was done is taken back.
  toasts.set([...toasts.get().filter((other) => !action || !other.action).slice(-2), one]);
  one.timer = setTimeout(dismiss, seconds * 1000, one);
}

export function toastProblem(problem) {
  const { title, text } = problemText(problem);
  toast(`${title}. ${text}`, { kind: 'bad', seconds: 10 });
}

function dismiss(one) {
  clearTimeout(one.timer);
  toasts.set(toasts.get().filter((other) => other !== one));
}

function Toasts() {
  return useStore(toasts).map((one) => html`<div class=${`toast ${one.kind}`} key=${one.id}>
    <span>${one.text}</span>${one.action && html`<button type="button" onClick=${() => { dismiss(one); one.act(); }}>${one.action}</button>`}
    <button type="button" aria-label="Dismiss" onClick=${() => dismiss(one)}><${Icon} name="x" /></button></div>`);
}

const box = Object.assign(document.createElement('div'), { className: 'toasts', role: 'status' });
/** What is outside of the upmost dialog is covered: toasts stand in it. */
const raise = () => ([...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body).append(box);
render(html`<${Toasts} />`, box);
raise();

/** A button with a panel below it, that the rest of the page ends by a click, Esc or Tab. */
export function Popover({ button, children, role, wide }) {
  const [place, setPlace] = useState(null);
  const box = useRef();
  const panel = useRef();
  const close = (focus) => {
    setPlace(null);
    if (focus) box.current?.querySelector('button').focus();
  };
  const toggle = () => {
    if (place) return close();
    const { left, right, bottom, top } = box.current.getBoundingClientRect();
    const up = bottom > innerHeight - 280 && top > innerHeight / 2;
    const side = left > innerWidth / 2 ? { right: innerWidth - right } : { left: Math.max(8, left) };
    setPlace({ ...side, ...(up ? { bottom: innerHeight - top + 4 } : { top: bottom + 4 }) });
  };
  useEffect(() => {
    if (!place) return undefined;
    (panel.current.querySelector('[role=menuitem], input, select, button') ?? panel.current).focus();
    const outside = (event) => box.current.contains(event.target) || close();
    const gone = (event) => panel.current?.contains(event.target) || close();
    addEventListener('pointerdown', outside);
    addEventListener('scroll', gone, true);
    addEventListener('resize', close);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('scroll', gone, true);
      removeEventListener('resize', close);
    };
  }, [place]);
  const keys = (event) => {
    const items = [...panel.current?.querySelectorAll('[role=menuitem]') ?? []];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape' && place) close(true);
    else if (event.key === 'Tab' && role === 'menu') return close();
    else if (step && items.length) items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
    else return undefined;
    event.preventDefault();
    return event.stopPropagation();
  };
  return html`<div class="popover" ref=${box} onKeyDown=${keys}>
    <${Button} ...${button} aria-haspopup=${role ?? 'dialog'} aria-expanded=${!!place} onClick=${toggle} />
    ${place && html`<div ref=${panel} class=${`panel ${wide ? 'wide' : ''}`} role=${role ?? 'dialog'} aria-label=${button.label} style=${place} tabindex="-1"
      onClick=${role === 'menu' ? () => close(true) : undefined}>${children}</div>`}</div>`;
}

/** A menu of actions: `[{ icon, label, act, href, kind }]`. */
export const Menu = ({ items, ...button }) => html`<${Popover} button=${button} role="menu">${items.filter(Boolean).map(
  ({ icon, label, act, href, kind = '', ...rest }) => (href
    ? html`<a role="menuitem" class=${kind} href=${href} ...${rest}><${Icon} name=${icon} />${label}</a>`
    : html`<button type="button" role="menuitem" class=${kind} onClick=${act} ...${rest}><${Icon} name=${icon} />${label}</button>`))}<//>`;

/** Copies a text, also where the browser's clipboard needs a safer connection than this one. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    const before = document.activeElement;
    area.value = text;
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    before?.focus();
  }
}

/** Copies a text; says so by its icon and to those who don't see it. */
export function CopyButton({ text, label = 'Copy', ...rest }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    const timer = done && setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  return html`<${Button} ...${rest} icon=${done ? 'check' : 'copy'} label=${done ? 'Copied' : label} onClick=${async () => {
    await copy(text);
    setDone(true);
  }} />`;
}
