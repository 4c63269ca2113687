/** The views of clicks. They come in one file, without what the first view has. */
import './start.js';

export { Compare, default as Analytics, Link } from './views/Analytics.js';
