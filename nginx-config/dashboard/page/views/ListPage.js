/** What the views of lists are made of. */
import { html, useEffect, useRef, useState } from '../preact.js';
import { change } from '../api/client.js';
import { address, leaving, place } from '../model/place.js';
import { prefs } from '../model/store.js';
import { plural } from '../model/time.js';
import { Button, Empty, Loaded, Trouble, useData, useStore } from '../parts/basic.js';
import { Select } from '../parts/fields.js';
import { confirm, Dialog, Menu, toast, toastProblem, useID } from '../parts/layers.js';
import { filter, Head, Pages, useBehind, useRows } from './table.js';
import { problemText } from '../texts.js';

/** Changes something, and says that it is done, or why not. */
export const act = (done, ...request) => change(...request).then(() => toast(done), toastProblem);

/** A search in the address. */
export function Search({ label }) {
  const sought = place.get().query.get('search') ?? '';
  const [text, setText] = useState(sought);
  const timer = useRef();
  const input = useRef();
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (document.activeElement !== input.current) setText(sought);
  }, [sought]);
  return html`<input ref=${input} type="search" aria-label=${label} placeholder=${label} maxlength="255" value=${text} onInput=${({ target }) => {
    setText(target.value);
    clearTimeout(timer.current);
    timer.current = setTimeout(filter, 250, { search: target.value }, true);
  }} />`;
}

/** A choice in the address. */
export const Choice = ({ label, name, options }) => html`<${Select} aria-label=${label} value=${place.get().query.get(name)} options=${options}
  onChange=${({ target }) => filter({ [name]: target.value })} />`;

/** A list of the API: the page of it that the address names. */
export function useList(path, query) {
  const { query: own } = useStore(place);
  const { rows } = useStore(prefs);
  return useData(path, { page: own.get('page'), cursor: own.get('cursor'), itemsPerPage: rows, ...query });
}

/**
 * Rows as a table, on a small screen as cards. `columns` are `[head, cell, kind, sort]`, of which the first
 * names its row; `menu` is what can be done with a row, and `name` what it is called.
 */
export const Table = ({ caption, columns, rows, menu, name, order }) => html`<div class="table"><table class="list"><caption class="hidden">${caption}</caption>
  <${Head} order=${order} columns=${[...columns.map(([head, , kind, sort]) => [sort, head, kind]), []]} /><tbody>${rows.map((row) => {
    const items = menu(row).filter(Boolean);
    return html`<tr key=${name(row) + row.type}>${columns.map(([head, cell, kind], index) => (index
      ? html`<td class=${kind} data-head=${head}>${cell(row)}</td>`
      : html`<th scope="row">${cell(row)}</th>`))}<td class="acts">${items[0] && html`<${Menu} bare icon="ellipsis" label=${`Actions for ${name(row)}`} items=${items} />`}</td></tr>`;
  })}</tbody></table></div>`;

/**
 * A page with a list of the API, in all its states. `pick` finds the list in the answer; `empty` stands for one
 * without rows, and `denied` says what the key lacks.
 */
export function ListPage({ title, unit, main, filters, denied, of, pick, empty, ...table }) {
  useRows();
  const list = of.data && pick(of.data);
  const { data, pagination } = list ?? {};
  const isBehind = useBehind(list);
  return html`<header class="heading"><h1 tabindex="-1">${title}</h1><span class="soft" role="status">${data && plural(pagination.totalItems, unit)}</span>${main}</header>
    ${denied ? html`<${Empty} icon="eye-off" title=${`Your key can’t see ${unit}s`}><p>${denied}</p><//>` : html`${filters && html`<div class="filters">${filters}</div>`}<${Loaded} of=${of} draw=${() => (data.length
      ? html`<${Table} caption=${title} ...${table} rows=${data} />${pagination.totalItems > 20 && html`<${Pages} pagination=${pagination} />`}`
      : !isBehind && (location.search ? html`<${Empty} icon="search" title="Nothing matches"><a class="button" href=${address(place.get().path)}>Show all</a><//>` : empty))} />`}`;
}

const keep = () => confirm({ title: 'Discard what you typed?', text: 'It has not been saved.', yes: 'Discard', no: 'Go on' });

/**
 * A form in a dialog. `send` gets its FormData, and returns what follows. A refusal stands beside the field that
 * `children` asks for by `error(name, type)`, else above. What was typed stays.
 */
export function Form({ title, yes, close, send, children }) {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const form = useRef();
  const id = useID();
  useEffect(() => () => { leaving.ask = null; }, []);
  useEffect(() => form.current.querySelector('[aria-invalid]')?.focus(), [problem]);
  const end = () => {
    leaving.ask = null;
    close();
  };
  const leave = async () => (!leaving.ask || await keep()) && end();
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      const then = await send(new FormData(form.current));
      end();
      then();
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  };
  let placed = false;
  const error = (name, type) => {
    const isHere = problem && (problem.fields?.includes(name) || problem.type === type);
    placed ||= isHere;
    return isHere ? problem.detail ?? problemText(problem).title : '';
  };
  const fields = children(error);
  return html`<${Dialog} title=${title} close=${leave} footer=${html`<${Button} label="Cancel" onClick=${leave} /><${Button} kind="main" type="submit" form=${id} label=${yes} disabled=${busy} />`}>
    <form id=${id} ref=${form} onSubmit=${submit} onInput=${() => { leaving.ask = keep; }}
      onKeyDown=${(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && form.current.requestSubmit()}>
      ${problem && !placed && html`<${Trouble} problem=${problem} />`}${fields}</form><//>`;
}
