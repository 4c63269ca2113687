import { html, useEffect, useState } from '../preact.js';
import { signIn } from '../api/client.js';
import { Bird, Button, Plain, useCountdown } from '../parts/basic.js';
import { Check, Field } from '../parts/fields.js';
import { problemText } from '../texts.js';

/** The code of one use that a link of the command line has; it leaves the address at once. */
function codeOfAddress() {
  const code = /^#in=([0-9A-Za-z_-]{43})$/.exec(location.hash)?.[1];
  if (location.hash.startsWith('#in=')) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}

/** Sign-in by a key or by a link of the command line; `again` within a dialog over a view. */
export default function SignIn({ again }) {
  const [code, setCode] = useState(() => (again ? undefined : codeOfAddress()));
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const [wait, setWait] = useCountdown();
  useEffect(() => {
    if (!again) document.title = 'Sign in · Swiftlet';
    const changed = () => setCode(codeOfAddress());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const send = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    if (!code && !form.get('key').trim()) return setProblem({ title: 'Enter a key', text: '' });
    setBusy(true);
    try {
      await signIn({ code, key: form.get('key'), remember: form.get('remember') === 'on' });
    } catch (failure) {
      setProblem(problemText(failure));
      setWait(failure.wait ?? 0);
      setCode(undefined);
    }
    return setBusy(false);
  };
  const text = problem && `${problem.title}. ${problem.text}`;
  const button = html`<${Button} kind="main" type="submit" label=${wait ? `Wait ${wait} s` : code ? 'Sign in' : busy ? 'Signing in…' : 'Sign in'} disabled=${busy || wait > 0} />`;
  const remember = html`<${Check} name="remember" label="Keep me signed in on this device" hint="For 30 days. Leave it off on a computer that others use." />`;
  const form = code
    ? html`<form onSubmit=${send}><p>The link that you opened signs this browser in to <b>${location.host}</b>. It works once.</p>${remember}
        ${button} <${Button} label="Use a key instead" onClick=${() => setCode(undefined)} /></form>`
    : html`<form onSubmit=${send}>
        <input class="hidden" type="text" name="username" autocomplete="username" readonly tabindex="-1" aria-hidden="true" value=${location.host} />
        <${Field} label="API key" error=${text}>${(of) => html`<div class="joined"><input ...${of} name="key" data-first type=${shown ? 'text' : 'password'} autocomplete="current-password" autocapitalize="off" spellcheck=${false} />
          <${Button} bare icon=${shown ? 'eye-off' : 'eye'} label=${shown ? 'Hide the key' : 'Show the key'} onClick=${() => setShown(!shown)} /></div>`}<//>
        ${remember}${button}</form>
      <p class="soft small">No key? On the server: <code>swiftlet key create NAME</code>, or <code>swiftlet key sign-in</code> for a link that signs in.</p>`;
  if (again) return form;
  return html`<main class="alone" data-ready=""><${Plain} /><div class="card"><p class="brand"><${Bird} />Swiftlet</p>
    <h1>Sign in to ${location.host}</h1>${form}</div></main>`;
}
