import { html, useEffect, useState } from '../preact.js';
import { change, session } from '../api/client.js';
import { domainOf, editAddress, linkPath, linkState, pageAddress, shortName, urlText, webAddress } from '../model/link.js';
import { address, go, place } from '../model/place.js';
import { prefs } from '../model/store.js';
import { dayText, numberText, plural, shortNumber } from '../model/time.js';
import { Button, Empty, Icon, Loaded, Time, useData, useShared, useStore } from '../parts/basic.js';
import { Field, Select, TagInput } from '../parts/fields.js';
import { confirm, copy, CopyButton, Menu, Popover, toast, toastProblem } from '../parts/layers.js';
import { filter, Head, Pages, useBehind, useRows } from './table.js';
import { newLink, openForm, useKeys } from '../shell.js';

const states = [['', 'Any state'], ['active', 'Active'], ['scheduled', 'Scheduled'], ['ending', 'Ends within 7 days'], ['expired', 'Ended'], ['exhausted', 'Used up'], ['disabled', 'Disabled'], ['rules', 'With rules']];
const names = ['search', 'state', 'domain', 'tag', 'without', 'from', 'to'];

const isFiltered = (query) => names.some((name) => query.get(name));

/** What the address asks for, in the API's words. */
function filterOf(query) {
  return {
    searchTerm: query.get('search'), state: query.get('state'), domain: query.get('domain'),
    'tags[]': query.getAll('tag'), tagsMode: query.get('all') && 'all', 'excludeTags[]': query.getAll('without'),
    startDate: query.get('from'), endDate: query.get('to'),
  };
}

function Tags({ query }) {
  const [tags, without] = [query.getAll('tag'), query.getAll('without')];
  const field = (label, chosen, set) => html`<${Field} label=${label}>${(of) => html`<${TagInput} ...${of} tags=${chosen} set=${set} allowNew=${false} />`}<//>`;
  return html`<${Popover} wide button=${{ icon: 'tag', label: tags.length + without.length ? `Tags: ${tags.length + without.length}` : 'Tags' }}>
    ${field('With these tags', tags, (tag) => filter({ tag }))}
    ${tags.length > 1 && html`<${Select} aria-label="One or all of them" value=${query.get('all')} options=${[['', 'One of them is enough'], ['1', 'All of them']]} onChange=${(event) => filter({ all: event.target.value })} />`}
    ${field('Without these tags', without, (tag) => filter({ without: tag }))}<//>`;
}

function Made({ query }) {
  const date = (label, name) => html`<${Field} label=${label} type="date" value=${query.get(name)} onChange=${(event) => filter({ [name]: event.target.value })} />`;
  return html`<${Popover} button=${{ icon: 'clock', label: 'Dates' }}>${date('From', 'from')}${date('To', 'to')}<//>`;
}

/** The filters of the list, and those that are set as chips. */
function Filters({ query }) {
  const domains = useShared('domains')?.domains.data ?? [];
  const chip = (text, changes) => html`<span class="chip" key=${text}>${text}<button type="button" aria-label=${`Remove the filter ${text}`} onClick=${() => filter(changes)}><${Icon} name="x" /></button></span>`;
  const tags = (name) => query.getAll(name).map((tag) => chip(`${name === 'tag' ? '' : 'without '}${tag}`, { [name]: query.getAll(name).filter((other) => other !== tag) }));
  const chips = [
    query.get('search') && chip(`“${query.get('search')}”`, { search: '' }), ...tags('tag'), ...tags('without'),
    query.get('from') && chip(`from ${query.get('from')}`, { from: '' }), query.get('to') && chip(`to ${query.get('to')}`, { to: '' }),
  ].filter(Boolean);
  return html`<div class="filters">
    <${Select} aria-label="State" value=${query.get('state')} options=${states} onChange=${(event) => filter({ state: event.target.value })} />
    ${domains.length > 1 && html`<${Select} aria-label="Domain" value=${query.get('domain')} options=${[['', 'Any domain'], ...domains.map(({ domain, isDefault }) => [isDefault ? 'DEFAULT' : domain, domain])]} onChange=${(event) => filter({ domain: event.target.value })} />`}
    <${Tags} query=${query} /><${Made} query=${query} />
    ${chips.length > 0 && html`<div class="chips">${chips}</div>`}
    ${isFiltered(query) && html`<a class="clear" href=${address('links')}>Clear all</a>`}</div>`;
}

/** Changes a link, and says what it is then; `undo` takes it back. */
const act = (link, done, method, { path = '', body, undo }) => change(method, linkPath(link) + path, { query: domainOf(link), body })
  .then(() => toast(`${shortName(link)} is ${done}.`, undo && { action: 'Undo', act: undo }), toastProblem);

/** Takes a link down or up again. */
const setEnabled = (link, enabled) => act(link, enabled ? 'enabled' : 'disabled', 'PATCH', { body: { enabled }, undo: () => setEnabled(link, !enabled) });

/** Deletes a link, which can be taken back; asks first when many have followed it. */
async function remove(link) {
  const clicks = link.visitsSummary.total;
  const isSure = clicks < 1000 || await confirm({
    title: `Delete ${shortName(link)}?`, yes: 'Delete', typed: link.shortCode,
    text: `It has been followed ${plural(clicks, 'time')}. Whoever follows it afterwards is told that it is gone. For 30 days you can restore it.` });
  if (isSure) act(link, 'deleted', 'DELETE', { undo: () => act(link, 'back', 'POST', { path: '/restore' }) });
}

/** What can be done with a link, for its menu. */
export const actions = (link, may, showCode) => [
  { icon: 'qr-code', label: 'QR code', act: () => showCode(link) },
  webAddress(link.longUrl) && { icon: 'external-link', label: 'Open its target', href: link.longUrl, target: '_blank', rel: 'noopener noreferrer' },
  may.edit && { icon: 'pencil', label: 'Edit', act: () => edit(link) },
  may.edit && { icon: link.enabled ? 'power-off' : 'power', label: link.enabled ? 'Disable' : 'Enable', act: () => setEnabled(link, !link.enabled) },
  may.edit && { icon: 'trash-2', label: 'Delete', kind: 'danger', act: () => remove(link) },
];

export const edit = (link) => openForm(editAddress(link));

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
  if (useBehind(list)) return null;
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

/** A part of a file that comes when it is wanted first. */
export function usePart(name, isWanted) {
  const [parts, set] = useState({});
  useEffect(() => {
    if (isWanted && !parts[name]) import('../editor.js').then(set, toastProblem);
  }, [isWanted]);
  return isWanted && parts[name];
}

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
  const Editor = usePart('LinkEditor', panel);
  const Code = usePart('QRCode', !!code);
  const found = list.data?.shortUrls;
  useRowKeys(found, may, showCode);
  return html`<header class="heading"><h1 tabindex="-1">Links</h1><span class="soft" role="status">${found && plural(found.pagination.totalItems, 'link')}</span></header>
    ${may.read
      ? html`<${Filters} query=${query} /><${Loaded} of=${list} skeleton=${8} draw=${({ shortUrls }) => html`<${Table} list=${shortUrls} order=${order} may=${may} showCode=${showCode} query=${query} />`} />`
      : html`<${Empty} icon="eye-off" title="Your key can’t read links"><p>It has the scope <code>create-only</code>: it makes links.</p><${Button} icon="plus" kind="main" label="New link" onClick=${newLink} /><//>`}
    ${Editor && html`<${Editor} key=${path} close=${() => go(state.back ?? address('links'))} />`}
    ${Code && html`<${Code} link=${code} close=${() => showCode(null)} />`}`;
}
