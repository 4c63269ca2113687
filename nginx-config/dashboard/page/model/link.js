import { address } from './place.js';

/** The path of a link in the API. */
export const linkPath = (link) => 'short-urls/' + encodeURIComponent(link.shortCode);
export const domainOf = (link) => ({ domain: link.domain });

/** A code as a part of the dashboard's path. `new` is the path of a new link, so its first letter is encoded. */
const segment = (code) => (code === 'new' ? '%6Eew' : encodeURIComponent(code));
export const editAddress = (link) => address(`links/${segment(link.shortCode)}/edit`, domainOf(link));
/** The page of a link. */
export const pageAddress = (link) => address(`links/${segment(link.shortCode)}`, domainOf(link));

/** A short URL as people read it: without its scheme. */
export const shortName = (link) => link.shortUrl.replace(/^https?:\/\//, '');

/** A URL for the eye: without its scheme, and cut in the middle of its path, never of its host. */
export function urlText(url, limit = 72) {
  const text = url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
  const host = text.split(/[/?#]/, 1)[0].length + 1;
  if (text.length <= limit || host > limit - 8) return text.length > 2 * limit ? text.slice(0, limit) + '…' : text;
  const ends = limit - host - 1;
  return text.slice(0, host + Math.ceil(ends / 3)) + '…' + text.slice(-Math.floor((2 * ends) / 3));
}

/** A web address that a link on the page may lead to; else nothing. */
export function webAddress(url) {
  try {
    return /^https?:$/.test(new URL(url).protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** What a link does now: a word, its class, and why. */
export function linkState(link, now = Date.now()) {
  const { validSince, validUntil, maxVisits } = link.meta;
  if (!link.enabled) return ['Disabled', 'off'];
  if (validUntil && Date.parse(validUntil) <= now) return ['Ended', 'off'];
  if (validSince && Date.parse(validSince) > now) return ['Scheduled', 'wait'];
  if (maxVisits && link.visitsSummary.nonBots >= maxVisits) return ['Used up', 'off'];
  return ['Active', 'on'];
}
