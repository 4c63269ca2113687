/** Views that are in a module together. */
const analytics = (name) => import('./views/Analytics.js').then((views) => ({ default: views[name] }));
const lists = (name) => import('./views/Lists.js').then((views) => ({ default: views[name] }));
const instance = (name) => import('./views/Instance.js').then((views) => ({ default: views[name] }));

/**
 * The pages of the dashboard, in the order of the rail. `path` is the first word behind /dashboard/,
 * `key` the letter behind `g`. `may` says who sees it, by the session's rights.
 */
export const pages = [
  { path: 'overview', name: 'Overview', icon: 'gauge', key: 'o', may: (may) => may.read, load: () => import('./views/Overview.js') },
  { path: 'links', match: /^links\/(?!new$)[^/]+$/, name: 'Link', hidden: true, load: () => analytics('Link') },
  { path: 'links', name: 'Links', icon: 'link', key: 'l', load: () => import('./views/Links.js') },
  { path: 'analytics', name: 'Analytics', icon: 'chart-line', key: 'a', may: (may) => may.read, load: () => import('./views/Analytics.js') },
  { path: 'compare', name: 'Compare', hidden: true, load: () => analytics('Compare') },
  { path: 'tags', name: 'Tags', icon: 'tags', key: 't', load: () => lists('Tags') },
  { path: 'domains', name: 'Domains', icon: 'globe', key: 'd', load: () => lists('Domains') },
  { path: 'missing', name: 'Missing', icon: 'unlink', key: 'm', load: () => lists('Missing') },
  { path: 'keys', name: 'Keys', icon: 'key-round', key: 'k', load: () => instance('Keys') },
  { path: 'settings', name: 'Settings', icon: 'settings', key: 's', load: () => instance('Settings') },
  { path: 'health', name: 'Health', icon: 'activity', key: 'h', may: (may) => may.manageTenants, load: () => instance('Health') },
];

/** The page of a path: that of its first word; nothing for a word without a page. */
export function pageOf(path) {
  const word = path.split('/')[0];
  return pages.find((page) => (page.match ? page.match.test(path) : page.path === word));
}

/** The pages that somebody sees in the rail. */
export const seen = (may) => pages.filter((page) => !page.hidden && (!page.may || page.may(may)));
