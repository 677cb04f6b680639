// --report: the run as one page. In: the options of a session. Out: the same session, watched; the page is written when the
// run has ended.

import { spellingOf } from "../device/pieces.ts";
import { pageOf } from "../report/page.ts";
import { Recording } from "../report/recording.ts";
import { AsideFile } from "../session/aside-file.ts";
import type { SessionOptions } from "../session/session.ts";
import type { View } from "../view/view.ts";

export interface Reported {
  readonly options: SessionOptions;
  watch(view: View): View;
}

export async function reportOf(file: string | undefined, options: SessionOptions): Promise<Reported> {
  if (file === undefined) return { options, watch: (view) => view };
  const target = await AsideFile.open(file); // what can't be written is said before the run
  const { microphone } = options;
  const recording = new Recording(microphone?.name ?? "console");
  const heard = microphone === undefined ? undefined : recording.tap(microphone);
  return {
    options: { ...options, microphone: heard },
    watch: (view) => ({
      record: (entry) => {
        recording.record(entry.record);
        return view.record(entry);
      },
      async end(summary, wallMs) {
        await target.write(Buffer.from(pageOf(recording, summary, spellingOf(options.device.model))));
        await target.commit();
        await view.end(summary, wallMs);
      },
      close: () => view.close(),
    }),
  };
}
