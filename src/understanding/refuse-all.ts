import type { Intent, Understander } from "./intent";

const REFUSED: Intent = { name: "none", slots: {}, confidence: 0, complete: true };

export class RefuseAll implements Understander {
  understand(): Intent {
    return REFUSED;
  }
  understandText(): Intent {
    return REFUSED;
  }
}
