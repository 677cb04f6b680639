// The firmware as a package: `import "earshot"` in somebody's own firmware starts it (docs/boards.md).
// JavaScript, since the SDK's mcpack reads no TypeScript. The name is a variable so that mcpack leaves it to the
// manifest, whose module it is.

const main = "main";

export default import(main);
