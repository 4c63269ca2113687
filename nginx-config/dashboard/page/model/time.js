import { place } from './place.js';
import { prefs } from './store.js';

function isZone(timeZone) {
  try {
    return !!timeZone && !!format({}, timeZone);
  } catch {
    return false;
  }
}

/** The zone that all times are shown in: that of the address, of the settings, or of the browser. */
export const zone = () => [place.get().query.get('tz'), prefs.get().zone].find(isZone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map();
function format(options, timeZone) {
  const key = timeZone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('en-GB', { ...options, timeZone }));
  return formats.get(key);
}

const day = { day: 'numeric', month: 'short', year: 'numeric' };
const whole = { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' };

export const dayText = (date) => format(day, zone()).format(new Date(date));
export const timeText = (date) => format(whole, zone()).format(new Date(date));

const hour = { hour: '2-digit', minute: '2-digit' };
const buckets = { hour: { ...day, ...hour, weekday: 'short', timeZoneName: 'short' }, month: { month: 'long', year: 'numeric' } };
const ticks = { hour, month: { month: 'short', year: 'numeric' } };

/** A part of a range by its start; hours tell their offset, since one may come twice. */
export const bucketText = (start, size) => (size === 'week' ? 'week of ' : '') + format(buckets[size] ?? { ...day, weekday: 'short' }, zone()).format(new Date(start));

/** The same below an axis: a day where an hour begins one. */
export const tickText = (start, size) => format((size !== 'hour' || !localText(start).endsWith('T00:00')) && ticks[size] || { day: 'numeric', month: 'short' }, zone()).format(new Date(start));

const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "3 days ago" within a week, else the day. */
export function agoText(date, now = Date.now()) {
  const seconds = (new Date(date) - now) / 1000;
  if (Math.abs(seconds) >= 7 * 86400) return dayText(date);
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  return Math.abs(seconds) < 5 ? 'just now' : relative.format(Math.trunc(seconds / size), unit);
}

const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** A moment as `datetime-local` writes it, in a zone. */
export function localText(date, timeZone = zone()) {
  if (!date) return '';
  const of = {};
  for (const { type, value } of format(parts, timeZone).formatToParts(new Date(date))) of[type] = value;
  return `${of.year.padStart(4, '0')}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}

/** The moment of such a text; one that a clock skips becomes the one as far behind the skip. */
export function momentOf(text, timeZone = zone()) {
  if (!text) return null;
  const wanted = Date.parse(text + 'Z');
  const offset = (moment) => Date.parse(localText(moment, timeZone) + 'Z') - moment;
  const first = wanted - offset(wanted);
  const second = wanted - offset(first);
  const exact = [first, second].find((moment) => moment + offset(moment) === wanted);
  return new Date(exact ?? Math.max(first, second)).toISOString().slice(0, 19) + '+00:00';
}

const exact = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
export const numberText = (number) => exact.format(number);
export const shortNumber = (number) => (number < 10000 ? exact : compact).format(number);
export const plural = (number, one, many = one + 's') => `${exact.format(number)} ${number === 1 ? one : many}`;
