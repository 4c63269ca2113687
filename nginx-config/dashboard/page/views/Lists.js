import { html, useState } from '../preact.js';
import { change, Problem, session } from '../api/client.js';
import { urlText } from '../model/link.js';
import { address, go, place } from '../model/place.js';
import { prefs } from '../model/store.js';
import { numberText, plural, shortNumber } from '../model/time.js';
import { Button, Empty, Time, useData, useStore } from '../parts/basic.js';
import { Check, Field } from '../parts/fields.js';
import { confirm, toast, toastProblem } from '../parts/layers.js';
import { act, Choice, Form, ListPage, Search, useList } from './ListPage.js';
import { filter } from './table.js';

/** The way to the clicks of something. */
const clicksOf = (of) => ({ icon: 'chart-line', label: 'Its clicks', href: address('analytics', { of }) });
const onlyMakes = 'It only makes links.';
const visitsOf = (people, bots) => html`<span title=${`${numberText(people)} by people, ${numberText(bots)} by bots`}>${shortNumber(people)}</span>`;

// MARK: Tags

async function removeTag({ tag, shortUrlsCount }) {
  const isSure = await confirm({ title: `Delete the tag ${tag}?`, text: `It is taken off ${plural(shortUrlsCount, 'link')}. The links stay.`, yes: 'Delete' });
  if (isSure) act(`${tag} is deleted.`, 'DELETE', 'tags', { query: { 'tags[]': tag } });
}

const Rename = ({ tag, close }) => html`<${Form} title=${`Rename ${tag}`} yes="Rename" close=${close} send=${async (form) => {
  await change('PUT', 'tags', { body: { oldName: tag, newName: form.get('name') } });
  return () => toast(`${tag} is renamed.`);
}}>${(error) => html`<${Field} label="Name" name="name" defaultValue=${tag} required maxlength="255" autocomplete="off" hint="All its links have the new name." error=${error('newName', 'tag-conflict')} />`}<//>`;

/** All tags, with their links and clicks. */
export function Tags() {
  const { query } = place.get();
  const { may, key } = session.get();
  const [renamed, rename] = useState(null);
  const order = query.get('sort') ?? 'tag-ASC';
  const list = useList(may.read && 'tags/stats', { searchTerm: query.get('search'), orderBy: order });
  // Tags belong to all links, so keys that see some of them change none.
  const mayEdit = may.edit && key.roles.every(({ role }) => role === 'NO_ORPHAN_VISITS');
  const links = ({ tag }) => address('links', { tag });
  return html`<${ListPage} title="Tags" unit="tag" of=${list} pick=${({ tags }) => tags} name=${({ tag }) => tag} order=${order} denied=${!may.read && onlyMakes}
      filters=${html`<${Search} label="Search tags" />`} columns=${[
        ['Tag', (row) => html`<a class="chip" href=${links(row)}><bdi>${row.tag}</bdi></a>`, '', 'tag'],
        ['Links', (row) => numberText(row.shortUrlsCount), 'number', 'shortUrlsCount'],
        ['Clicks', ({ visitsSummary: { nonBots, bots } }) => visitsOf(nonBots, bots), 'number', 'nonBotVisits'],
      ]} menu=${(row) => [
        { icon: 'link', label: 'Its links', href: links(row) },
        clicksOf(`tag:${row.tag}`),
        mayEdit && { icon: 'pencil', label: 'Rename', act: () => rename(row) },
        mayEdit && { icon: 'trash-2', label: 'Delete', kind: 'danger', act: () => removeTag(row) },
      ]} empty=${html`<${Empty} icon="tags" title="No tags yet"><p>Give links tags to find and count them together.</p><a class="button" href=${address('links')}>To the links</a><//>`} />
    ${renamed && html`<${Rename} tag=${renamed.tag} close=${() => rename(null)} />`}`;
}

// MARK: Domains

/** The redirects of visits without a link, and a path that is one. */
const redirects = [
  ['baseUrlRedirect', 'Front page', 'The domain without a path.', '/'],
  ['invalidShortUrlRedirect', 'Unknown links', 'A name that no link has.', '/old-offer'],
  ['regular404Redirect', 'Other paths', 'A path that no link can have.', '/a/b'],
];

/** Where a redirect leads a visitor of a path. */
function example(url, domain, path) {
  const fill = (text, form) => text.replaceAll('{DOMAIN}', form(domain)).replaceAll('{ORIGINAL_PATH}', form(path));
  const [before, ...query] = url.split(/(?=[?#])/);
  return fill(before, String).replace(/([^:/])\/\/+/g, '$1/') + fill(query.join(''), encodeURIComponent);
}

function Redirect({ hint, path, domain, ...field }) {
  const [url, setUrl] = useState(field.defaultValue ?? '');
  return html`<${Field} type="url" maxlength="1024" placeholder="https://" autocomplete="off" ...${field} onInput=${({ target }) => setUrl(target.value)}
    hint=${url.includes('{') ? `${domain}${path} leads to ${example(url, domain, path)}` : hint} />`;
}

/** The redirects of a domain, or of a new one. */
function Redirects({ row, close }) {
  const [name, setName] = useState(row.domain ?? '');
  const send = async (form) => {
    const body = { domain: name.trim() };
    for (const [key] of redirects) body[key] = form.get(key).trim() || null;
    if (!row.domain && redirects.every(([key]) => !body[key])) {
      throw new Problem(400, { detail: 'Name one: a domain is listed once it has a redirect or a link.', invalidElements: ['baseUrlRedirect'] });
    }
    await change('PATCH', 'domains/redirects', { body });
    return () => toast(`${body.domain} is saved.`);
  };
  return html`<${Form} title=${row.domain ?? 'Add a domain'} yes="Save" close=${close} send=${send}>${(error) => html`
    ${!row.domain && html`<${Field} label="Domain" required maxlength="259" placeholder="go.example.org" autocomplete="off" autocapitalize="off"
      hint="Its DNS and its certificate must lead to this server." value=${name} onInput=${({ target }) => setName(target.value)} error=${error('domain')} />`}
    <p class="soft small">Where visitors without a link go. <code>{DOMAIN}</code> and <code>{ORIGINAL_PATH}</code> stand for what they visited.</p>
    ${redirects.map(([key, label, hint, path]) => html`<${Redirect} name=${key} label=${label} hint=${hint} path=${path} domain=${name} defaultValue=${row.redirects?.[key]} error=${error(key)} />`)}`}<//>`;
}

/** Deletes a domain; the server refuses one that links or keys need. */
async function removeDomain({ domain }) {
  const isSure = await confirm({ title: `Remove ${domain}?`, text: 'Its redirects end, and others can have it.', yes: 'Remove' });
  if (isSure) act(`${domain} is removed.`, 'DELETE', `domains/${encodeURIComponent(domain)}`);
}

/** The domains of links, and where each sends visitors without a link. */
export function Domains() {
  const { may } = session.get();
  const { rows } = useStore(prefs);
  const list = useData(may.read && 'domains');
  const [edited, edit] = useState(null);
  const currentPage = Number(place.get().query.get('page')) || 1;
  // The API gives all of them at once.
  const pick = ({ domains: { data: all } }) => {
    const data = all.slice((currentPage - 1) * rows, currentPage * rows);
    return { data, pagination: { currentPage, itemsPerPage: rows, itemsInCurrentPage: data.length, totalItems: all.length } };
  };
  const key = ({ isDefault, domain }) => (isDefault ? 'DEFAULT' : domain);
  const links = (row) => address('links', { domain: key(row) });
  return html`<${ListPage} title="Domains" unit="domain" of=${list} pick=${pick} name=${({ domain }) => domain} denied=${!may.read && onlyMakes}
      main=${may.administer && html`<${Button} icon="plus" label="Add a domain" onClick=${() => edit({})} />`} columns=${[
        ['Domain', (row) => html`<a href=${links(row)}>${row.domain}</a>${row.isDefault && html` <span class="chip">default</span>`}`],
        ...redirects.map(([name, head]) => [head, ({ redirects: { [name]: url } }) => html`<span title=${url}>${url ? urlText(url, 44) : '–'}</span>`, 'wide']),
      ]} menu=${(row) => [
        { icon: 'link', label: 'Its links', href: links(row) },
        clicksOf(`domain:${key(row)}`),
        may.administer && { icon: 'route', label: 'Redirects', act: () => edit(row) },
        may.administer && !row.isDefault && { icon: 'trash-2', label: 'Remove', kind: 'danger', act: () => removeDomain(row) },
      ]} />
    ${edited && html`<${Redirects} row=${edited} close=${() => edit(null)} />`}`;
}

// MARK: Missing

const kinds = { invalid_short_url: 'Unknown link', base_url: 'Front page', regular_404: 'Other path' };

/** The slug that makes a link of a path; empty where none can. */
function slugOf({ path, type }, { multiSegmentSlugs }) {
  if (type !== 'invalid_short_url' && !(multiSegmentSlugs && type === 'regular_404')) return '';
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return '';
  }
}

async function removeMissing(total) {
  const isSure = await confirm({ title: 'Delete all missing visits?', yes: 'Delete', typed: String(total), text: 'All kinds of them, bots’ too. They can’t be restored.' });
  if (!isSure) return;
  await change('DELETE', 'visits/orphan').then(({ deletedVisits }) => (deletedVisits
    ? toast(`${plural(deletedVisits, 'visit')} deleted.`)
    : toast('None is deleted: your key doesn’t see those of all domains.', { kind: 'bad' })), toastProblem);
}

/** Visits that met no link, by path: what people look for in vain. */
export function Missing() {
  const { query } = place.get();
  const { may, instance: { features } } = session.get();
  const bots = query.has('bots') ? query.get('bots') === '1' : prefs.get().bots;
  const mayRead = may.read && may.orphanVisits;
  const list = useList(mayRead && 'visits/orphan/paths', { type: query.get('kind'), excludeBots: !bots && 'true' });
  const total = useData(mayRead && 'visits').data?.visits.orphanVisits.total;
  const name = ({ path, domain }) => (domain ?? '') + (path || '/');
  return html`<${ListPage} title="Missing" unit="missing path" of=${list} pick=${({ paths }) => paths} name=${name}
    denied=${!mayRead && (may.read ? html`It has the role <code>NO_ORPHAN_VISITS</code>.` : onlyMakes)}
    main=${may.edit && total > 0 && html`<${Button} icon="trash-2" label="Delete all" onClick=${() => removeMissing(total)} />`}
    filters=${html`<${Choice} label="Kind" name="kind" options=${[['', 'Any kind'], ...Object.entries(kinds)]} />
      <${Check} label="With bots" checked=${bots} onChange=${({ target }) => filter({ bots: target.checked ? '1' : '0' })} />`} columns=${[
      ['Path', (row) => html`<code><bdi>${name(row)}</bdi></code>`],
      ['Kind', ({ type }) => kinds[type]],
      ['Visits', ({ visits, bots: programs }) => html`<span title=${`${numberText(programs)} of them by bots`}>${shortNumber(visits)}</span>`, 'number'],
      ['Last', ({ lastVisit }) => html`<${Time} at=${lastVisit} />`],
    ]} menu=${(row) => {
      const slug = slugOf(row, features);
      return [may.create && slug && { icon: 'plus', label: 'Make a link of it', act: () => go(address('links/new', { slug, domain: row.domain }), { state: { list: '' } }) }];
    }} empty=${html`<${Empty} icon="unlink" title="Nothing is missing"><p>Visits that meet no link are shown here: mistyped, ended and guessed ones.</p><//>`} />`;
}
