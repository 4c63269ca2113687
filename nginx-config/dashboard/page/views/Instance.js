import { html, useEffect, useState } from '../preact.js';
import { ask, change, changed, findSession, session, shared, signOut } from '../api/client.js';
import { leaving } from '../model/place.js';
import { ranges } from '../model/range.js';
import { prefs, resetPrefs, setPrefs } from '../model/store.js';
import { dayText, localText, momentOf, numberText, plural, zone } from '../model/time.js';
import { Button, Loaded, Time, useData, useStore } from '../parts/basic.js';
import { Check, Field } from '../parts/fields.js';
import { confirm, CopyButton, Dialog, toast, toastProblem } from '../parts/layers.js';
import { agentText } from '../texts.js';
import { act, Form, ListPage, Table, useList } from './ListPage.js';

// MARK: Keys

/** What a key is limited to, or may beyond: its word in the API, in the form, and in the list. */
const scopes = [
  ['read-only', 'Only read', 'Read'],
  ['create-only', 'Only make links', 'Make links'],
  ['any-scheme', 'Link to mailto:, tel: and the like, too', 'Any scheme'],
  ['admin', 'Manage keys and domains', 'Manage keys and domains'],
];
const roles = [
  ['AUTHORED_SHORT_URLS', 'Only links that it made', 'Own links'],
  ['NO_ORPHAN_VISITS', 'No missing visits', 'No missing visits'],
];

const has = (key, word) => key.scopes?.includes(word) || key.roles?.some(({ role }) => role === word);
const domainOf = (key) => key.roles?.find(({ domain }) => domain)?.domain ?? '';
const domainText = (domain) => `Links of ${domain === 'DEFAULT' ? 'the default domain' : domain}`;
const rightsText = (key) => [...[...scopes, ...roles].filter(([word]) => has(key, word)).map(([, , text]) => text), ...(domainOf(key) ? [domainText(domainOf(key))] : [])].join(' · ') || 'Everything';

function KeyForm({ row, domains, show, close }) {
  const domain = domainOf(row);
  const send = async (form) => {
    const answer = await change(row.id ? 'PATCH' : 'POST', row.id ? `api-keys/${row.id}` : 'api-keys', { body: {
      name: form.get('name').trim(), scopes: form.getAll('scopes'), expiresAt: momentOf(form.get('expires')), rateLimit: Number(form.get('limit')) || null,
      roles: [...form.getAll('roles').map((role) => ({ role })), ...(form.get('domain') ? [{ role: 'DOMAIN_SPECIFIC', domain: form.get('domain') }] : [])] } });
    return () => {
      if (answer.key) return show(answer);
      toast(`${answer.name} is saved.`);
      return row.id === session.get().key.id && findSession();
    };
  };
  const checks = (name, list) => list.map(([word, label]) => html`<${Check} name=${name} value=${word} label=${label} defaultChecked=${has(row, word)} />`);
  return html`<${Form} title=${row.name ?? 'New key'} yes=${row.id ? 'Save' : 'Make the key'} close=${close} send=${send}>${(error) => html`
    <${Field} label="Name" name="name" defaultValue=${row.name} required maxlength="255" autocomplete="off" hint="Who or what uses it." error=${error('name', 'api-key-conflict')} />
    <fieldset><legend>Rights</legend><p class="soft small">With nothing ticked it may do everything; with the first two it reads and makes links.</p>${checks('scopes', scopes)}${checks('roles', roles)}</fieldset>
    <${Field} label="Domain" name="domain" value=${domain} error=${error('roles')}
      options=${[['', 'Links of all domains'], ...[...new Set([...domains, domain])].filter(Boolean).map((each) => [each, domainText(each)])]} />
    <${Field} label="Works until" name="expires" type="datetime-local" defaultValue=${localText(row.expiresAt)} hint=${`In ${zone()}. Empty: for ever.`} error=${error('expiresAt')} />
    <${Field} label="Requests a minute" name="limit" type="number" min="1" max="1000000" defaultValue=${row.rateLimit} hint="Empty: any number." error=${error('rateLimit')} />`}<//>`;
}

/** A new secret, shown this once. */
function Secret({ of: { name, key }, close }) {
  const isSure = () => confirm({ title: 'Have you stored the key?', text: 'It is shown this once.', yes: 'I have stored it', no: 'Show it again', kind: 'main' });
  const leave = async () => (await isSure()) && close();
  useEffect(() => {
    leaving.ask = isSure;
    return () => { leaving.ask = null; };
  }, []);
  return html`<${Dialog} kind="secret" title=${`The key of ${name}`} close=${leave} footer=${html`<${Button} label="I have stored it" onClick=${close} />`}>
    <p>Copy it now: it is shown this once, and only its hash is stored.</p>
    <input readonly aria-label="API key" value=${key} onFocus=${({ target }) => target.select()} /><${CopyButton} kind="main" text=${key} data-first /><//>`;
}

/** Where one's own key is signed in. */
const Sessions = () => html`<section class="group"><h2>Where your key is signed in</h2><${Loaded} of=${useData('sessions')} skeleton=${2} draw=${({ sessions }) => html`<${Table} caption="Sessions" rows=${sessions.data} name=${({ id }) => `session ${id}`} columns=${[
  ['Browser', (row) => html`<span title=${row.browser}>${agentText(row.browser ?? '')}</span>${row.current && html` <span class="chip">this one</span>`}`],
  ['Address', ({ address }) => address ?? '–'],
  ...[['Signed in', 'startedAt'], ['Last seen', 'lastSeenAt'], ['Ends', 'expires']].map(([head, key]) => [head, (row) => html`<${Time} at=${row[key]} />`]),
]} menu=${({ id, current }) => [current
  ? { icon: 'log-out', label: 'Sign out', act: () => signOut().catch(toastProblem) }
  : { icon: 'x', label: 'End it', act: () => act('It has ended.', 'DELETE', `sessions/${id}`) }]} />`} /></section>`;

/** API keys, and the sessions of one's own. */
export function Keys() {
  const { may, key: own } = session.get();
  const list = useList(may.administer && 'api-keys');
  const [edited, edit] = useState(null);
  const [secret, show] = useState(null);
  const start = (row) => shared('domains').then(({ domains }) => edit({ row, domains: domains.data.map(({ isDefault, domain }) => (isDefault ? 'DEFAULT' : domain)) }), toastProblem);
  const rotate = async ({ id, name }) => {
    const isSure = await confirm({ title: `Give ${name} a new secret?`, yes: 'Give a new one',
      text: `The present one stops working at once, and its sessions end. ${id === own.id ? 'You signed in with it: sign in again with the new one.' : ''}` });
    // The list waits until the secret is put away: one's own session has ended by then.
    if (isSure) await ask('POST', `api-keys/${id}/rotate`).then(show, toastProblem);
  };
  const remove = async ({ id, name, lastUsedAt }) => {
    const isSure = await confirm({ title: `Delete ${name}?`, text: 'Who uses this key is refused at once. Its links stay.', yes: 'Delete', typed: lastUsedAt && name });
    if (isSure) act(`${name} is deleted.`, 'DELETE', `api-keys/${id}`);
  };
  const stateOf = ({ enabled, expiresAt }) => (!enabled ? 'Disabled' : expiresAt && Date.parse(expiresAt) <= Date.now() ? 'Expired' : 'Active');
  return html`<${ListPage} title="Keys" unit="key" of=${list} pick=${({ apiKeys }) => apiKeys} name=${({ name }) => name}
      denied=${!may.administer && html`Keys with all rights, or with the scope <code>admin</code>, see and change them.`}
      main=${may.administer && html`<${Button} icon="plus" label="New key" onClick=${() => start({})} />`} columns=${[
        ['Key', (row) => html`<b><bdi>${row.name}</bdi></b>${row.id === own.id && html` <span class="chip">yours</span>`}<p class="small"><code>${row.prefix}…</code></p>`],
        ['May', (row) => html`${rightsText(row)}${row.rateLimit && html`<p class="soft small">${plural(row.rateLimit, 'request')} a minute</p>`}`, 'wide'],
        ['Last used', (row) => html`<${Time} at=${row.lastUsedAt} empty="never" /><p class="soft small">made ${dayText(row.createdAt)}</p>`],
        ['State', (row) => html`<span class=${`state ${stateOf(row) === 'Active' ? '' : 'off'}`}>${stateOf(row)}</span>${row.expiresAt && html`<p class="soft small">until ${dayText(row.expiresAt)}</p>`}`],
      ]} menu=${(row) => [
        { icon: 'pencil', label: 'Edit', act: () => start(row) },
        { icon: 'rotate-ccw', label: 'New secret', act: () => rotate(row) },
        // Who disabled or deleted the own key had no way back.
        row.id !== own.id && { icon: row.enabled ? 'power-off' : 'power', label: row.enabled ? 'Disable' : 'Enable', act: () => act(`${row.name} is ${row.enabled ? 'disabled' : 'enabled'}.`, 'PATCH', `api-keys/${row.id}`, { body: { enabled: !row.enabled } }) },
        row.id !== own.id && { icon: 'trash-2', label: 'Delete', kind: 'danger', act: () => remove(row) },
      ]} />${(list.at || list.problem || !may.administer) && html`<${Sessions} />`}
    ${edited && html`<${KeyForm} ...${edited} show=${show} close=${() => edit(null)} />`}
    ${secret && html`<${Secret} of=${secret} close=${() => { show(null); changed(); }} />`}`;
}

// MARK: Settings

/** What this browser remembers, and how the instance is set up. */
export function Settings() {
  const own = useStore(prefs);
  const { instance: { baseUrl, version, defaults, limits, features } } = useStore(session);
  const choice = (label, name, options) => html`<${Field} label=${label} value=${String(own[name])} options=${options.map((each) => [each].flat()).map(([key, word = key]) => [key, word])}
    onChange=${({ target }) => setPrefs({ [name]: name === 'rows' ? Number(target.value) : target.value })} />`;
  const check = (label, name, hint) => html`<${Check} label=${label} hint=${hint} checked=${own[name]} onChange=${({ target }) => setPrefs({ [name]: target.checked })} />`;
  const facts = [
    ['Address', baseUrl, 'BASE_URL'],
    ['Codes', defaults.codeStyle, 'CODE_STYLE'],
    ['Characters of a random code', defaults.codeLength, 'CODE_LENGTH'],
    ['Slashes in codes', features.multiSegmentSlugs, 'MULTI_SEGMENT_SLUGS'],
    ['Previews', features.previews, 'PREVIEW'],
    ['Titles from the target’s page', defaults.resolveTitles, 'AUTO_RESOLVE_TITLES'],
    ['Rules on places', features.geolocation, 'GEO_DB'],
    ['Visits without a link are counted', features.orphanVisits, 'TRACK_ORPHAN_VISITS'],
    ['POST /shorten', features.shortening, 'SHORTEN'],
    ['GET /stats', features.statistics, 'STATS'],
    ['Visits that keep a link', limits.deletionThreshold || 'any number', 'DELETE_THRESHOLD'],
    ['Version', version],
  ];
  return html`<header class="heading"><h1 tabindex="-1">Settings</h1></header>
    <section class="card group"><h2>This browser</h2><div class="fields">
      ${choice('Theme', 'theme', [['', 'The system’s'], ['light', 'Light'], ['dark', 'Dark']])}
      ${choice('Time zone', 'zone', [['', 'This computer’s'], 'UTC', ...Intl.supportedValuesOf('timeZone')])}
      ${choice('Range of charts', 'range', ranges)}${choice('Rows of a page', 'rows', ['20', '50', '100'])}
      ${check('Count bots', 'bots')}${check('Single keys work', 'shortcuts', 'Press ? for their list.')}</div>
      <${Button} icon="rotate-ccw" label="Reset" onClick=${() => { resetPrefs(); toast('All is as at first.'); }} /></section>
    <section class="card group"><h2>This instance</h2><p class="soft small">Set on the server, by these variables.</p>
      <dl class="facts">${facts.map(([name, value, variable]) => html`<div><dt>${name}</dt><dd>${{ true: 'yes', false: 'no' }[value] ?? value}</dd><dd>${variable && html`<code>${variable}</code>`}</dd></div>`)}</dl></section>`;
}

// MARK: Health

const stores = { postgres: 'PostgreSQL', redis: 'Redis', rabbitmq: 'RabbitMQ', clickhouse: 'ClickHouse' };
const ago = (seconds) => (seconds == null ? '–' : `${numberText(Math.round(seconds * 10) / 10)} s`);
const Fact = ({ name, isBad, children }) => html`<div><dt>${name}</dt><dd><span class=${`state ${isBad ? 'bad' : ''}`}>${children}</span></dd></div>`;

/** Engines and programs that answer, and the way of clicks; read again while somebody looks. */
export function Health() {
  const status = useData('status');
  // The pool of numbers tells of ClickHouse; where it can't serve, it says so by a refusal.
  const stats = useData('../../stats/health');
  const isAway = stats.problem?.status >= 500;
  const clickhouse = isAway ? { error: 'its pool doesn’t answer', ...stats.problem.body.dependencies?.clickhouse } : stats.data?.dependencies.clickhouse;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || status.retry() || stats.retry(), 5000);
    return () => clearInterval(timer);
  }, [status.retry]);
  const remarksOf = ({ remarks = [] }) => (isAway ? ['Numbers can’t be shown now. Redirects don’t need them, and clicks are kept.', ...remarks] : remarks);
  const draw = ({ version, health, journal, queue, consumer, changes, programs }) => html`
    ${remarksOf(health)[0] && html`<div class="trouble"><ul>${remarksOf(health).map((remark) => html`<li>${remark}</li>`)}</ul></div>`}
    <section class="card group"><h2>What answers</h2><dl class="facts">${Object.entries({ ...(clickhouse && { clickhouse }), ...health.dependencies }).map(([name, { state, latency_ms: latency, error }]) => html`
      <${Fact} name=${stores[name] ?? name} isBad=${state !== 'up'}>${state === 'up' ? `answers within ${numberText(latency)} ms` : `away: ${error ?? 'no answer'}`}<//>`)}</dl></section>
    <section class="card group"><h2>The way of clicks</h2><dl class="facts">
      <${Fact} name="Journals of this host" isBad=${journal?.droppedClicks > 0}>${journal ? `${plural(journal.unconfirmedBytes, 'byte')} to pass on${journal.oldestSeconds == null ? '' : `, the oldest for ${ago(journal.oldestSeconds)}`}, ${plural(journal.droppedClicks, 'click')} dropped` : 'unknown'}<//>
      <${Fact} name="Queue" isBad=${!queue?.relayConnected}>${queue ? `${plural(queue.messages ?? 0, 'message')}, ${plural(queue.consumers ?? 0, 'consumer')}` : 'unknown'}<//>
      <${Fact} name="Dead letters" isBad=${queue?.deadLetters > 0}>${numberText(queue?.deadLetters ?? 0)}<//>
      <${Fact} name="Stored" isBad=${consumer?.refused || !consumer?.connected}>${consumer ? `${plural(consumer.storedClicks ?? 0, 'click')}, behind by ${ago(consumer.unstoredSeconds)}` : 'unknown'}<//>
      <${Fact} name="Last stored click"><${Time} at=${consumer?.lastStored} /><//>
      <${Fact} name="Changes of links" isBad=${changes?.dueSeconds > 5}>${changes ? `${numberText(changes.due ?? 0)} to announce` : 'unknown'}<//></dl></section>
    <section class="card group"><h2>Programs</h2><dl class="facts"><div><dt>Version</dt><dd>${version}</dd></div>${Object.entries(programs).map(([name, { processes, oldestStart }]) => html`
      <${Fact} name=${name} isBad=${!processes}>${plural(processes ?? 0, 'process', 'processes')}${oldestStart && html`, since ${dayText(oldestStart)}`}<//>`)}</dl></section>`;
  return html`<header class="heading"><h1 tabindex="-1">Health</h1><span class="soft" role="status">${status.data && `${isAway && status.data.health.status === 'ok' ? 'degraded' : status.data.health.status}, read again every 5 s`}</span></header>
    <div class="health"><${Loaded} of=${status} draw=${draw} /></div>`;
}
