import { Component } from 'preact';
import { type Answer, ask, pathOf, save } from './api.ts';
import { pageWords } from './page-words.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { tell } from './told.ts';

type Props = { lang: 'ko' | 'en'; room: string; site: string; owner: boolean; imported(): void };
type State = { busy: boolean; said: string; wrong: string };
type Taken = { imported: number };

const formats = [['ndjson', 'NDJSON'], ['csv', 'CSV'], ['md', 'Markdown']] as const;

/** A room as a file, and a file behind a room. */
export class FilesPart extends Component<Props, State> {
  override state: State = { busy: false, said: '', wrong: '' };

  async #save(format: string): Promise<void> {
    const { lang, room, site } = this.props;
    const say = pageWords[lang].files;
    tell((await save(pathOf(room, site, 'export', { format }), `${[site, room].filter(Boolean).join('-')}.${format}`)) ? say.saved : say.failed);
  }

  #bring = async ({ currentTarget }: { currentTarget: HTMLInputElement }): Promise<void> => {
    const file = currentTarget.files?.[0];
    if (!file || this.state.busy) return;
    const { lang, room, site, imported } = this.props;
    const say = pageWords[lang].files;
    const told = (count: number): string => count.toLocaleString(lang);
    this.setState({ busy: true, said: '', wrong: '' });
    const pieces = piecesOf(await file.text());
    const all = pieces.at(-1)?.at.at(-1) ?? 0;
    let taken = 0;
    let wrong = '';
    for (const piece of pieces) {
      const answer = await ask<Taken>('POST', pathOf(room, site, 'import'), piece.text);
      if (!answer.ok) {
        wrong = this.#reason(answer, piece);
        break;
      }
      taken += answer.body.imported;
      this.setState({ said: say.busy(told(piece.at.at(-1) ?? 0), told(all)) });
    }
    const passed = messagesOf(pieces) - taken;
    this.setState({ busy: false, wrong, said: wrong && taken === 0 ? '' : say.done(told(taken)) + (wrong === '' && passed > 0 ? say.passed(told(passed)) : '') });
    // The same file again is a choice too.
    currentTarget.value = '';
    if (taken > 0) imported();
  };

  #reason({ status, title }: Extract<Answer<Taken>, { ok: false }>, { at }: Piece): string {
    const say = pageWords[this.props.lang].files;
    const [, line, why] = /^Line (\d+): (.*?)(?: Nothing was taken\.)?$/.exec(title) ?? [];
    if (line !== undefined && why !== undefined) return say.bad((at[Number(line) - 1] ?? 0).toLocaleString(this.props.lang), why);
    return status === 409 ? say.newer : say.broke;
  }

  override render({ lang, owner }: Props, { busy, said, wrong }: State) {
    const say = pageWords[lang].files;
    return (
      <section>
        <h2>{say.title}</h2>
        <p class="hint">{say.hint}</p>
        <p class="row wrap">{formats.map(([format, name]) => <button key={format} type="button" class="plain" onClick={() => void this.#save(format)}>{name}</button>)}</p>
        {owner && (
          <>
            <p class="hint apart">{say.bringHint}</p>
            <label class="plain file">{say.bring}<input type="file" accept=".ndjson,application/x-ndjson" disabled={busy} onChange={(event) => void this.#bring(event)} /></label>
            <p class="hint" role="status">{said}</p>
            {wrong && <p class="hint danger" role="alert">{wrong}</p>}
          </>
        )}
      </section>
    );
  }
}

/** Without what pieces bring along, and without the head. */
function messagesOf(pieces: readonly Piece[]): number {
  const lines = new Set(pieces.flatMap(({ at }) => at));
  return lines.size - (/^\s*\{"aside"/.test(pieces[0]?.text ?? '') ? 1 : 0);
}
