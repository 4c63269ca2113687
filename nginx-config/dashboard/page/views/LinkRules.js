import { html, useState } from '../preact.js';
import { ask, session } from '../api/client.js';
import { domainOf, linkPath } from '../model/link.js';
import { localText, momentOf } from '../model/time.js';
import { Button, Icon, Trouble } from '../parts/basic.js';
import { Field, Select } from '../parts/fields.js';

const words = (text) => text.split(', ').map((word) => [word.toLowerCase().replace(' ', '_'), word]);

/** Two letters and the country's name; those of the browser's list that are countries. */
function countries() {
  const name = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((one) => letters.map((two) => one + two))
    .filter((code) => name.of(code) && new Intl.Locale(`und-${code}`).region === code && !/^(AC|CP|CQ|DG|EA|EU|EZ|IC|QO|TA|UN|XA|XB|ZZ)$/.test(code))
    .map((code) => [code, `${name.of(code)} (${code})`]).sort((one, other) => one[1].localeCompare(other[1]));
}

/** The conditions: their words, and what is asked for. `key` is a parameter's name. */
const kinds = {
  device: { name: 'Device is', options: () => words('Android, iOS, Mobile, Windows, macOS, Linux, ChromeOS, Desktop') },
  browser: { name: 'Browser is', options: () => words('Chrome, Firefox, Edge, Safari, Opera, Android browser') },
  language: { name: 'Language is', hint: 'de, en-GB', size: 8 },
  'geolocation-country-code': { name: 'Country is', options: countries, place: true },
  'geolocation-city-name': { name: 'City is', hint: 'Berlin', place: true },
  'ip-address': { name: 'Address is in', hint: '192.0.2.0/24, 2001:db8::/32' },
  'query-param': { name: 'Parameter has the value', key: true, hint: 'value' },
  'any-value-query-param': { name: 'Parameter is there', key: true, alone: true },
  'valueless-query-param': { name: 'Parameter has no value', key: true, alone: true },
  'after-date': { name: 'After', type: 'datetime-local' },
  'before-date': { name: 'Before', type: 'datetime-local' },
};

const first = (type) => ({ type, matchKey: null, matchValue: kinds[type].options?.()[0][0] ?? null });

function Condition({ of, set, remove, label }) {
  const kind = kinds[of.type];
  const isTime = !!kind.type;
  const value = (event) => set({ ...of, matchValue: isTime ? momentOf(event.target.value) : event.target.value });
  return html`<div class="condition">
    <${Select} aria-label=${`${label}: kind`} value=${of.type} options=${Object.entries(kinds).map(([type, { name }]) => [type, name])} onChange=${(event) => set(first(event.target.value))} />
    ${kind.key && html`<input aria-label=${`${label}: parameter`} placeholder="name" maxlength="512" value=${of.matchKey} onInput=${(event) => set({ ...of, matchKey: event.target.value })} />`}
    ${!kind.alone && (kind.options
      ? html`<${Select} aria-label=${`${label}: value`} value=${of.matchValue} options=${kind.options()} onChange=${value} />`
      : html`<input aria-label=${`${label}: value`} type=${kind.type ?? 'text'} placeholder=${kind.hint} maxlength="512" value=${isTime ? localText(of.matchValue) : of.matchValue} onInput=${value} />`)}
    <${Button} bare icon="x" label=${`Remove ${label}`} onClick=${remove} /></div>`;
}

const phone = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36';
const desk = (system) => `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36`;
const agents = [
  [phone, 'Android phone'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1', 'iPhone'],
  [desk('Windows NT 10.0; Win64; x64'), 'Windows, Chrome'], [desk('Macintosh; Intel Mac OS X 10_15_7'), 'macOS, Chrome'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Linux, Firefox'], [navigator.userAgent, 'This browser'],
];

/** A dry run: where a made-up visitor would be led, and why. */
function Trial({ link }) {
  const [visitor, set] = useState({ agent: phone, language: 'en', address: '', query: '', time: '' });
  const [result, setResult] = useState(null);
  const [problem, setProblem] = useState(null);
  const field = (label, name, rest) => html`<${Field} label=${label} value=${visitor[name]} onInput=${(event) => set({ ...visitor, [name]: event.target.value })} ...${rest} />`;
  const run = async () => {
    setProblem(null);
    try {
      const body = { headers: { 'User-Agent': visitor.agent, 'Accept-Language': visitor.language }, url: `${link.shortUrl}?${visitor.query.replace(/^\?/, '')}`,
        ...(visitor.address && { address: visitor.address.trim() }), ...(visitor.time && { time: momentOf(visitor.time) }) };
      setResult(await ask('POST', `${linkPath(link)}/redirect-rules/test`, { query: domainOf(link), body }));
    } catch (failure) {
      setProblem(failure);
    }
  };
  return html`<fieldset class="trial"><legend>Try it</legend><div class="pair">
    <${Field} label="Visitor’s device" value=${visitor.agent} options=${agents} onChange=${(event) => set({ ...visitor, agent: event.target.value })} />
    ${field('Accepted languages', 'language')}${field('IP address', 'address', { placeholder: '192.0.2.7' })}${field('Query', 'query', { placeholder: 'from=mail' })}
    ${field('Time', 'time', { type: 'datetime-local', hint: 'Empty: now' })}</div><${Button} icon="route" label="Try the rules" onClick=${run} />
    ${problem && html`<${Trouble} problem=${problem} />`}
    ${result && html`<div role="status"><p><b>${result.rule ? `Rule ${result.rule}` : 'No rule'}</b> leads to <bdi>${result.longUrl}</bdi></p>
      <ul>${result.conditions.map((one) => html`<li class=${one.holds ? 'good' : 'soft'}><${Icon} name=${one.holds ? 'check' : 'x'} /><span>Rule ${one.rule}: ${kinds[one.type].name} ${one.matchKey} ${one.matchValue} ${one.holds ? 'holds' : 'does not hold'}, because ${one.because}</span></li>`)}</ul></div>`}</fieldset>`;
}

/** The rules of a link, in their order; the first whose conditions all hold says where it leads. */
export function Rules({ rules, set, link, error, isSaved }) {
  const { features } = session.get().instance;
  const replace = (index, rule) => set(rules.map((old, at) => (at === index ? rule : old)));
  const without = (list, index) => list.filter((_, at) => at !== index);
  const move = (index, step) => {
    const next = without(rules, index);
    next.splice(index + step, 0, rules[index]);
    set(next);
  };
  const isLost = features.geolocation !== 'works' && rules.some((rule) => rule.conditions.some(({ type }) => kinds[type].place));
  return html`<p class="soft small">The first rule whose conditions all hold says where a visitor goes.</p>
    ${error && html`<p class="error bad" role="alert">${error}</p>`}
    ${isLost && html`<p class="note" role="status"><${Icon} name="info" /><span>Places of visitors are unknown here, so such a condition holds for nobody. <code>GEO_DB</code> names a database of places.</span></p>`}
    ${rules.map((rule, index) => html`<fieldset class="rule" key=${index}><legend>Rule ${index + 1}</legend>
      ${rule.conditions.map((condition, at) => html`<${Condition} key=${at} of=${condition} label=${`Rule ${index + 1}, condition ${at + 1}`}
        set=${(next) => replace(index, { ...rule, conditions: rule.conditions.map((old, other) => (other === at ? next : old)) })}
        remove=${() => replace(index, { ...rule, conditions: without(rule.conditions, at) })} />`)}
      <${Button} icon="plus" label="Condition" onClick=${() => replace(index, { ...rule, conditions: [...rule.conditions, first('device')] })} />
      <${Field} label=${`Rule ${index + 1} leads to`} type="url" placeholder="https://" value=${rule.longUrl} onInput=${(event) => replace(index, { ...rule, longUrl: event.target.value })} />
      <div class="acts"><${Button} bare icon="arrow-up" label=${`Move rule ${index + 1} up`} disabled=${index === 0} onClick=${() => move(index, -1)} />
        <${Button} bare icon="arrow-down" label=${`Move rule ${index + 1} down`} disabled=${index === rules.length - 1} onClick=${() => move(index, 1)} />
        <${Button} bare icon="trash-2" label=${`Remove rule ${index + 1}`} onClick=${() => set(without(rules, index))} /></div></fieldset>`)}
    <${Button} icon="plus" label="Rule" onClick=${() => set([...rules, { longUrl: '', conditions: [first('device')] }])} disabled=${rules.length >= 100} />
    ${rules.length > 0 && (isSaved ? html`<${Trial} link=${link} />` : html`<p class="soft small">Save the rules to try them.</p>`)}`;
}
