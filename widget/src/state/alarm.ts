/** One timer that is set anew whenever what is due changes. Times are of `Date.now`. */
export type Alarm = { set(at: number | null): void };

export function createAlarm(ring: () => void): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    set(at) {
      clearTimeout(timer);
      if (at !== null) timer = setTimeout(ring, Math.max(0, at - Date.now()));
    },
  };
}
