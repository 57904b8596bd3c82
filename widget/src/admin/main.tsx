import { render } from 'preact';
import { dress } from '../ui/dress.ts';
import rules from './admin.css?inline';
import { Admin } from './Admin.tsx';

dress(rules);
const lang = navigator.language.startsWith('ko') || !/^en/i.test(navigator.language) ? 'ko' : 'en';
document.documentElement.lang = lang;
// Out of the address bar at once: it is good for whoever reads it first.
const invitation = /^#invite=([\w-]{43})$/.exec(location.hash)?.[1] ?? null;
const pairs = location.hash === '#pair';
if (/^#invite/.test(location.hash) || (pairs && window.opener)) history.replaceState(null, '', '/admin');
render(<Admin lang={lang} invitation={invitation} opener={pairs ? window.opener : null} />, document.getElementById('app') ?? document.body);
