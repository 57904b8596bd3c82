import { render } from 'preact';
import { dress } from '../ui/dress.ts';
import rules from './admin.css?inline';
import { Decide } from './Decide.tsx';
import { Admin } from './Admin.tsx';

dress(rules);
const lang = navigator.language.startsWith('ko') || !/^en/i.test(navigator.language) ? 'ko' : 'en';
document.documentElement.lang = lang;
// Out of the address bar at once: it is good for whoever reads it first.
const invitation = /^#invite=([\w-]{43})$/.exec(location.hash)?.[1] ?? null;
const token = /^#held=([\w.-]+)$/.exec(location.hash)?.[1];
const pairs = location.hash === '#pair';
if (/^#(invite|held)/.test(location.hash) || (pairs && window.opener)) history.replaceState(null, '', '/admin');
render(token ? <Decide lang={lang} token={token} /> : <Admin lang={lang} invitation={invitation} opener={pairs ? window.opener : null} />, document.getElementById('app') ?? document.body);
