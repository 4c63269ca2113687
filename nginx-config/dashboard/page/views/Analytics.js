import { html, useEffect, useState } from '../preact.js';
import { session } from '../api/client.js';
import { Bars, Grid, Key, TimeChart } from '../charts/charts.js';
import { domainOf, linkPath, pageAddress, shortName, urlText, webAddress } from '../model/link.js';
import { address, go, place, setQuery } from '../model/place.js';
import { aligned, fromFirst, linkWord, scopeOf } from '../model/range.js';
import { numberText, plural } from '../model/time.js';
import { Button, Empty, Icon, Loaded, Time, Trouble, useData, useShared, useStore } from '../parts/basic.js';
import { Check, Select } from '../parts/fields.js';
import { CopyButton, Dialog, Menu, useID } from '../parts/layers.js';
import { agentText } from '../texts.js';
import { actions, edit, StateMark, usePart } from './Links.js';
import { Controls, reportQuery, Tiles, TotalChart, totalTiles, useLive, useReport, useView } from './Report.js';

/** Rows of the hosts that clicks came from, with those that have none. */
function sources({ rows, direct, other }, bots) {
  const count = (row) => row.clicks + (bots ? row.bots : 0);
  return [...rows.map((row) => ({ key: row.key, label: row.key, count: count(row) })), { key: ' direct', label: 'Direct or unknown', count: count(direct) }]
    .filter((row) => row.count).sort((a, b) => b.count - a.count)
    .concat(count(other) ? { key: ' other', label: 'Others', count: count(other), rest: true } : []);
}

function Sources({ query, view, close }) {
  const all = useData('analytics', { ...query, limit: 1000, series: '', compare: '' });
  return html`<${Dialog} title="Where clicks came from" close=${close}><${Loaded} of=${all} draw=${({ data: [{ breakdowns: { referrer }, total }] }) => html`<${Bars} name="Where clicks came from" head="Host" whole=${total.clicks + (view.bots ? total.bots : 0)} rows=${sources(referrer, view.bots)} />`} /><//>`;
}

function From({ referer }) {
  if (!referer) return html`<span class="soft">Direct</span>`;
  const text = referer.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
  return webAddress(referer) ? html`<a href=${referer} target="_blank" rel="noopener noreferrer" title=${referer}>${text}</a>` : text;
}

/** Single clicks, newest first; the cursor in the address says from where on. */
function Log({ scope, view, log }) {
  const cut = scope.kind === 'link' ? 0 : 1;
  const row = (visit) => [
    visit.id, html`<${Time} at=${visit.date} />`,
    ...(cut ? [visit.type ? visit.visitedUrl : html`<a href=${pageAddress(visit)}>${visit.domain}/${visit.shortCode}</a>`] : []), html`<${From} referer=${visit.referer} />`,
    { title: visit.userAgent, text: html`${agentText(visit.userAgent, visit.potentialBot)}${visit.potentialBot && html` <span class="chip">bot</span>`}` },
    { title: visit.redirectUrl, text: visit.redirectUrl ? urlText(visit.redirectUrl, 48) : '–' },
  ];
  const newest = view.cursor && html`<${Button} label="Newest" onClick=${() => setQuery({ cursor: '' })} />`;
  return html`<section class="card log"><h2>Clicks</h2><${Loaded} of=${log} draw=${({ visits: { data, pagination } }) => (data.length
    ? html`<${Grid} name="Clicks one by one, newest first" head=${['When', ...(cut ? ['Link'] : []), 'From', 'Program', 'Led to']} rows=${data.map(row)} words=${[1, 2, 3, 4]} />
      <nav class="pages" aria-label="Pages of the clicks"><span>${numberText(pagination.totalItems)} in this range</span>${newest}
        <${Button} label="Older" icon="chevron-right" disabled=${!pagination.nextCursor} onClick=${() => setQuery({ cursor: pagination.nextCursor })} /></nav>`
    : html`<p class="soft">No clicks in this range.</p>`)} />${log.problem && newest}</section>`;
}

/** All that is told of one scope: figures, chart, referrers and single clicks, live while the range goes on. */
export function Report({ scope }) {
  const view = useView();
  const [showsAll, showAll] = useState(false);
  const query = reportQuery(view, { ...scope.asked, breakdowns: 'referrer', limit: 9 });
  const report = useReport(query);
  const log = useData(scope.visits, { ...scope.listed, ...view.listed, excludeBots: view.bots ? '' : 'true', itemsPerPage: 50, cursor: view.cursor });
  const live = useLive(scope, view.isLive, () => {
    if (!report.busy) report.retry();
    if (!view.cursor && !log.busy) log.retry();
  });
  return html`<${Controls} view=${view} report=${report} live=${live} />
    <div class=${`report ${view.isLive ? 'quiet' : ''}`}><${Loaded} of=${report} skeleton=${9} draw=${(data) => {
      const [{ total, breakdowns: { referrer } }] = data.data;
      const rows = sources(referrer, view.bots);
      return html`<${Tiles} items=${totalTiles(data.data[0], view)} />
        <section class="card"><h2 class="hidden">Clicks over time</h2><${TotalChart} report=${data} view=${view} /></section>
        <section class="card"><h2>Where clicks came from</h2>${rows.length ? html`<${Bars} name="Where clicks came from" head="Host" rows=${rows} whole=${total.clicks + (view.bots ? total.bots : 0)} />` : html`<p class="soft">No clicks in this range. ${view.word !== 'all' && html`<button type="button" class="link" onClick=${() => setQuery({ range: 'all', from: '', to: '', by: '' })}>Look at all time</button>`}</p>`}
          ${referrer.distinct > 9 && html`<${Button} label=${`All ${plural(referrer.distinct, 'host')}`} onClick=${() => showAll(true)} />`}</section>`;
    }} /></div>
    <div class=${view.isLive ? 'quiet' : ''}><${Log} scope=${scope} view=${view} log=${log} /></div>
    ${showsAll && html`<${Sources} query=${query} view=${view} close=${() => showAll(false)} />`}`;
}

/** Names of the scopes that there are: everything, domains, and the tags with the most clicks. */
function useScopes(word) {
  const { may } = useStore(session);
  const domains = useShared('domains')?.domains.data ?? [];
  const tags = useShared('tags/stats', { orderBy: 'visits-DESC', itemsPerPage: 100 })?.tags.data ?? [];
  const all = [
    ['all', 'Everything'], ...(may.orphanVisits ? [['orphan', 'Without a link']] : []),
    ...(domains.length > 1 ? domains.map(({ domain, isDefault }) => [`domain:${isDefault ? 'DEFAULT' : domain}`, `Domain ${domain}`]) : []),
    ...tags.map(({ tag }) => [`tag:${tag}`, `Tag ${tag}`]),
  ];
  return all.some(([key]) => key === word) ? all : [...all, [word, scopeOf(word).name]];
}

/** The report of everything, a domain, a tag, or what met no link. */
export default function Analytics() {
  const { query } = useStore(place);
  const scope = scopeOf(query.get('of') ?? 'all');
  const scopes = useScopes(scope.word);
  return html`<header class="heading"><h1 tabindex="-1">Analytics</h1><${Select} aria-label="Clicks of" value=${scope.word} options=${scopes} onChange=${({ target }) => setQuery({ of: target.value === 'all' ? '' : target.value, cursor: '' })} />
      <a class="button" href=${address('compare', { of: scope.kind === 'all' ? [] : scope.word, range: query.get('range') })}><${Icon} name="git-compare" />Compare</a></header>
    <${Report} key=${scope.word} scope=${scope} />`;
}

/** A link: what it is and does now, and its clicks. */
export function Link() {
  const { path, query } = useStore(place);
  const { may } = useStore(session);
  const named = { shortCode: decodeURIComponent(path.slice('links/'.length)), domain: query.get('domain') };
  const { data: link, problem, retry } = useData(linkPath(named), domainOf(named));
  const [code, showCode] = useState(null);
  const Code = usePart('QRCode', !!code);
  const scope = scopeOf(linkWord(named));
  const name = link ? shortName(link) : `${named.domain ?? location.host}/${named.shortCode}`;
  useEffect(() => {
    document.title = `${name} · Swiftlet`;
  }, [name, !!link]);
  if (problem?.status === 404) {
    return html`<header class="heading"><h1 tabindex="-1">No link ${name}</h1></header><${Trouble} problem=${problem} />
      <div class="controls">${may.create && html`<${Button} kind="main" icon="plus" label="Make it" onClick=${() => go(address('links/new', { slug: named.shortCode, ...domainOf(named) }))} />`} <a class="button" href=${address('links')}>All links</a></div>`;
  }
  return html`<header class="heading link"><h1 tabindex="-1">${name}</h1>${link && html`<${StateMark} link=${link} />
      <span class="acts"><${CopyButton} label="Copy" text=${link.shortUrl} /><${Button} icon="qr-code" label="QR code" onClick=${() => showCode(link)} />
      ${may.edit && html`<${Button} icon="pencil" label="Edit" onClick=${() => edit(link)} />`}
      <a class="button" href=${address('compare', { of: scope.word })}><${Icon} name="git-compare" />Compare</a>
      <${Menu} bare icon="ellipsis" label="More actions" items=${actions(link, may, showCode).slice(1)} /></span>`}</header>
    ${problem && html`<${Trouble} problem=${problem} retry=${retry} />`}
    <p class="target">${link && html`${link.title && html`<b>${link.title}</b> `}${webAddress(link.longUrl) ? html`<a href=${link.longUrl} target="_blank" rel="noopener noreferrer" title=${link.longUrl}>${urlText(link.longUrl)}</a>` : link.longUrl}
      ${link.tags.map((tag) => html` <a class="chip" key=${tag} href=${address('links', { tag })}>${tag}</a>`)}`}</p>
    <${Report} key=${scope.word} scope=${scope} />
    ${Code && html`<${Code} link=${code} close=${() => showCode(null)} />`}`;
}

const limit = 6;
const kinds = [['link', 'Link'], ['tag', 'Tag'], ['domain', 'Domain']];
const lists = {
  link: ['short-urls', ({ shortUrls }) => shortUrls?.data.map(shortName)],
  tag: ['tags', ({ tags }) => tags?.data],
  domain: ['domains', ({ domains }) => domains?.data.map(({ domain }) => domain)],
};

/** The word for what somebody typed: a link by its short URL or code, a tag or a domain. */
export function wordOf(kind, text, defaultDomain) {
  const name = text.trim().replace(/^https?:\/\//, '');
  if (kind === 'domain') return `domain:${name === defaultDomain ? 'DEFAULT' : name}`;
  if (kind === 'tag') return `tag:${text.trim()}`;
  const [, host, code] = /^([^/]+)\/(.+)$/.exec(name) ?? [null, null, name];
  return linkWord({ shortCode: code.replace(/^\//, ''), domain: host === defaultDomain ? null : host });
}

function Adder({ words }) {
  const { instance } = useStore(session);
  const [kind, setKind] = useState('link');
  const [text, setText] = useState('');
  const id = useID();
  const [path, names] = lists[kind];
  const sought = text.trim().split('/').pop();
  const found = useData(kind === 'domain' || sought.length > 1 ? path : null, kind === 'domain' ? {} : { searchTerm: sought, itemsPerPage: 10 });
  const add = (event) => {
    event.preventDefault();
    const word = wordOf(kind, text, instance.defaultDomain);
    if (text.trim() && !words.includes(word)) setQuery({ of: [...words, word] });
    setText('');
  };
  return html`<form class="adder" onSubmit=${add}><${Select} aria-label="Kind" value=${kind} options=${kinds} onChange=${(event) => setKind(event.target.value)} />
    <input aria-label="What to compare" placeholder=${kind === 'link' ? 'Code or short URL' : `Name of the ${kind}`} list=${id} value=${text} onInput=${(event) => setText(event.target.value)} autocomplete="off" maxlength="500" />
    <datalist id=${id}>${names(found.data ?? {})?.map((name) => html`<option key=${name} value=${name} />`)}</datalist>
    <${Button} type="submit" icon="plus" label="Add" /></form>`;
}

function Lines({ scopes, items, size, isFromFirst }) {
  const { starts, values } = aligned(items.map(({ series }) => series), size);
  const rows = isFromFirst ? fromFirst(values) : values;
  const lines = scopes.map(({ name }, index) => ({ name, kind: `s${index + 1}`, values: rows[index] }));
  const word = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' }[size] ?? 'Part';
  return html`<${TimeChart} name="Clicks" size=${size} starts=${isFromFirst ? rows[0].map((_, index) => index) : starts} lines=${lines}
    ...${isFromFirst && { label: (index) => `${word} ${index + 1}`, tick: (index) => index + 1 }} />`;
}

/** Up to six links, tags or domains beside each other. */
export function Compare() {
  const { query } = useStore(place);
  const view = useView();
  const words = query.getAll('of').slice(0, limit);
  const scopes = words.map(scopeOf);
  // Of all time each has a range of its own, so months are what they share.
  const asked = reportQuery({ ...view, compares: false }, view.word === 'all' && !view.by && { bucket: 'month' });
  const all = Array.from({ length: limit }, (_, index) => useData(scopes[index] && 'analytics', { ...asked, ...scopes[index]?.asked })).slice(0, words.length);
  // An answer to the question before is another one's.
  const items = all.map(({ data }, index) => data?.data.find(({ scope }) => ['shortCode', 'domain', 'tag', 'orphan'].every((name) => (scope[name] ?? undefined) === scopes[index].asked[name])));
  const isFromFirst = query.get('align') === 'first';
  const report = {
    ...all[0], problem: all.find(({ problem }) => problem)?.problem, busy: all.some(({ busy }) => busy), slow: all.some(({ slow }) => slow),
    data: items.every(Boolean) && all[0]?.data, retry: () => all.forEach(({ retry }) => retry()), cancel: () => all.forEach(({ cancel }) => cancel?.()),
  };
  return html`<header class="heading"><h1 tabindex="-1">Compare</h1><span /></header>
    <div class="compared">${scopes.map(({ word, name }, index) => html`<span class="chip" key=${word}><${Key} kind=${`s${index + 1}`} />${name}<button type="button" aria-label=${`Remove ${name}`} onClick=${() => setQuery({ of: words.filter((other) => other !== word) })}><${Icon} name="x" /></button></span>`)}
      ${words.length < limit ? html`<${Adder} words=${words} />` : html`<span class="soft">Six at most</span>`}</div>
    ${words.length
      ? html`<${Controls} view=${view} report=${report} hasBots=${false} /><${Check} label="Each from its first day" checked=${isFromFirst} onChange=${() => setQuery({ align: isFromFirst ? '' : 'first' })} />
        <div class="report"><${Loaded} of=${report} draw=${({ range }) => html`<section class="card"><h2 class="hidden">Clicks over time</h2><${Lines} scopes=${scopes} items=${items} size=${range.bucket} isFromFirst=${isFromFirst} /></section>
          <section class="card"><h2>Totals</h2><${Grid} name="Totals" head=${['Name', 'Clicks', 'Visitors', 'Bots', 'Last click']} words=${[4]} rows=${items.map(({ total }, index) => [
            words[index], html`<${Key} kind=${`s${index + 1}`} />${scopes[index].name}`, numberText(total.clicks), total.visitors === null ? '–' : numberText(total.visitors), numberText(total.bots), html`<${Time} at=${total.lastClick} />`])} /></section>`} /></div>`
      : html`<${Empty} icon="git-compare" title="Nothing to compare yet"><p>Add up to six links, tags or domains above.</p><//>`}`;
}
