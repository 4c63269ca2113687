import { bucketText, localText, momentOf, numberText, zone } from './time.js';

/** The ranges that end now: the word in the address, its name, and its key. */
export const ranges = [['today', 'Today', '1'], ['7d', '7 days', '7'], ['30d', '30 days', '3'], ['mtd', 'This month', 'm'], ['1y', '12 months', 'y'], ['all', 'All', 'a']];

const moment = (time) => new Date(time).toISOString().slice(0, 19) + '+00:00';

/** A day some days, or the first of a month some months, away. */
export const dayAway = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
const monthAway = (day, months) => new Date(Date.UTC(day.slice(0, 4), day.slice(5, 7) - 1 + months)).toISOString().slice(0, 10);

/** The first day of a range that ends today; nothing for all time. */
function firstDay(range, today) {
  if (range === 'all') return undefined;
  if (range === 'mtd') return monthAway(today, 0);
  if (range === '1y') return monthAway(today, -11);
  return dayAway(today, 1 - ({ today: 1, '7d': 7 }[range] ?? 30));
}

const isDay = (text) => text.length === 10;

/**
 * What an address asks for: `word` of the range, whether it goes on, its ends in words of the API, and its first
 * and last second for a list. Of two days in the address the last is a part of the range, of two moments it isn't.
 */
export function rangeOf(query, { range, now = Date.now(), timeZone = zone() }) {
  const [from, to] = [query.get('from'), query.get('to')];
  const word = from ? 'custom' : query.get('range') ?? range;
  const today = localText(now, timeZone).slice(0, 10);
  const start = from ?? firstDay(word, today);
  const end = (from && to && (isDay(to) ? dayAway(to, 1) : to)) || undefined;
  const [first, behind] = [start, end].map((text) => text && (isDay(text) ? momentOf(text + 'T00:00', timeZone) : text));
  return {
    word, isLive: !end || Date.parse(behind) > now,
    asked: { timezone: timeZone, bucket: query.get('by'), start, end, interval: start ? undefined : 'all' },
    listed: { startDate: first, endDate: end && moment(Date.parse(behind) - 1000) },
  };
}

/** A moment's day, and whether it begins it. */
const dayOf = (moment) => [localText(moment).slice(0, 10), localText(moment).endsWith('T00:00')];

/** Two moments as the ends of an address: days where both begin one. */
export function ends(start, end) {
  const [[from, isFirst], [to, isLast]] = [start, end].map(dayOf);
  return isFirst && isLast ? { from, to: dayAway(to, -1) } : { from: start, to: end };
}

/** The range before or behind another, `sign` -1 or 1: as many days, where it begins with one, else as long. */
export function moved({ start, end }, sign) {
  const [[from, isDays], [to, isBehind]] = [start, end].map(dayOf);
  const last = isBehind ? dayAway(to, -1) : to;
  const days = sign * ((Date.parse(last) - Date.parse(from)) / 86_400_000 + 1);
  const length = sign * (Date.parse(end) - Date.parse(start));
  return isDays ? { from: dayAway(from, days), to: dayAway(last, days) } : { from: moment(Date.parse(start) + length), to: moment(Date.parse(end) + length) };
}

/**
 * What an analytic view is of, from its word in the address: `all`, `orphan`, `tag:NAME`, `domain:HOST`, `link:CODE`
 * or `link:CODE@DOMAIN`.
 */
export function scopeOf(word) {
  const [, kind, rest = ''] = /^(\w+)(?::(.*))?$/s.exec(word) ?? [];
  const [, code, domain] = (kind === 'link' && /^(.*?)(?:@(.*))?$/s.exec(rest)) || [];
  const name = encodeURIComponent(rest);
  switch (kind) {
    case 'link': return { word, kind, name: domain ? `${domain}/${code}` : `/${code}`, asked: { shortCode: code, domain: domain || 'DEFAULT' }, visits: `short-urls/${encodeURIComponent(code)}/visits`, listed: { domain } };
    case 'tag': return { word, kind, name: rest, asked: { tag: rest }, visits: `tags/${name}/visits` };
    case 'domain': return { word, kind, name: rest === 'DEFAULT' ? 'Default domain' : rest, asked: { domain: rest }, visits: `domains/${name}/visits` };
    case 'orphan': return { word, kind, name: 'Without a link', asked: { orphan: 'all' }, visits: 'visits/orphan' };
    default: return { word: 'all', kind: 'all', name: 'Everything', asked: {}, visits: 'visits/non-orphan' };
  }
}

/** The word of a link in the address of an analytic view. */
export const linkWord = ({ shortCode, domain }) => `link:${shortCode}${domain ? '@' + domain : ''}`;

/** How much more or less than before, in hundredths; nothing where there was nothing before. */
export const changeOf = (now, before) => (before ? Math.round((100 * (now - before)) / before) : undefined);

/** A share in hundredths. */
export const share = (part, whole) => (whole ? `${part && 100 * part < whole ? '< 1' : Math.round((100 * part) / whole)} %` : '–');

/** What a chart shows, in a sentence. */
export function sentence(starts, values, size) {
  const most = Math.max(...values);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!total) return 'none.';
  return `${numberText(total)} from ${bucketText(starts[0], size)} to ${bucketText(starts.at(-1), size)}. Most: ${numberText(most)}, ${bucketText(starts[values.indexOf(most)], size)}.`;
}

/** What a part of a range has in common with one that begins in the midst of it, as the first of a range may. */
function partOf(start, size) {
  const [day] = dayOf(start);
  // The first Monday of the epoch is its fifth day.
  return size === 'month' ? day.slice(0, 7) : size === 'week' ? Math.floor((Date.parse(day) / 86_400_000 + 3) / 7) : start;
}

/** Series of several answers on one row of starts; what an answer lacks is nothing. */
export function aligned(all, size) {
  const byPart = (series, name) => new Map(series.map((part) => [partOf(part.start, size), part[name]]));
  const starts = [...byPart(all.flat().sort((a, b) => Date.parse(b.start) - Date.parse(a.start)), 'start').values()].reverse();
  return { starts, values: all.map((series) => {
    const counts = byPart(series, 'clicks');
    return starts.map((start) => counts.get(partOf(start, size)) ?? null);
  }) };
}

/** The same from the first click of each. */
export function fromFirst(values) {
  const cut = values.map((row) => row.slice(Math.max(0, row.findIndex((value) => value > 0))));
  const length = Math.max(...cut.map((row) => row.length));
  return cut.map((row) => [...row, ...Array(length - row.length).fill(null)]);
}
