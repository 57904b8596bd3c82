import type { Locator } from 'playwright-core';

/** Words that stand out from what is behind them by less than WCAG 2.2 AA asks. */
export type Faint = { text: string; place: string; ratio: number };

export function findFaint(html: Locator): Promise<{ looked: number; faint: Faint[] }> {
  return html.evaluate(measure);
}

/** Runs in the page. */
function measure(html: Element): { looked: number; faint: Faint[] } {
  type Colour = [red: number, green: number, blue: number, alpha: number];
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  /** Whatever notation it is in: a canvas paints it and says which pixel came out. */
  function read(colour: string): Colour {
    if (!canvas) throw new Error('No canvas to read colours with');
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  function over([red, green, blue, alpha]: Colour, [r, g, b]: Colour): Colour {
    const mix = (above: number, below: number): number => above * alpha + below * (1 - alpha);
    return [mix(red, r), mix(green, g), mix(blue, b), 1];
  }

  function behind(element: Element | null): Colour {
    if (!element) return read('Canvas');
    const own = read(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  }

  function lightOf([red, green, blue]: Colour): number {
    const linear = [red, green, blue].map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
  }

  function ratioOf(element: Element, style: CSSStyleDeclaration): number {
    let back = behind(element);
    let words = over(read(style.color), back);
    for (let pale: Element | null = element; pale; pale = pale.parentElement) {
      const alpha = Number(getComputedStyle(pale).opacity);
      if (alpha === 1) continue;
      const under = behind(pale.parentElement);
      [words, back] = [over([words[0], words[1], words[2], alpha], under), over([back[0], back[1], back[2], alpha], under)];
    }
    const [light = 0, dark = 0] = [lightOf(back), lightOf(words)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  const faint: Faint[] = [];
  let looked = 0;
  // What fades in is judged by what it comes to.
  for (const animation of document.getAnimations()) animation.finish();
  const seen = (element: Element): boolean => element.checkVisibility({ opacityProperty: true }) && !element.matches(':disabled, noscript, script, .unseen, .unseen *');
  for (const element of html.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent?.trim()).join(' ').trim();
    const hint = element.getAttribute('placeholder');
    if (!seen(element) || !(text || hint)) continue;
    const style = getComputedStyle(element, text ? null : '::placeholder');
    // Large text (24 px, or 18.66 px in bold) may be fainter.
    const size = Number.parseFloat(style.fontSize);
    const need = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const ratio = ratioOf(element, style);
    looked += 1;
    if (ratio < need) faint.push({ text: (text || hint || '').slice(0, 40), place: `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`, ratio });
  }
  return { looked, faint };
}
