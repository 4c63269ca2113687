import { html, useEffect, useRef, useState } from '../preact.js';
import { change, session } from '../api/client.js';
import { pageAddress, shortName, urlText } from '../model/link.js';
import { address } from '../model/place.js';
import { numberText, plural } from '../model/time.js';
import { Button, Icon, Loaded, Time, useData, useStore } from '../parts/basic.js';
import { Field } from '../parts/fields.js';
import { CopyButton } from '../parts/layers.js';
import { problemText } from '../texts.js';
import { Controls, reportQuery, Tiles, TotalChart, totalTiles, useLive, useReport, useView } from './Report.js';

/** Makes a link of what is pasted; its Copy button has the focus afterwards. */
function Shorten() {
  const [text, setText] = useState('');
  const [state, set] = useState({});
  const made = useRef();
  useEffect(() => {
    if (state.link && !text) made.current.querySelector('button').focus();
  }, [state.link]);
  const submit = async (event) => {
    event.preventDefault();
    const longUrl = text.trim();
    if (!longUrl || state.busy) return;
    set({ busy: true });
    try {
      const link = await change('POST', 'short-urls', { body: { longUrl: /^[a-z][a-z0-9+.-]*:/i.test(longUrl) ? longUrl : `https://${longUrl}`, findIfExists: true } });
      set({ link });
      setText((now) => (now === text ? '' : now));
    } catch (problem) {
      const { title, text: why } = problemText(problem);
      set({ error: problem.fields.length ? why : `${title}. ${why}` });
    }
  };
  const { link } = state;
  return html`<section class="card shorten"><form onSubmit=${submit}><${Field} label="Long URL" error=${state.error}>${(of) => html`<div class="one">
      <input ...${of} inputmode="url" autocapitalize="off" autocomplete="off" spellcheck="false" maxlength="8192" placeholder="https://… paste a long URL and press Enter" value=${text} onInput=${(event) => setText(event.target.value)} />
      <${Button} kind="main" type="submit" label=${state.busy ? 'Shortening…' : 'Shorten'} disabled=${state.busy} /></div>`}<//></form>
    ${link && html`<p class="made" ref=${made} role="status"><a href=${pageAddress(link)}>${shortName(link)}</a><${CopyButton} kind="main" text=${link.shortUrl} label="Copy" /><span class="soft">leads to ${urlText(link.longUrl)}</span></p>`}</section>`;
}

const Links = ({ title, links, more, note }) => html`<section class="card"><h2>${title}</h2><ul class="rows">${links.map((link) => html`<li key=${link.id}><a href=${pageAddress(link)}>${shortName(link)}</a>
  <span class="soft">${link.title || urlText(link.longUrl)}</span><span class="number">${note(link)}</span></li>`)}</ul><a href=${more}>All links</a></section>`;

function Steps() {
  const { instance } = useStore(session);
  return html`<section class="card"><h2>Three steps</h2><ol class="three"><li><b>Shorten.</b> Paste a long URL above and press Enter.</li><li><b>Share.</b> Copy the short URL, or take its QR code.</li><li><b>Watch.</b> Each click shows up here within seconds.</li></ol>
    <p class="soft">The same from a program:</p><pre><code>${`curl -H 'X-Api-Key: …' -H 'Content-Type: application/json' \\\n  -d '{"longUrl":"https://example.org/"}' ${instance.baseUrl}/rest/v3/short-urls`}</code></pre></section>`;
}

/** The way to the links of a state, with their number; nothing without any. */
function useWay(state, words) {
  const count = useData('short-urls', { state, itemsPerPage: 1 }).data?.shortUrls.pagination.totalItems;
  return count > 0 && html` <a href=${address('links', { state })}>${plural(count, 'link')} ${words}</a>.`;
}

/** The first page: shorten, and what goes on. */
export default function Overview() {
  const { may } = useStore(session);
  const view = useView();
  const report = useReport(reportQuery(view));
  const orphans = useData(may.orphanVisits ? 'analytics' : null, { ...view.asked, orphan: 'all' });
  const newest = useData('short-urls', { orderBy: 'dateCreated-DESC', itemsPerPage: 6 });
  const top = useData('short-urls', { orderBy: 'nonBotVisits-DESC', itemsPerPage: 6 });
  const ways = [useWay('ending', 'ending within 7 days'), useWay('exhausted', 'used up')];
  const live = useLive({ visits: 'visits/non-orphan' }, view.isLive, () => {
    if (!report.busy) report.retry();
    if (!top.busy) top.retry();
  });
  const links = newest.data?.shortUrls;
  const missing = orphans.data?.data[0].total;
  const isEmpty = links && !links.pagination.totalItems;
  const missed = missing && missing.clicks + (view.bots ? missing.bots : 0);
  return html`<h1 tabindex="-1" class="hidden">Overview</h1>${may.create && html`<${Shorten} />`}
    ${isEmpty ? html`<${Steps} />` : html`<${Controls} view=${view} report=${report} live=${live} />
      <div class=${`report ${view.isLive ? 'quiet' : ''}`}><${Loaded} of=${report} skeleton=${8} draw=${(data) => html`<${Tiles} items=${[
        ...totalTiles(data.data[0], view).slice(0, -1), ['Links', links?.pagination.totalItems ?? '–'],
        may.orphanVisits && ['Missing', missed === undefined ? '–' : html`<a href=${address('missing')}>${numberText(missed)}</a>`, undefined, html`<small>clicks without a link</small>`],
      ]} /><section class="card"><h2 class="hidden">Clicks over time</h2><${TotalChart} report=${data} view=${view} /></section>`} />
        ${ways.some(Boolean) && html`<p class="note"><${Icon} name="triangle-alert" /><span>Needs a look:${ways}</span></p>`}</div>
      <div class="two quiet"><${Loaded} of=${top} draw=${({ shortUrls }) => html`<${Links} title="Most clicked" links=${shortUrls.data.filter((link) => link.visitsSummary.total)} more=${address('links', { sort: 'nonBotVisits-DESC' })} note=${(link) => numberText(link.visitsSummary.nonBots)} />`} />
        <${Loaded} of=${newest} draw=${({ shortUrls }) => html`<${Links} title="Newest" links=${shortUrls.data} more=${address('links')} note=${(link) => html`<${Time} at=${link.dateCreated} />`} />`} /></div>`}`;
}
