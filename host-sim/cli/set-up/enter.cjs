// From the old module system, which every Node.js has, to the present one.
"use strict";
import("./set-up.mjs").then(({ setUpAndRun }) => setUpAndRun(process.argv.slice(2)));
