type Props = { label: string; callees: readonly string[]; chosen: number; take(nick: string): void };

/** Names to choose from while one is being written. The focus stays in the text. */
export function CallList({ label, callees, chosen, take }: Props) {
  return (
    <div class="calls" id="calls" role="listbox" aria-label={label}>
      {callees.map((nick, i) => (
        <div
          key={nick}
          id={`call-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === chosen}
          onMouseDown={(event) => { event.preventDefault(); take(nick); }}
        >
          {nick}
        </div>
      ))}
    </div>
  );
}
