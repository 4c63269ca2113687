/**
 * The pages of the dashboard, in the order of the rail. `path` is the first word behind /dashboard/,
 * `key` the letter behind `g`. `may` says who sees it, by the session's rights.
 */
export const pages = [
  { path: 'links', name: 'Links', icon: 'link', key: 'l', load: () => import('./views/Links.js') },
];

/** The page of a path: that of its first word; nothing for a word without a page. */
export function pageOf(path) {
  const word = path.split('/')[0];
  return pages.find((page) => (page.match ? page.match.test(path) : page.path === word));
}

/** The pages that somebody sees in the rail. */
export const seen = (may) => pages.filter((page) => !page.hidden && (!page.may || page.may(may)));
