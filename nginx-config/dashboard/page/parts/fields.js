import { html, useEffect, useRef, useState } from '../preact.js';
import { ask } from '../api/client.js';
import { Icon } from './basic.js';
import { useID } from './layers.js';

/** A labelled input, or a choice of `options`, with a hint and what is wrong; `children` draws another control. */
export function Field({ label, hint, error, kind = '', options, children, ...input }) {
  const id = useID();
  const of = {
    id, 'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined, ...input,
  };
  return html`<div class=${`field ${kind}`}><label for=${id}>${label}</label>
    ${children ? children(of) : options ? html`<${Select} ...${of} options=${options} />` : html`<input ...${of} />`}
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="error" role="alert" id=${`${id}-error`}>${error}</p>`}</div>`;
}

export const Check = ({ label, hint, ...input }) => html`
  <label class="check"><input type="checkbox" ...${input} /><span>${label}${hint && html`<small>${hint}</small>`}</span></label>`;

/** A choice; `options` has values and words. */
export const Select = ({ options, value, ...rest }) => html`
  <select ...${rest}>${options.map(([key, word]) => html`<option value=${key} selected=${key === (value ?? '')}>${word}</option>`)}</select>`;

/** Tags as chips, with suggestions of those that exist. */
export function TagInput({ tags, set, allowNew = true, id, ...rest }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState([]);
  const [at, setAt] = useState(-1);
  const input = useRef();
  const word = text.trim().toLowerCase().replace(/\s+/g, '-');
  useEffect(() => {
    if (!word) return setFound([]);
    const control = new AbortController();
    const timer = setTimeout(() => ask('GET', 'tags', { query: { searchTerm: word, itemsPerPage: 8 }, signal: control.signal })
      .then((answer) => setFound(answer.tags.data.filter((tag) => !tags.includes(tag))), () => {}), 150);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [word]);
  const add = (tag) => {
    setText('');
    setFound([]);
    setAt(-1);
    if (tag && !tags.includes(tag)) set([...tags, tag]);
  };
  const end = () => allowNew && word && add(found[at] ?? word);
  const keys = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return end();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) setAt((at + step + found.length + 1) % (found.length + 1));
    else if ((event.key === 'Enter' || event.key === ',') && word) {
      if (found[at]) add(found[at]);
      else if (allowNew) add(word);
      else if (found[0]) add(found[0]);
    } else if (event.key === 'Escape' && found.length) setFound([]);
    else if (event.key === 'Backspace' && !text && tags.length) return set(tags.slice(0, -1));
    else return undefined;
    return event.preventDefault();
  };
  return html`<div class="tags input" onClick=${() => input.current.focus()}>
    ${tags.map((tag) => html`<span class="chip" key=${tag}>${tag}<button type="button" aria-label=${`Remove ${tag}`}
      onClick=${() => set(tags.filter((other) => other !== tag))}><${Icon} name="x" /></button></span>`)}
    <input ref=${input} id=${id} ...${rest} role="combobox" aria-expanded=${found.length > 0} aria-controls=${`${id}-list`} aria-autocomplete="list"
      aria-activedescendant=${found[at] ? `${id}-${at}` : undefined} value=${text} autocomplete="off" maxlength="255"
      onInput=${(event) => setText(event.target.value)} onKeyDown=${keys} onBlur=${end} />
    <ul id=${`${id}-list`} role="listbox" aria-label="Tags" hidden=${!found.length}>${found.map((tag, index) => html`
      <li id=${`${id}-${index}`} role="option" aria-selected=${index === at} onMouseDown=${(event) => { event.preventDefault(); add(tag); }}>${tag}</li>`)}</ul></div>`;
}
