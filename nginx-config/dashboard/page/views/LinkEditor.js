import { html, useEffect, useLayoutEffect, useRef, useState } from '../preact.js';
import { ask, change, Problem, session } from '../api/client.js';
import { domainOf, editAddress, linkPath, shortName } from '../model/link.js';
import { address, go, leaving, place, search } from '../model/place.js';
import { localText, momentOf, numberText, plural, zone } from '../model/time.js';
import { utmNames, utmOf, withUTM } from '../model/utm.js';
import { Button, Icon, Loaded, Trouble, useData, useShared, useStore } from '../parts/basic.js';
import { Check, Field, TagInput } from '../parts/fields.js';
import { confirm, CopyButton, Dialog, toast } from '../parts/layers.js';
import { Rules } from './LinkRules.js';

/** The fields of the form, from a link; empty ones for a new link. */
const draftOf = (link, rules) => ({
  longUrl: link?.longUrl ?? '', title: link?.title ?? '', tags: link?.tags ?? [], customSlug: '', domain: link?.domain ?? '',
  validSince: localText(link?.meta.validSince), validUntil: localText(link?.meta.validUntil), maxVisits: link?.meta.maxVisits ?? '',
  enabled: link?.enabled ?? true, crawlable: link?.crawlable ?? false, forwardQuery: link?.forwardQuery ?? true, preview: link?.preview ?? true, rules,
});

const names = { longUrl: 'Long URL', title: 'Title', tags: 'Tags', validSince: 'Works from', validUntil: 'Works until', maxVisits: 'Visits at most', enabled: 'Enabled', crawlable: 'Search engines', forwardQuery: 'Query', preview: 'Preview' };
const words = { ...names, rules: 'Rules' };
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const moments = ['validSince', 'validUntil'];

/** What is now, beside what was typed since then. */
const beside = (typed, then, now) => Object.fromEntries(Object.keys(now).map((name) => [name, isSame(typed[name], then[name]) ? now[name] : typed[name]]));

/** A field as the API has it. */
function member(name, value) {
  if (moments.includes(name)) return momentOf(value);
  if (name === 'maxVisits') return value === '' ? null : Number(value);
  return value === '' ? null : value;
}

/** The members that differ from what is stored. */
const changesOf = (draft, base) => Object.fromEntries(Object.keys(names).filter((name) => !isSame(draft[name], base[name])).map((name) => [name, member(name, draft[name])]));

/** The API's sentences in the form's words. */
const inWords = (detail = '') => Object.entries({ ...names, customSlug: 'Code', redirectRules: words.rules }).reduce((text, [name, word]) => text.replaceAll(`${name} `, `${word} `), detail);

/** What is wrong with a field: the API's sentence about it. */
function errorsOf(problem) {
  if (problem?.type === 'non-unique-slug') return { customSlug: 'Another link has this code.' };
  const sentences = (problem?.detail ?? '').split(/(?<=\.) (?=[a-z]\w+ )/);
  return Object.fromEntries((problem?.fields ?? []).map((name) => [name === 'redirectRules' ? 'rules' : name, (sentences.find((one) => one.startsWith(name)) ?? problem.detail).replace(`${name} `, '').replace(/^./, (letter) => letter.toUpperCase())]));
}

const states = { free: ['good', 'is free'], taken: ['bad', 'is taken'], reserved: ['bad', 'is reserved'], invalid: ['bad', 'can’t be a code'] };

/** Whether a code is free, a moment after it was typed. */
function useAvailability(slug, domain) {
  const [found, set] = useState(null);
  useEffect(() => {
    set(null);
    if (!slug.trim()) return undefined;
    const control = new AbortController();
    const timer = setTimeout(() => ask('GET', 'short-urls/availability', { query: { slug, domain }, signal: control.signal }).then(set, () => {}), 300);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [slug, domain]);
  return found;
}

/** A link of one's own that leads to the same URL. */
function useTwin(longUrl) {
  const [twin, set] = useState(null);
  return [twin?.longUrl === longUrl && twin, () => longUrl.length > 9 && ask('GET', 'short-urls', { query: { searchTerm: longUrl, itemsPerPage: 20 } })
    .then(({ shortUrls }) => set(shortUrls.data.find((link) => link.longUrl === longUrl)), () => {})];
}

function Code({ draft, set, error }) {
  const [asked] = useState(draft.domain);
  const { instance, may } = session.get();
  const domains = useShared(may.read && 'domains')?.domains.data ?? [];
  const found = useAvailability(draft.customSlug, draft.domain);
  const [kind, says] = states[found?.status] ?? [];
  const options = domains.map(({ domain, isDefault }) => [isDefault ? '' : domain, domain]);
  if (asked && !options.some(([key]) => key === asked)) options.push([asked, asked]);
  const isChosen = draft.domain || options.length > 1;
  const hint = found
    ? html`<span class=${kind} role="status"><b>${found.slug}</b> ${says}${kind === 'bad' && found.reason ? `: it ${found.reason.replace(/^is (taken|reserved): /, '')}` : ''}</span>`
    : 'Leave it empty to get one.';
  return html`<div class="pair">${isChosen && html`<${Field} label="Domain" value=${draft.domain} options=${options} onChange=${(event) => set({ domain: event.target.value })} />`}
    <${Field} label="Code" hint=${hint} error=${error}>${(of) => html`<div class="prefixed"><span class="soft">${isChosen ? '' : instance.defaultDomain}/</span>
      <input ...${of} value=${draft.customSlug} maxlength="255" autocomplete="off" autocapitalize="off" spellcheck=${false} onInput=${(event) => set({ customSlug: event.target.value })} /></div>`}<//></div>`;
}

/** A part that is closed until it is wanted; its summary says what is set. */
const Part = ({ title, says, open, children }) => html`<details class="part" open=${open}><summary><h3>${title}</h3><span class="soft">${says}</span><${Icon} name="chevron-down" /></summary><div>${children}</div></details>`;

/** What the long URL says of a campaign; it is written into it. */
function Campaign({ url, set }) {
  const utm = utmOf(url);
  const says = !utm ? 'for a long URL of the web' : utmNames.filter((name) => utm[name]).map((name) => `${name} ${utm[name]}`).join(', ');
  return html`<${Part} title="UTM" says=${says || 'no campaign'}><div class="pair">${utmNames.map((name) => html`<${Field} label=${`UTM ${name}`} disabled=${!utm} value=${utm?.[name] ?? ''}
    onInput=${({ target }) => set(withUTM(url, name, target.value))} autocomplete="off" />`)}</div><//>`;
}

/** What others have changed at the same fields meanwhile. */
const Conflict = ({ fields, theirs, take }) => html`<div class="trouble" role="alert"><${Icon} name="triangle-alert" /><div><strong>Somebody else has changed this link meanwhile</strong>
  <p>${fields.length ? 'Both of you changed this. Yours is in the form; save again to keep it.' : 'Their changes are in the form beside yours. Look at them, then save again.'}</p>
  ${fields.map((name) => html`<p key=${name}>${words[name]}: theirs is <b><bdi>${name === 'rules' ? plural(theirs.rules.length, 'rule') : String(theirs[name]) || 'empty'}</bdi></b> <${Button} label="Use theirs" onClick=${() => take(name)} /></p>`)}</div></div>`;

/** A new link, ready to be passed on. */
function Made({ link, again, close }) {
  return html`<${Dialog} kind="side" title="Your link is ready" close=${close} footer=${html`<${Button} label="Make another" onClick=${again} />${session.get().may.edit && html`<a class="button" href=${editAddress(link)}>Edit</a>`}<${Button} label="Done" onClick=${close} />`}>
    <p class="issued">${shortName(link)}</p><div class="acts"><${CopyButton} kind="main" data-first label="Copy" text=${link.shortUrl} /></div>
    <p class="soft">It leads to <bdi>${link.longUrl}</bdi></p>
    <img class="ground" src=${`/${link.shortCode}/qr-code${search({ ...domainOf(link), size: 300, margin: 16, format: 'svg' })}`} width="200" height="200" alt=${`QR code that leads to ${link.shortUrl}`} /><//>`;
}

function Form({ link, rules, start, close }) {
  const { may, instance } = session.get();
  const [stored, setStored] = useState({ link, rules, start });
  const base = { ...draftOf(stored.link, stored.rules), ...stored.start };
  const [draft, setDraft] = useState(base);
  const [made, setMade] = useState(null);
  const [problem, setProblem] = useState(null);
  const [conflict, setConflict] = useState(null);
  const [busy, setBusy] = useState(false);
  const summary = useRef();
  /** Whether something was typed since the last save began. */
  const hands = useRef();
  const set = (changes) => {
    hands.current = true;
    setDraft((old) => ({ ...old, ...changes }));
  };
  const text = (name) => (event) => set({ [name]: event.target.value });
  const isDirty = !made && !isSame(draft, base);
  const [twin, findTwin] = useTwin(draft.longUrl);
  const errors = errorsOf(problem);
  useLayoutEffect(() => {
    leaving.ask = isDirty ? () => confirm({ title: 'Discard your changes?', text: 'What you typed is not saved.', yes: 'Discard', no: 'Keep editing' }) : null;
  }, [isDirty]);
  useEffect(() => () => { leaving.ask = null; }, []);
  useEffect(() => { if (problem || conflict) summary.current?.focus(); }, [problem, conflict]);

  const rulesOf = (of) => [`${linkPath(of)}/redirect-rules`, { query: domainOf(of) }];

  /** Takes up what is stored now; what was typed here stays before it. */
  const merge = async (theirs) => {
    const { redirectRules } = await ask('GET', ...rulesOf(theirs));
    const now = draftOf(theirs, redirectRules);
    setConflict({ theirs: now, fields: Object.keys(words).filter((name) => [draft, now].every((one) => !isSame(one[name], base[name])) && !isSame(now[name], draft[name])) });
    setStored({ link: theirs, rules: redirectRules });
    setDraft((typed) => beside(typed, base, now));
  };

  /** Takes up what was saved of this draft. */
  const take = (saved, kept, now = kept) => {
    setStored({ link: saved, rules: kept });
    setDraft((typed) => beside(typed, draft, draftOf(saved, now)));
  };

  const save = async (event) => {
    event.preventDefault();
    const half = [...event.target.elements].find((one) => one.validity.badInput);
    if (half) {
      half.closest('details').open = true;
      half.reportValidity();
      return;
    }
    if (busy || !may.edit && link) return;
    hands.current = false;
    setBusy(true);
    setProblem(null);
    try {
      let saved = stored.link;
      const changes = changesOf(draft, base);
      if (!saved) {
        const { customSlug, domain } = draft;
        saved = await change('POST', 'short-urls', { body: { ...changes, longUrl: draft.longUrl.trim(), enabled: undefined, ...(customSlug && { customSlug }), ...(domain && { domain }) } });
      } else if (isDirty) {
        saved = await change('PATCH', linkPath(saved), { query: domainOf(saved), body: { ...changes, revision: saved.revision } });
      }
      take(saved, stored.rules, draft.rules);
      if (!isSame(draft.rules, stored.rules)) {
        const [path, options] = rulesOf(saved);
        const { redirectRules } = await change('POST', path, { ...options, body: { redirectRules: draft.rules, revision: saved.revision } });
        take(await ask('GET', linkPath(saved), options), redirectRules);
      }
      setConflict(null);
      if (link || may.edit && hands.current) toast('Saved.');
      else setMade(saved);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (failure.type === 'revision-conflict' && failure.body.shortUrl) await merge(failure.body.shortUrl).catch(setProblem);
      else setProblem(failure);
    } finally {
      setBusy(false);
    }
  };

  const submit = (event) => {
    if (event.key !== 'Enter' || !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    // What the field has made of the key is drawn first.
    const form = event.currentTarget;
    setTimeout(() => form.requestSubmit());
  };

  if (made) return html`<${Made} link=${made} close=${close} again=${() => { setMade(null); setStored({ rules: [] }); setDraft(draftOf(null, [])); }} />`;
  const isOld = !!stored.link;
  const limits = [draft.validSince && `from ${draft.validSince.replace('T', ' ')}`, draft.validUntil && `until ${draft.validUntil.replace('T', ' ')}`, draft.maxVisits && plural(Number(draft.maxVisits), 'visit'), !draft.enabled && 'disabled'].filter(Boolean);
  const isReadOnly = isOld ? !may.edit : !may.create;
  return html`<${Dialog} kind="side" title=${isOld ? `Edit ${shortName(stored.link)}` : 'New link'} close=${close} footer=${html`<span class="soft small grow">${isDirty ? 'Not saved yet' : ''}</span><${Button} label=${isDirty ? 'Cancel' : 'Close'} onClick=${close} />
      ${!isReadOnly && html`<${Button} kind="main" type="submit" form="editor" label=${busy ? 'Saving…' : isOld ? 'Save' : 'Make link'} disabled=${busy || (!isDirty && isOld)} />`}`}>
    <form id="editor" class="editor" onSubmit=${save} onKeyDown=${submit} novalidate>
    <div ref=${summary} tabindex="-1" class="summary">${problem && html`<${Trouble} problem=${{ ...problem, detail: inWords(problem.detail) }} />`}${conflict && html`<${Conflict} ...${conflict} take=${(name) => {
      set({ [name]: conflict.theirs[name] });
      setConflict({ ...conflict, fields: conflict.fields.filter((other) => other !== name) });
    }} />`}</div>
    <fieldset disabled=${isReadOnly}>
    <${Field} label="Long URL" type="url" inputmode="url" placeholder="https://" data-first value=${draft.longUrl} error=${errors.longUrl} onInput=${text('longUrl')} onBlur=${() => !isOld && findTwin()} autocomplete="off" spellcheck=${false} />
    <${Campaign} url=${draft.longUrl} set=${(longUrl) => set({ longUrl })} />
    ${!isOld && twin && html`<p class="note" role="status"><${Icon} name="info" /><span>You have this URL as <a href=${editAddress(twin)}>${shortName(twin)}</a>. <${CopyButton} label="Copy that one" text=${twin.shortUrl} /></span></p>`}
    ${!isOld && html`<${Code} draft=${draft} set=${set} error=${errors.customSlug ?? errors.domain} />`}
    <${Field} label="Title" hint=${isOld || !instance.defaults.resolveTitles ? '' : 'Empty: the title of the page (AUTO_RESOLVE_TITLES).'} value=${draft.title} error=${errors.title} onInput=${text('title')} maxlength="512" />
    <${Field} label="Tags" hint="Enter or a comma ends a tag." error=${errors.tags}>${(of) => html`<${TagInput} ...${of} tags=${draft.tags} set=${(tags) => set({ tags })} />`}<//>
    <${Part} title="Validity" says=${limits.join(', ') || 'always'} open=${moments.concat('maxVisits').some((name) => errors[name]) || undefined}>
      <div class="pair"><${Field} label="Works from" type="datetime-local" value=${draft.validSince} error=${errors.validSince} onInput=${text('validSince')} />
      <${Field} label="Works until" type="datetime-local" value=${draft.validUntil} error=${errors.validUntil} onInput=${text('validUntil')} /></div>
      <p class="hint soft small">Times are those of ${zone()}. Before, the link is not found; afterwards it is gone.</p>
      <${Field} label="Visits at most" type="number" min="1" max="2147483647" value=${draft.maxVisits} error=${errors.maxVisits} onInput=${text('maxVisits')}
        hint=${isOld ? `${numberText(stored.link.visitsSummary.nonBots)} by people so far. Bots spend none.` : 'Bots spend none.'} />
      ${isOld && html`<${Check} label="Enabled" hint="A disabled link answers that it is gone." checked=${draft.enabled} onChange=${(event) => set({ enabled: event.target.checked })} />`}<//>
    ${(isOld || may.edit) && html`<${Part} title="Rules" says=${draft.rules.length ? plural(draft.rules.length, 'rule') : 'everybody goes to the long URL'} open=${errors.rules ? true : undefined}>
      <${Rules} rules=${draft.rules} set=${(next) => set({ rules: next })} link=${stored.link} error=${errors.rules} isSaved=${isOld && isSame(draft.rules, stored.rules)} /><//>`}
    <${Part} title="Redirect" says=${[draft.forwardQuery ? 'passes the query on' : 'without the query', draft.crawlable && 'for search engines', !draft.preview && 'no preview'].filter(Boolean).join(', ')}>
      <${Check} label="Pass the visitor’s query on" hint="?a=b behind the short URL is put behind the long one." checked=${draft.forwardQuery} onChange=${(event) => set({ forwardQuery: event.target.checked })} />
      <${Check} label="Search engines may follow it" hint="robots.txt allows it." checked=${draft.crawlable} onChange=${(event) => set({ crawlable: event.target.checked })} />
      <${Check} label="Preview" checked=${draft.preview} onChange=${(event) => set({ preview: event.target.checked })} hint=${!instance.features.previews ? 'No link has one here (PREVIEW).'
        : draft.maxVisits ? 'Without effect: a link with a limit of visits has none.' : 'A + behind the short URL shows where it leads.'} /><//>
    </fieldset></form><//>`;
}

/** A stored link with its rules, then its form. */
function Stored({ path, domain, close }) {
  const [both, set] = useState(null);
  const link = useData(both ? null : path, { domain });
  const rules = useData(both ? null : `${path}/redirect-rules`, { domain });
  useEffect(() => {
    // What is typed is not replaced by what is read later.
    if (!both && link.data && rules.data && !link.busy && !rules.busy) set({ link: link.data, rules: rules.data.redirectRules });
  }, [link, rules]);
  if (both) return html`<${Form} ...${both} close=${close} />`;
  return html`<${Dialog} kind="side" title="Edit link" close=${close}><${Loaded} of=${link.problem ? link : { ...rules, data: null }} draw=${() => null} /><//>`;
}

/** The panel of a new link, or of one that is there. */
export default function LinkEditor({ close }) {
  const { path, query } = useStore(place);
  const code = /^links\/(.+)\/edit$/.exec(path)?.[1];
  useEffect(() => {
    document.title = `${code ? 'Edit link' : 'New link'} · Swiftlet`;
    if (!code && path !== 'links/new') go(address('links'), { replace: true });
  }, [code]);
  if (!code) return html`<${Form} rules=${[]} start=${{ customSlug: query.get('slug') ?? '', domain: query.get('domain') ?? '' }} close=${close} />`;
  return html`<${Stored} path=${`short-urls/${encodeURIComponent(decodeURIComponent(code))}`} domain=${query.get('domain')} close=${close} />`;
}
