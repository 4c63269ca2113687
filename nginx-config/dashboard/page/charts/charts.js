import { html, useEffect, useRef, useState } from '../preact.js';
import { sentence, share } from '../model/range.js';
import { bucketText, numberText, shortNumber, tickText } from '../model/time.js';
import { Button } from '../parts/basic.js';

const [height, top, bottom] = [248, 14, 26];

/** The distance of at most four lines up to a number: 1, 2 or 5 times a power of ten. */
export function step(most) {
  const least = Math.max(most, 1) / 4;
  const ten = 10 ** Math.floor(Math.log10(least));
  return Math.max(1, [1, 2, 5, 10].find((each) => each * ten >= least) * ten);
}

/** The width of an element, followed. */
function useWidth() {
  const box = useRef();
  const [width, set] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => set(Math.round(entry.contentRect.width)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

/** Names at the ends of lines, pushed apart. */
function spread(labels) {
  const sorted = labels.sort((a, b) => a.y - b.y);
  sorted.forEach((label, index) => { label.y = Math.max(label.y, (sorted[index - 1]?.y ?? -99) + 15); });
  sorted.reverse().forEach((label, index) => { label.y = Math.min(label.y, height - bottom - 15 * index); });
  return sorted;
}

/** How a row of values is drawn, beside its name: a box for a band, its dashes for a line. */
export const Key = ({ kind }) => (/^s|before/.test(kind) ? html`<svg class=${`key ${kind}`} width="22" height="8" aria-hidden="true"><path class="line" d="M1 4H21" /></svg>` : html`<i class=${`key ${kind}`} />`);

/** A table in a box of its own: rows of a key and cells, the first of which is the row's name; `words` of the others aren't numbers. */
export function Grid({ name, head, rows, words = [], kind = '' }) {
  const of = (index) => (index && !words.includes(index) ? 'number' : 'cut');
  return html`<div class=${`scroll ${kind}`} tabindex="0" role="region" aria-label=${name}><table><caption class="hidden">${name}</caption>
    <thead><tr>${head.map((word, index) => html`<th scope="col" class=${of(index)}>${word}</th>`)}</tr></thead>
    <tbody>${rows.map(([key, first, ...cells]) => html`<tr key=${key}><th scope="row">${first}</th>${cells.map((cell, index) => html`<td class=${of(index + 1)} title=${cell?.title}>${cell?.text ?? cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** Rows with a bar each, `{ key, label, count }`, and their shares of the whole; that of the `rest` has none. */
export function Bars({ name, head, rows, whole }) {
  const most = Math.max(1, ...rows.map(({ count, rest }) => (rest ? 0 : count)));
  return html`<${Grid} kind="bars" name=${name} head=${[head, 'Clicks', 'Share']} rows=${rows.map(({ key, label, count, rest }) => [
    key, html`${!rest && html`<i style=${{ width: `${(100 * count) / most}%` }} />`}<span>${label}</span>`, numberText(count), share(count, whole)])} />`;
}

/**
 * Counts over time. `bands` are heaped on each other, `lines` are not: `{ name, kind, values }`, a value for each
 * start, null for none. Arrow keys and the pointer read values; a drag or Shift with the arrows chooses a range,
 * which `zoom(first, last)` is told.
 */
export function TimeChart({ name, starts, size, bands = [], lines = [], isOpen, zoom, label = (index) => bucketText(starts[index], size), tick = (index) => tickText(starts[index], size) }) {
  const [box, width] = useWidth();
  const [{ at, from, isDown }, read] = useState({});
  const [table, setTable] = useState(false);
  const last = starts.length - 1;
  const all = [...bands, ...lines];
  const heap = starts.map((_, index) => bands.reduce((sum, { values }) => sum + values[index], 0));
  const most = Math.max(1, ...heap, ...lines.flatMap(({ values }) => values));
  const rung = step(most);
  const rungs = Math.ceil(most / rung);
  const left = 14 + 7.5 * shortNumber(rungs * rung).length;
  const hasNames = lines.length > 1 && width > 600;
  const right = width - (hasNames ? 150 : 8);
  const slot = Math.max(0, right - left) / starts.length;
  const round = (number) => Math.round(number * 10) / 10;
  const x = (index) => round(left + slot * (index + 0.5));
  const y = (value) => round(top + (height - top - bottom) * (1 - value / (rungs * rung)));
  const index = at === undefined ? undefined : Math.min(at, last);
  const range = from !== undefined && [Math.min(from, index), Math.max(from, index)];
  const inside = (at) => Math.max(0, Math.min(last, at));

  const take = () => {
    read({});
    zoom(...range);
  };
  const keys = (event) => {
    const to = { ArrowLeft: (index ?? last + 1) - 1, ArrowRight: (index ?? -1) + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) read({ at: inside(to), from: event.shiftKey && zoom ? from ?? index ?? inside(to) : undefined });
    else if (event.key === 'Enter' && range) take();
    else if (event.key === 'Escape' && index !== undefined) read({});
    else return;
    event.preventDefault();
  };
  const under = (event) => inside(Math.floor((event.clientX - box.current.getBoundingClientRect().left - left) / slot));
  const pointer = {
    onPointerMove: (event) => read({ at: under(event), from: isDown ? from : undefined, isDown }),
    onPointerDown: (event) => {
      if (event.button || event.pointerType === 'touch' || !zoom) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      read({ at: under(event), from: under(event), isDown: true });
    },
    onPointerUp: () => (isDown && from !== index ? take() : read({ at })),
    onPointerLeave: () => isDown || range || read({}),
  };

  let base = starts.map(() => 0);
  const wide = round(Math.min(slot < 6 ? slot : slot * 0.72, 44));
  const bars = bands.map(({ kind, values }) => {
    const low = base;
    base = low.map((value, index) => value + values[index]);
    const paths = base.map((high, index) => (values[index] ? `M${round(x(index) - wide / 2)} ${y(low[index])}h${wide}V${Math.min(y(high), y(low[index]) - 1)}h${-wide}z` : ''));
    return html`<g key=${kind} class=${kind}><path class="open" d=${isOpen ? paths.pop() : ''} /><path d=${paths.join('')} /></g>`;
  });
  const every = Math.max(1, Math.ceil((size === 'month' ? 70 : 58) / Math.max(slot, 0.01)));
  const told = index ?? last;
  const total = ({ values }) => numberText(values.reduce((sum, value) => sum + value, 0));
  return html`<figure class="chart">
    <div class="plot" ref=${box} style=${{ height: `${height}px` }}>${width > 0 && html`<svg role="img" aria-label=${`${name}: ${bands.length ? sentence(starts, heap, size) : `${lines.map((one) => `${one.name} ${total(one)}`).join(', ')}.`}`} width=${width} height=${height}>
        ${Array.from({ length: rungs + 1 }, (_, each) => html`<path class=${each ? 'rung' : 'rung zero'} d=${`M${left} ${y(each * rung)}H${right}`} /><text x=${left - 8} y=${y(each * rung) + 4} class="end">${shortNumber(each * rung)}</text>`)}
        ${starts.map((_, each) => each % every === 0 && x(each) > left + 8 && x(each) < right - 12 && html`<text x=${x(each)} y=${height - 7} class="mid">${tick(each)}</text>`)}
        ${range && html`<rect class="chosen" x=${x(range[0]) - slot / 2} width=${slot * (range[1] - range[0] + 1)} y=${top} height=${height - top - bottom} />`}${bars}
        ${lines.map(({ kind, values }) => {
          const path = values.map((value, each) => (value === null ? '' : `${each && values[each - 1] !== null ? 'L' : 'M'}${x(each)} ${y(value)}`)).join('');
          return html`<g key=${kind} class=${kind}>${bars.length > 0 && html`<path class="halo" d=${path} />`}<path class="line" d=${path} /></g>`;
        })}
        ${hasNames && spread(lines.map((one) => ({ ...one, y: y(one.values.findLast((value) => value !== null) ?? 0) }))).map((one) => html`<text key=${one.kind} class=${one.kind} x=${right + 8} y=${one.y + 4}>${one.name.length > 20 ? one.name.slice(0, 19) + '…' : one.name}</text>`)}
        ${index !== undefined && html`<path class="reading" d=${`M${x(index)} ${top}V${height - bottom}`} />`}</svg>
      <div class="over" role="slider" tabindex="0" aria-label=${`Values of ${name}`} aria-valuemin="1" aria-valuemax=${last + 1} aria-valuenow=${told + 1} aria-description=${zoom && 'With Shift the arrow keys choose a range, which Enter shows alone.'}
        aria-valuetext=${`${label(told)}: ${all.filter(({ values }) => values[told] !== null).map((one) => `${one.name} ${numberText(one.values[told])}`).join(', ')}`} onKeyDown=${keys} onBlur=${() => read({})} ...${pointer} />
      ${index !== undefined && html`<div class="tip" aria-hidden="true" style=${{ [x(index) > width / 2 ? 'right' : 'left']: `${Math.min(x(index), width - x(index)) + 10}px` }}>
        <b>${range ? `${label(range[0])} – ${label(range[1])}` : label(index)}${isOpen && index === last && ' · so far'}</b>
        ${all.map((one) => one.values[index] !== null && html`<span key=${one.kind}><${Key} kind=${one.kind} />${one.name}<em>${numberText(one.values[index])}</em></span>`)}
        ${range && !isDown && html`<small>Enter shows this range alone</small>`}</div>`}`}</div>
    <figcaption>${all.map((one) => html`<span key=${one.kind}><${Key} kind=${one.kind} />${one.name}</span>`)}<${Button} icon="table" label="Table" aria-pressed=${table} onClick=${() => setTable(!table)} /></figcaption>
    ${table && html`<${Grid} name=${`${name} as a table`} head=${['Time', ...all.map((one) => one.name)]} rows=${starts.map((_, each) => [each, label(each), ...all.map(({ values }) => (values[each] === null ? '–' : numberText(values[each])))])} />`}
  </figure>`;
}
