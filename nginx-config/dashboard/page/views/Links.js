import { html, useEffect, useState } from '../preact.js';
import { change, session } from '../api/client.js';
import { domainOf, editAddress, linkPath, linkState, pageAddress, shortName, urlText, webAddress } from '../model/link.js';
import { address, go, place, setQuery } from '../model/place.js';
import { prefs, setPrefs } from '../model/store.js';
import { dayText, numberText, plural, shortNumber } from '../model/time.js';
import { Button, Empty, Icon, Loaded, Time, useData, useStore } from '../parts/basic.js';
import { Select } from '../parts/fields.js';
import { confirm, copy, CopyButton, Menu, toast, toastProblem } from '../parts/layers.js';
import { newLink, useKeys } from '../shell.js';
import { Filters, filterOf, isFiltered } from './LinkFilters.js';

const lastPageRow = 10000;

/** Takes a link down or up again. */
async function setEnabled(link, enabled) {
  try {
    await change('PATCH', linkPath(link), { query: domainOf(link), body: { enabled } });
    toast(`${shortName(link)} is ${enabled ? 'enabled' : 'disabled'}.`, { action: 'Undo', act: () => setEnabled(link, !enabled) });
  } catch (problem) {
    toastProblem(problem);
  }
}

async function restore(link) {
  try {
    await change('POST', linkPath(link) + '/restore', { query: domainOf(link) });
    toast(`${shortName(link)} is back.`);
  } catch (problem) {
    toastProblem(problem);
  }
}

/** Deletes a link, which can be taken back; asks first when many have followed it. */
export async function remove(link) {
  const clicks = link.visitsSummary.total;
  const isSure = clicks < 1000 || await confirm({
    title: `Delete ${shortName(link)}?`, yes: 'Delete', typed: link.shortCode,
    text: `It has been followed ${plural(clicks, 'time')}. Whoever follows it afterwards is told that it is gone. For 30 days you can restore it.` });
  if (!isSure) return false;
  try {
    await change('DELETE', linkPath(link), { query: domainOf(link) });
    toast(`${shortName(link)} is deleted.`, { action: 'Undo', act: () => restore(link) });
    return true;
  } catch (problem) {
    toastProblem(problem);
    return false;
  }
}

/** What can be done with a link, for its menu. */
export const actions = (link, may, showCode) => [
  { icon: 'qr-code', label: 'QR code', act: () => showCode(link) },
  webAddress(link.longUrl) && { icon: 'external-link', label: 'Open its target', href: link.longUrl, target: '_blank', rel: 'noopener noreferrer' },
  may.edit && { icon: 'pencil', label: 'Edit', act: () => edit(link) },
  may.edit && { icon: link.enabled ? 'power-off' : 'power', label: link.enabled ? 'Disable' : 'Enable', act: () => setEnabled(link, !link.enabled) },
  may.edit && { icon: 'trash-2', label: 'Delete', kind: 'danger', act: () => remove(link) },
];

export const edit = (link) => go(editAddress(link), { state: { list: location.search } });

const limitsOf = ({ meta, hasRedirectRules }) => [
  meta.validUntil && `until ${dayText(meta.validUntil)}`,
  meta.maxVisits && `${numberText(meta.maxVisits)} visits at most`,
  hasRedirectRules && 'with rules',
].filter(Boolean);

export function StateMark({ link }) {
  const [word, kind] = linkState(link);
  return html`<span class=${`state ${kind}`}>${word}</span>`;
}

function Row({ link, may, showCode }) {
  const name = shortName(link);
  const limits = limitsOf(link);
  return html`<tr data-code=${link.shortCode}>
    <th scope="row"><div class="name"><a href=${pageAddress(link)}>${name}</a><${CopyButton} bare text=${link.shortUrl} label=${`Copy ${name}`} /></div>
      <p class="target" title=${link.longUrl}>${link.title && html`<b><bdi>${link.title}</bdi></b> `}<bdi>${urlText(link.longUrl)}</bdi></p></th>
    <td class="tagged">${link.tags.map((tag) => html`<a class="chip" key=${tag} title=${tag} href=${address('links', { tag })}>${tag}</a>`)}</td>
    <td class="number" title=${`${numberText(link.visitsSummary.nonBots)} by people, ${numberText(link.visitsSummary.bots)} by bots`}>${shortNumber(link.visitsSummary.nonBots)}<span class="unit"> clicks</span></td>
    <td class="made"><${Time} at=${link.dateCreated} /></td>
    <td><${StateMark} link=${link} />${limits.length > 0 && html`<p class="limits">${limits.join(' · ')}</p>`}</td>
    <td class="acts"><${Menu} bare icon="ellipsis" label=${`Actions for ${name}`} items=${actions(link, may, showCode)} /></td></tr>`;
}

const columns = [['shortCode', 'Link'], ['', 'Tags'], ['nonBotVisits', 'Clicks', 'number'], ['dateCreated', 'Made'], ['', 'State'], ['', '']];

function Head({ order }) {
  const [by, direction] = order.split('-');
  return html`<thead><tr>${columns.map(([key, word, kind = '']) => {
    if (!key) return word ? html`<th scope="col">${word}</th>` : html`<td></td>`;
    const next = key === by && direction === 'DESC' ? 'ASC' : 'DESC';
    return html`<th scope="col" class=${kind} aria-sort=${key === by ? (direction === 'ASC' ? 'ascending' : 'descending') : undefined}>
      <button type="button" onClick=${() => setQuery({ sort: `${key}-${next}`, page: '', cursor: '' })}>${word}${key === by && html`<${Icon} name=${direction === 'ASC' ? 'arrow-up' : 'arrow-down'} />`}</button></th>`;
  })}</tr></thead>`;
}

/** Pages by number, and behind row 10 000 by cursor. */
function Pages({ pagination, rows }) {
  const { currentPage, itemsInCurrentPage, totalItems, nextCursor } = pagination;
  const isFurther = place.get().query.has('cursor');
  const first = (currentPage - 1) * rows + 1;
  const hasNext = isFurther ? nextCursor : first - 1 + itemsInCurrentPage < totalItems;
  const next = () => setQuery(isFurther || (currentPage + 1) * rows > lastPageRow ? { cursor: nextCursor, page: '' } : { page: currentPage + 1 });
  const before = () => (isFurther ? history.back() : setQuery({ page: currentPage > 2 ? currentPage - 1 : '' }));
  useKeys({ '[': ['Page before', () => (isFurther || currentPage > 1) && before()], ']': ['Next page', () => hasNext && next()] });
  return html`<nav class="pages" aria-label="Pages of the list">
    <${Select} aria-label="Rows of a page" value=${String(rows)} options=${[20, 50, 100].map((each) => [String(each), `${each} rows`])}
      onChange=${(event) => { setPrefs({ rows: Number(event.target.value) }); setQuery({ page: '', cursor: '' }); }} />
    <span>${isFurther ? `further, of ${numberText(totalItems)}` : `${numberText(first)}–${numberText(first - 1 + itemsInCurrentPage)} of ${numberText(totalItems)}`}</span>
    <${Button} bare icon="chevron-left" label="Page before" disabled=${!isFurther && currentPage === 1} onClick=${before} />
    <${Button} bare icon="chevron-right" label="Next page" disabled=${!hasNext} onClick=${next} /></nav>`;
}

function Table({ list, order, rows, may, showCode, query }) {
  if (!list.data.length) {
    return isFiltered(query)
      ? html`<${Empty} icon="search" title="No link matches"><p>Try other words or fewer filters.</p><a class="button" href=${address('links')}>Clear all filters</a><//>`
      : html`<${Empty} icon="link" title="No links yet"><p>Paste a long URL and get a short one.</p>${may.create && html`<${Button} icon="plus" kind="main" label="Make the first link" onClick=${newLink} />`}<//>`;
  }
  return html`<div class="table"><table class="links"><caption class="hidden">Links</caption><${Head} order=${order} />
    <tbody>${list.data.map((link) => html`<${Row} key=${link.id} link=${link} may=${may} showCode=${showCode} />`)}</tbody></table></div>
    <${Pages} pagination=${list.pagination} rows=${rows} />`;
}

/** The row that has the focus, of the rows that are shown. */
function useRowKeys(list, may, showCode) {
  const rows = () => [...document.querySelectorAll('tr[data-code]')];
  const at = () => rows().findIndex((row) => row.contains(document.activeElement));
  const move = (step) => rows().at(Math.min(Math.max(at() + step, 0), rows().length - 1))?.querySelector('th a').focus();
  const one = (act) => () => list?.data[at()] && act(list.data[at()]);
  useKeys({
    j: ['Next row', () => move(1)], k: ['Row before', () => move(-1)],
    y: ['Copy the row’s short URL', one(async (link) => { await copy(link.shortUrl); toast(`${shortName(link)} is copied.`); })],
    q: ['QR code of the row', one(showCode)],
    ...(may.edit && { e: ['Edit the row', one(edit)], Delete: ['Delete the row', one(remove)] }),
    '.': ['Menu of the row', () => rows()[at()]?.querySelector('[aria-haspopup=menu]').click()],
    f: ['Filter', () => document.querySelector('.filters select, .filters button')?.focus()],
  });
}

/** A part that comes when it is wanted first. */
export function usePart(isWanted, load) {
  const [part, set] = useState(null);
  useEffect(() => {
    if (isWanted && !part) load().then((module) => set(() => module.default), toastProblem);
  }, [isWanted]);
  return isWanted && part;
}

const loadEditor = () => import('./LinkEditor.js');
export const loadCode = () => import('./QRCode.js');

/** All links: searched, filtered, sorted, page by page; the editor opens above them. */
export default function Links() {
  const { path, query: own, state } = useStore(place);
  const { may } = useStore(session);
  const { rows } = useStore(prefs);
  const panel = path !== 'links';
  // Behind the editor the list stays as it was.
  const query = panel ? new URLSearchParams(state.list ?? '') : own;
  const order = query.get('sort') ?? 'dateCreated-DESC';
  const list = useData(may.read && 'short-urls', {
    ...filterOf(query), orderBy: order, itemsPerPage: rows, page: query.get('page'), cursor: query.get('cursor') });
  const [code, showCode] = useState(null);
  const Editor = usePart(panel, loadEditor);
  const Code = usePart(!!code, loadCode);
  const found = list.data?.shortUrls;
  useRowKeys(found, may, showCode);
  return html`<header class="heading"><h1 tabindex="-1">Links</h1><span class="soft" role="status">${found && plural(found.pagination.totalItems, 'link')}</span></header>
    ${may.read
      ? html`<${Filters} query=${query} /><${Loaded} of=${list} skeleton=${8} draw=${({ shortUrls }) => html`<${Table} list=${shortUrls} order=${order} rows=${rows} may=${may} showCode=${showCode} query=${query} />`} />`
      : html`<${Empty} icon="eye-off" title="Your key can’t read links"><p>It has the scope <code>create-only</code>: it makes links.</p><${Button} icon="plus" kind="main" label="New link" onClick=${newLink} /><//>`}
    ${Editor && html`<${Editor} key=${path} close=${() => go(address('links') + (state.list ?? ''))} />`}
    ${Code && html`<${Code} link=${code} close=${() => showCode(null)} />`}`;
}
