import { html, useEffect, useState } from '../preact.js';
import { change, session } from '../api/client.js';
import { domainOf, editAddress, linkPath, linkState, pageAddress, shortName, urlText, webAddress } from '../model/link.js';
import { address, go, place } from '../model/place.js';
import { prefs } from '../model/store.js';
import { dayText, numberText, plural, shortNumber } from '../model/time.js';
import { Button, Empty, Loaded, Time, useData, useStore } from '../parts/basic.js';
import { confirm, copy, CopyButton, Menu, toast, toastProblem } from '../parts/layers.js';
import { Head, Pages, useRows } from '../parts/table.js';
import { newLink, useKeys } from '../shell.js';
import { Filters, filterOf, isFiltered } from './LinkFilters.js';

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

const columns = [['shortCode', 'Link'], ['', 'Tags'], ['nonBotVisits', 'Clicks', 'number'], ['dateCreated', 'Made'], ['', 'State'], []];

function Table({ list, order, may, showCode, query }) {
  if (!list.data.length) {
    return isFiltered(query)
      ? html`<${Empty} icon="search" title="No link matches"><p>Try other words or fewer filters.</p><a class="button" href=${address('links')}>Clear all filters</a><//>`
      : html`<${Empty} icon="link" title="No links yet"><p>Paste a long URL and get a short one.</p>${may.create && html`<${Button} icon="plus" kind="main" label="Make the first link" onClick=${newLink} />`}<//>`;
  }
  return html`<div class="table"><table class="links"><caption class="hidden">Links</caption><${Head} columns=${columns} order=${order} />
    <tbody>${list.data.map((link) => html`<${Row} key=${link.id} link=${link} may=${may} showCode=${showCode} />`)}</tbody></table></div>
    <${Pages} pagination=${list.pagination} />`;
}

/** The keys for the row that has the focus. */
function useRowKeys(list, may, showCode) {
  const at = useRows();
  const one = (act) => () => list?.data[at()] && act(list.data[at()]);
  useKeys({
    y: ['Copy the row’s short URL', one(async (link) => { await copy(link.shortUrl); toast(`${shortName(link)} is copied.`); })],
    q: ['QR code of the row', one(showCode)],
    ...(may.edit && { e: ['Edit the row', one(edit)], Delete: ['Delete the row', one(remove)] }),
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
      ? html`<${Filters} query=${query} /><${Loaded} of=${list} skeleton=${8} draw=${({ shortUrls }) => html`<${Table} list=${shortUrls} order=${order} may=${may} showCode=${showCode} query=${query} />`} />`
      : html`<${Empty} icon="eye-off" title="Your key can’t read links"><p>It has the scope <code>create-only</code>: it makes links.</p><${Button} icon="plus" kind="main" label="New link" onClick=${newLink} /><//>`}
    ${Editor && html`<${Editor} key=${path} close=${() => go(address('links') + (state.list ?? ''))} />`}
    ${Code && html`<${Code} link=${code} close=${() => showCode(null)} />`}`;
}
