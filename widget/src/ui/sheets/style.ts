/// <reference types="vite/client" />
import rules from './sheets.css?inline';

/** Comes with what it is for; a page's policy forbids styles that are written into it, not sheets that are made. */
const style = new CSSStyleSheet();
style.replaceSync(rules);
document.adoptedStyleSheets.push(style);
