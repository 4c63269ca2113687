import { html, useEffect } from '../preact.js';
import { place, setQuery } from '../model/place.js';
import { setPrefs } from '../model/store.js';
import { numberText } from '../model/time.js';
import { useKeys } from '../shell.js';
import { Button, Icon } from '../parts/basic.js';
import { Select } from '../parts/fields.js';

const lastPageRow = 10000;

/** Sets filters in the address: the list begins anew. */
export const filter = (changes, replace) => setQuery({ page: '', cursor: '', ...changes }, replace);

/** The head of a table: `columns` as `[key, word, kind]`; those with a key sort, by the address. */
export function Head({ columns, order = '' }) {
  const [by, direction] = order.split('-');
  return html`<thead><tr>${columns.map(([key, word, kind]) => {
    if (!key) return word ? html`<th scope="col" class=${kind}>${word}</th>` : html`<td></td>`;
    return html`<th scope="col" class=${kind} aria-sort=${key === by ? (direction === 'ASC' ? 'ascending' : 'descending') : undefined}>
      <button type="button" onClick=${() => filter({ sort: `${key}-${key === by && direction === 'DESC' ? 'ASC' : 'DESC'}` })}>${word}${key === by && html`<${Icon} name=${direction === 'ASC' ? 'arrow-up' : 'arrow-down'} />`}</button></th>`;
  })}</tr></thead>`;
}

/** Pages by number, and behind row 10 000 by cursor. */
export function Pages({ pagination: { currentPage, itemsInCurrentPage, itemsPerPage: rows, totalItems, nextCursor } }) {
  const isFurther = place.get().query.has('cursor');
  const first = (currentPage - 1) * rows + 1;
  const hasNext = isFurther ? nextCursor : first - 1 + itemsInCurrentPage < totalItems;
  const next = () => setQuery(isFurther || (currentPage + 1) * rows > lastPageRow ? { cursor: nextCursor, page: '' } : { page: currentPage + 1 });
  const before = () => (isFurther ? history.back() : setQuery({ page: currentPage > 2 ? currentPage - 1 : '' }));
  useKeys({ '[': ['Page before', () => (isFurther || currentPage > 1) && before()], ']': ['Next page', () => hasNext && next()] });
  return html`<nav class="pages" aria-label="Pages of the list">
    <${Select} aria-label="Rows of a page" value=${String(rows)} options=${[20, 50, 100].map((each) => [String(each), `${each} rows`])}
      onChange=${(event) => { setPrefs({ rows: Number(event.target.value) }); filter({}); }} />
    <span>${isFurther ? `further, of ${numberText(totalItems)}` : `${numberText(first)}–${numberText(first - 1 + itemsInCurrentPage)} of ${numberText(totalItems)}`}</span>
    <${Button} bare icon="chevron-left" label="Page before" disabled=${!isFurther && currentPage === 1} onClick=${before} />
    <${Button} bare icon="chevron-right" label="Next page" disabled=${!hasNext} onClick=${next} /></nav>`;
}

/** Whether a page is behind the last one, since its only row has gone: the last one is shown instead. */
export function useBehind({ data, pagination } = {}) {
  const { path, query } = place.get();
  const isBehind = data && !data.length && pagination.totalItems > 0;
  useEffect(() => {
    // A form above the list has an address of its own.
    if (isBehind && !path.includes('/')) setQuery({ page: query.has('cursor') ? '' : pagination.pagesCount, cursor: '' }, true);
  }, [isBehind, path]);
  return isBehind;
}

/** The keys that go through the rows of a page; returns what tells the number of the row with the focus. */
export function useRows() {
  const rows = () => [...document.querySelectorAll('main tbody tr')];
  const at = () => rows().findIndex((row) => row.contains(document.activeElement));
  const move = (step) => rows()[Math.min(Math.max(at() + step, 0), rows().length - 1)]?.querySelector('a, button')?.focus();
  useKeys({
    j: ['Next row', () => move(1)], k: ['Row before', () => move(-1)],
    '.': ['Menu of the row', () => rows()[at()]?.querySelector('[aria-haspopup=menu]')?.click()],
    f: ['Filter', () => document.querySelector('.filters :is(input, select, button)')?.focus()],
  });
  return at;
}
