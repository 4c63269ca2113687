/** The views of what is around links, in one file like those of clicks. */
import './start.js';

export { Health, Keys, Settings } from './views/Instance.js';
export { Domains, Missing, Tags } from './views/Lists.js';
