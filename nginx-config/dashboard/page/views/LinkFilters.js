import { html, useEffect, useState } from '../preact.js';
import { shared } from '../api/client.js';
import { address, setQuery } from '../model/place.js';
import { Icon } from '../parts/basic.js';
import { Select, TagInput } from '../parts/fields.js';
import { Popover } from '../parts/layers.js';

const states = [['', 'Any state'], ['active', 'Active'], ['scheduled', 'Scheduled'], ['expired', 'Ended'], ['exhausted', 'Used up'], ['disabled', 'Disabled'], ['rules', 'With rules']];
const names = ['search', 'state', 'domain', 'tag', 'without', 'from', 'to'];

export const isFiltered = (query) => names.some((name) => query.get(name));

/** What the address asks for, in the API's words. */
export function filterOf(query) {
  return {
    searchTerm: query.get('search'), state: query.get('state'), domain: query.get('domain'),
    'tags[]': query.getAll('tag'), tagsMode: query.get('all') && 'all', 'excludeTags[]': query.getAll('without'),
    startDate: query.get('from'), endDate: query.get('to'),
  };
}

const first = { page: '', cursor: '' };
const filter = (changes) => setQuery({ ...changes, ...first });

function Tags({ query }) {
  const [tags, without] = [query.getAll('tag'), query.getAll('without')];
  const field = (label, id, chosen, set) => html`<div class="field"><label for=${id}>${label}</label><${TagInput} id=${id} tags=${chosen} set=${set} allowNew=${false} /></div>`;
  return html`<${Popover} wide button=${{ icon: 'tag', label: tags.length + without.length ? `Tags: ${tags.length + without.length}` : 'Tags' }}>
    ${field('With these tags', 'with-tags', tags, (tag) => filter({ tag }))}
    ${tags.length > 1 && html`<${Select} aria-label="One or all of them" value=${query.get('all')} options=${[['', 'One of them is enough'], ['1', 'All of them']]} onChange=${(event) => filter({ all: event.target.value })} />`}
    ${field('Without these tags', 'without-tags', without, (tag) => filter({ without: tag }))}<//>`;
}

function Made({ query }) {
  const date = (label, name) => html`<label class="field"><span>${label}</span><input type="date" value=${query.get(name)} onChange=${(event) => filter({ [name]: event.target.value })} /></label>`;
  return html`<${Popover} button=${{ icon: 'clock', label: 'Dates' }}>${date('From', 'from')}${date('To', 'to')}<//>`;
}

/** The filters of the list, and those that are set as chips. */
export function Filters({ query }) {
  const [domains, setDomains] = useState([]);
  useEffect(() => {
    shared('domains').then((answer) => setDomains(answer.domains.data), () => {});
  }, []);
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
