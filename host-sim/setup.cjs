// The door of every command of package.json: `node host-sim/setup.cjs <command> [arguments]`.
// In: whatever Node.js a user has. Out: either one sentence that says which Node.js is needed, or cli/set-up, which
// brings the rest of the set-up and runs the command.
// May hold nothing but the syntax of old Node.js versions (a test compiles it as ES5): else the user would see a syntax
// error in place of the sentence.
"use strict";

var NEEDED = 20;
var found = parseInt(process.versions.node.split(".")[0], 10);

if (found >= NEEDED) {
  require("./cli/set-up/enter.cjs");
} else {
  var sentence = "Node.js " + NEEDED + " or newer is needed and this is " + process.version;
  var advice = "install a newer one (Debian 13, Ubuntu 25.04 and later have it as the package nodejs)";
  process.stderr.write("earshot: " + sentence + ": " + advice + ".\n");
  process.exitCode = 2;
}
