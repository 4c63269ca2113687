import { html, useState } from '../preact.js';
import { domainOf, shortName } from '../model/link.js';
import { search } from '../model/place.js';
import { Field } from '../parts/fields.js';
import { Icon } from '../parts/basic.js';
import { CopyButton, Dialog } from '../parts/layers.js';

const levels = [['L', 'Low: 7 %'], ['M', 'Medium: 15 %'], ['Q', 'High: 25 %'], ['H', 'Highest: 30 %']];

/** How bright a colour is, by WCAG. */
function luminance(color) {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The QR code of a link: how it is drawn, and its files. */
export default function QRCode({ link, close }) {
  const [style, set] = useState({ size: 300, margin: 16, errorCorrection: 'M', color: '#000000', bgColor: '#ffffff' });
  const change = (name) => (event) => set({ ...style, [name]: event.target.type === 'range' ? Number(event.target.value) : event.target.value });
  const path = (format) => `/${link.shortCode}/qr-code${search({ ...domainOf(link), ...style, color: style.color.slice(1), bgColor: style.bgColor.slice(1), format })}`;
  const [dark, light] = [luminance(style.color), luminance(style.bgColor)];
  const isHard = (light + 0.05) / (dark + 0.05) < 4.5;
  const file = shortName(link).replace(/[^0-9A-Za-z.]+/g, '-');
  const range = (label, name, max, min, step) => html`<${Field} label=${`${label}: ${style[name]} px`} type="range" min=${min} max=${max} step=${step} value=${style[name]} onInput=${change(name)} />`;
  return html`<${Dialog} title=${`QR code of ${shortName(link)}`} close=${close} footer=${['png', 'svg'].map((format) => html`
      <a class="button" href=${path(format)} download=${`${file}.${format}`}><${Icon} name="download" />${format.toUpperCase()}</a>`).concat(html`<${CopyButton} label="Copy image URL" text=${location.origin + path('png')} />`)}>
    <div class="code"><img src=${path('svg')} alt=${`QR code that leads to ${link.shortUrl}`} width="220" height="220" /></div>
    ${isHard && html`<p class="bad" role="status">Many cameras can’t read this: the code must be much darker than its ground.</p>`}
    <div class="pair">${range('Size', 'size', 1000, 100, 50)}${range('Margin', 'margin', 100, 0, 4)}
    <${Field} label="Colour" type="color" value=${style.color} onInput=${change('color')} /><${Field} label="Ground" type="color" value=${style.bgColor} onInput=${change('bgColor')} /></div>
    <${Field} label="Damage that it survives" options=${levels} value=${style.errorCorrection} onChange=${change('errorCorrection')} /><//>`;
}
