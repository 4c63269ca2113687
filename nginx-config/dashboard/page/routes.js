/** Views that come when one of them is shown, with those that are used beside it. */
const numbers = (name) => () => import('./numbers.js').then((views) => views[name]);
const manage = (name) => () => import('./manage.js').then((views) => views[name]);

/** Who reads, sees it. */
const reads = { may: (may) => may.read, why: 'It only makes links.' };

/**
 * The pages of the dashboard, in the order of the rail. `path` is the first word behind /dashboard/,
 * `key` the letter behind `g`. `may` says who sees it, by the session's rights, and `why` what others
 * are told; `load` gets its view, which those without it have at once.
 */
export const pages = [
  { path: 'overview', name: 'Overview', icon: 'gauge', key: 'o', ...reads },
  { path: 'links', match: /^links\/(?!new$)[^/]+$/, name: 'Link', hidden: true, ...reads, load: numbers('Link') },
  { path: 'links', name: 'Links', icon: 'link', key: 'l' },
  { path: 'analytics', name: 'Analytics', icon: 'chart-line', key: 'a', ...reads, load: numbers('Analytics') },
  { path: 'compare', name: 'Compare', hidden: true, ...reads, load: numbers('Compare') },
  { path: 'tags', name: 'Tags', icon: 'tags', key: 't', load: manage('Tags') },
  { path: 'domains', name: 'Domains', icon: 'globe', key: 'd', load: manage('Domains') },
  { path: 'missing', name: 'Missing', icon: 'unlink', key: 'm', load: manage('Missing') },
  { path: 'keys', name: 'Keys', icon: 'key-round', key: 'k', load: manage('Keys') },
  { path: 'settings', name: 'Settings', icon: 'settings', key: 's', load: manage('Settings') },
  { path: 'health', name: 'Health', icon: 'activity', key: 'h', may: (may) => may.manageTenants, why: 'Keys of the default tenant with all rights, or with the scope admin, see it.', load: manage('Health') },
];

/** The page of a path: that of its first word; nothing for a word without a page. */
export function pageOf(path) {
  const word = path.split('/')[0];
  return pages.find((page) => (page.match ? page.match.test(path) : page.path === word));
}

/** The pages that somebody sees in the rail. */
export const seen = (may) => pages.filter((page) => !page.hidden && (!page.may || page.may(may)));
