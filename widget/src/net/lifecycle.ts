type Happening = { t: 'resume' | 'stop' | 'hint' };

/** Whether there is somebody to be connected for: not far below the fold, not on a page that was left or is only being made ready. */
export function followPage(happen: (happening: Happening) => void): void {
  let near = parent === window;
  let away = false;

  function look(): void {
    const early = 'prerendering' in document && document.prerendering === true;
    if (near && !away && !early) happen({ t: 'resume' });
  }

  /** The reader or the network is back. */
  function come(): void {
    if (document.hidden) return;
    away = false;
    look();
    if (navigator.onLine) happen({ t: 'hint' });
  }

  for (const name of ['pageshow', 'visibilitychange', 'online', 'focus']) addEventListener(name, come);
  addEventListener('pagehide', () => {
    away = true;
    happen({ t: 'stop' });
  });
  document.addEventListener('prerenderingchange', look);
  // The margin counts where host and frame are of one origin; in any other, near means in sight.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    near = true;
    look();
  }, { rootMargin: '100%' }).observe(document.documentElement);
  look();
}
