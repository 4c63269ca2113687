/** What opens above links, in one file like the views of clicks. */
import './start.js';

export { default as LinkEditor } from './views/LinkEditor.js';
export { default as QRCode } from './views/QRCode.js';
