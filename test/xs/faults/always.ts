// Fails each 10 ms of capture time, for ever.

import "../../../src/main";

setTimeout(() => {
  throw new Error("again");
}, 10);
