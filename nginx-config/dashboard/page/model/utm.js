import { webAddress } from './link.js';

export const utmNames = ['source', 'medium', 'campaign', 'term', 'content'];

/** A URL's query as it is written, between what is before and behind it. */
const split = (url) => /^([^?#]*)\??([^#]*)(.*)$/s.exec(url).slice(1);
// A query that begins with a second `?` keeps it.
const read = (query) => new URLSearchParams('&' + query);

/** What a web address says of its campaign; nothing of another text. */
export function utmOf(url) {
  if (!webAddress(url)) return undefined;
  const query = read(split(url)[1]);
  return Object.fromEntries(utmNames.map((name) => [name, query.get('utm_' + name) ?? '']));
}

/** A URL that says this of its campaign; all else in it stays as it was written. */
export function withUTM(url, name, value) {
  const [before, query, behind] = split(url);
  const key = 'utm_' + name;
  const news = value ? [String(new URLSearchParams({ [key]: value })).replaceAll('+', '%20')] : [];
  const parts = query.split('&').flatMap((part) => (read(part).has(key) ? news.splice(0) : [part]));
  if (news[0]) parts.splice(parts.at(-1) ? parts.length : -1, 1, news[0]);
  const text = parts.join('&');
  return before + (text && '?' + text) + behind;
}
