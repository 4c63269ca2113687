import { html, useEffect, useRef, useState } from '../preact.js';
import { ask, flights, lost } from '../api/client.js';
import { TimeChart } from '../charts/charts.js';
import { place, setQuery } from '../model/place.js';
import { changeOf, ends, moved, rangeOf, ranges } from '../model/range.js';
import { prefs } from '../model/store.js';
import { numberText, shortNumber, zone } from '../model/time.js';
import { Button, Time, useData, useStore } from '../parts/basic.js';
import { Check, Field, Select } from '../parts/fields.js';
import { Popover } from '../parts/layers.js';
import { useKeys } from '../shell.js';

/** What the address asks an analytic view for, and the settings where it says nothing. */
export function useView() {
  const { query } = useStore(place);
  const settings = useStore(prefs);
  const range = rangeOf(query, { range: settings.range });
  return {
    ...range, by: query.get('by') ?? '', bots: (query.get('bots') ?? (settings.bots ? '1' : '0')) === '1',
    compares: query.get('compare') !== '0' && range.word !== 'all', cursor: query.get('cursor'),
  };
}

/** The query of a report with everything that the view's parts show. */
export const reportQuery = (view, more) => ({ ...view.asked, series: true, compare: view.compares && 'previous', ...more });

/** A report. While another question has no answer, that to the one before is not shown as its own. */
export function useReport(query) {
  const report = useData('analytics', query);
  const key = JSON.stringify(query);
  const last = useRef({});
  if (report.data !== last.current.data) last.current = { data: report.data, key };
  return report.problem && last.current.key !== key ? { ...report, data: undefined } : report;
}

const set = (changes) => setQuery({ cursor: '', ...changes });
const toRange = (range) => set({ range, from: '', to: '', by: '' });
const toEnds = (range) => set({ by: '', ...range });
const zones = () => [...new Set([zone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])];

function Custom({ view }) {
  const day = (label, name, value = '', rest) => html`<${Field} label=${label} name=${name} type="date" value=${value.slice(0, 10)} max="9999-12-31" ...${rest} />`;
  const submit = (event) => {
    event.preventDefault();
    const [from, to] = [...new FormData(event.target).values()];
    toEnds(to && to < from ? { from: to, to: from } : { from, to });
  };
  return html`<${Popover} button=${{ icon: 'calendar', label: 'Custom', 'aria-pressed': view.word === 'custom' }}><form class="stack" onSubmit=${submit}>
    ${day('First day', 'from', view.asked.start, { required: true })}${day('Last day', 'to', place.get().query.get('to') ?? '', { hint: 'Empty: up to now' })}<${Button} kind="main" type="submit" label="Show" /></form><//>`;
}

/** Says how old figures are of a range that goes on, when nobody has looked for newer ones for half a minute. */
function Age({ asOf, live }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(tick, 5000, (count) => count + 1);
    return () => clearInterval(timer);
  }, []);
  return Date.now() - Math.max(Date.parse(asOf), live?.seen() ?? 0) > 30_000 && html`<span class="soft small">As of <${Time} at=${asOf} /></span>`;
}

/** The range and how it is counted; `before` is the range before, `live` what looks for new clicks. A comparison has no bots. */
export function Controls({ view, report, live, hasBots = true }) {
  const { data } = report;
  const back = () => data && view.word !== 'all' && toEnds(moved(data.range, -1));
  const forth = () => data && !view.isLive && toEnds(moved(data.range, 1));
  const bots = () => setQuery({ bots: view.bots ? '0' : '1' });
  useKeys({
    ...Object.fromEntries(ranges.map(([word, name, key]) => [key, [`Range: ${name}`, () => toRange(word)]])),
    '[': ['Period before', back], ']': ['Period after', forth], ...(hasBots && { b: ['Bots', bots] }), ...(live?.isOn && { p: ['Pause live', live.toggle] }),
  });
  return html`<div class="controls"><div class="ranges" role="group" aria-label="Range">
      ${ranges.map(([word, name]) => html`<button key=${word} type="button" aria-pressed=${view.word === word} onClick=${() => toRange(word)}>${name}</button>`)}</div>
    <${Custom} key=${location.search} view=${view} />
    <span><${Button} bare icon="chevron-left" label="Period before" disabled=${!data || view.word === 'all'} onClick=${back} /><${Button} bare icon="chevron-right" label="Period after" disabled=${!data || view.isLive} onClick=${forth} /></span>
    <${Popover} wide button=${{ icon: 'settings-2', label: zone() }}>
      <${Field} label="Days of the time zone">${(of) => html`<${Select} ...${of} value=${zone()} options=${zones().map((name) => [name, name.replaceAll('_', ' ')])} onChange=${(event) => set({ tz: event.target.value })} />`}<//>
      <${Field} label="Added up by">${(of) => html`<${Select} ...${of} value=${view.by} options=${[['', 'What fits the range'], ['hour', 'Hour'], ['day', 'Day'], ['week', 'Week'], ['month', 'Month']]} onChange=${(event) => set({ by: event.target.value })} />`}<//>
      ${hasBots && view.word !== 'all' && html`<${Check} label="Compare with the range before" checked=${view.compares} onChange=${() => setQuery({ compare: view.compares ? '0' : '' })} />`}
      ${hasBots && html`<${Check} label="Show bots" checked=${view.bots} onChange=${bots} />`}<//>
    ${data && view.isLive && html`<${Age} asOf=${data.asOf} live=${live} />`}
    ${live?.isOn && html`<button type="button" class=${`button live ${live.paused ? '' : 'on'}`} aria-pressed=${!live.paused} onClick=${live.toggle}><i />${live.paused ? `Paused${live.waits ? ` · ${numberText(live.waits)} new` : ''}` : 'Live'}</button>`}</div>`;
}

function Change({ now, before }) {
  const change = changeOf(now, before);
  return change === undefined ? '' : html`<small title=${`${numberText(before)} in the range before`}>${change > 0 ? '▲' : change < 0 ? '▼' : '='} ${numberText(Math.abs(change))} %<span class="hidden"> ${change < 0 ? 'less' : 'more'} than before</span></small>`;
}

/** Figures in a row: `[name, number or markup, what it was before, a note]`. */
export const Tiles = ({ items }) => html`<dl class="tiles">${items.filter(Boolean).map(([name, value, before, note]) => html`<div key=${name}><dt>${name}</dt>
  <dd><b title=${typeof value === 'number' ? numberText(value) : undefined}>${typeof value === 'number' ? (value < 1e7 ? numberText(value) : shortNumber(value)) : value}</b>${before !== undefined && html`<${Change} now=${value} before=${before} />`}${note}</dd></div>`)}</dl>`;

/** The figures of a report's total. */
export function totalTiles({ total, previous }, view) {
  const { visitors, visitorsError } = total;
  return [
    ['Clicks', total.clicks + (view.bots ? total.bots : 0), previous && previous.clicks + (view.bots ? previous.bots : 0), !view.bots && html`<small>by people</small>`],
    view.bots && ['By people', total.clicks, previous?.clicks],
    ['Visitors', visitors ?? '–', previous?.visitors ?? undefined, visitors === null ? html`<small>not told above 20 million clicks</small>` : visitorsError > 0 && html`<small title="The count is an estimate beyond this">± ${numberText(visitorsError)}</small>`],
    view.bots && ['By bots', total.bots, previous?.bots],
    ['Last click', html`<${Time} at=${total.lastClick} />`],
  ];
}

/** The clicks of one answer over time. */
export function TotalChart({ report, view, name = 'Clicks' }) {
  const { range } = report;
  const { series, previousSeries } = report.data[0];
  const people = { name: 'People', kind: 'people', values: series.map(({ clicks }) => clicks) };
  const bots = { name: 'Bots', kind: 'bots', values: series.map((each) => each.bots) };
  const counted = previousSeries?.map((each) => each.clicks + (view.bots ? each.bots : 0));
  const starts = series.map(({ start }) => start);
  return html`<${TimeChart} name=${name} size=${range.bucket} starts=${starts} isOpen=${view.isLive} bands=${view.bots ? [people, bots] : [people]}
    lines=${counted ? [{ name: 'Range before', kind: 'before', values: starts.map((_, index) => counted[index] ?? null) }] : []}
    zoom=${starts.length > 1 && ((first, last) => {
      // With the part that runs, the range goes on.
      const to = starts[last + 1] ?? (view.isLive ? undefined : range.end);
      toEnds({ ...ends(starts[first], to ?? starts[first]), ...!to && { to: '' } });
    })} />`;
}

const [often, seldom, idle] = [2000, 10_000, 300_000];

/**
 * Looks for new clicks while somebody looks at the page: every two seconds, and more seldom after five minutes
 * without input. `found` is called when there are some; while it is paused they are only counted.
 */
export function useLive({ visits, listed }, isOn, found) {
  const [paused, setPaused] = useState(false);
  const [waits, setWaits] = useState(0);
  const now = useRef({});
  Object.assign(now.current, { paused, found });
  useEffect(() => {
    if (!isOn) return undefined;
    const control = new AbortController();
    const { signal } = control;
    let [timer, total, input] = [0, null, Date.now()];
    const plan = () => {
      clearTimeout(timer);
      if (!signal.aborted && !document.hidden) timer = setTimeout(look, Date.now() - input > idle ? seldom : often);
    };
    const look = async () => {
      clearTimeout(timer);
      try {
        const of = lost.get() ? total : (await ask('GET', visits, { query: { ...listed, itemsPerPage: 1 }, signal })).visits.pagination.totalItems;
        total ??= of;
        if (now.current.paused) setWaits(Math.max(0, of - total));
        else if (of === total) now.current.seen = lost.get() ?? Date.now();
        // What is under way may have been asked before the click: it is looked for again.
        else if (!flights.get()) {
          now.current.found();
          total = of;
        }
      } catch { /* The parts of the view tell it. */ }
      plan();
    };
    const seen = () => (document.hidden ? clearTimeout(timer) : look());
    const touched = () => {
      const isIdle = Date.now() - input > idle;
      input = Date.now();
      if (isIdle) plan();
    };
    document.addEventListener('visibilitychange', seen, { signal });
    for (const event of ['pointermove', 'keydown']) addEventListener(event, touched, { signal });
    look();
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [visits, listed?.domain, isOn]);
  const toggle = () => {
    setPaused(!paused);
    if (paused) found();
    setWaits(0);
  };
  return { isOn, paused, waits, toggle, seen: () => (paused ? 0 : now.current.seen ?? 0) };
}
