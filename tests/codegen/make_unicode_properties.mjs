// Prints codegen/brevetti_gen/patterns/unicode_properties.txt, from the Unicode data inside Node.js:
//
//     node tests/codegen/make_unicode_properties.mjs names.json
//
// names.json is {"General_Category": [...], "Script": [...], "Script_Extensions": [...],
// "": [...]}, the long names of brevettiai.formats.ecma_names (see test_unicode_properties.py).

import { readFileSync } from "node:fs";

const LAST = 0x10ffff;

function ranges(expression) {
  const found = [];
  let start = -1;
  for (let code = 0; code <= LAST + 1; code += 1) {
    const inside = code <= LAST && expression.test(String.fromCodePoint(code));
    if (inside && start < 0) start = code;
    if (!inside && start >= 0) {
      const last = code - 1;
      found.push(start.toString(16) + (last > start ? "-" + last.toString(16) : ""));
      start = -1;
    }
  }
  return found.join(" ");
}

console.log(`Unicode ${process.versions.unicode}`);
for (const [property, values] of Object.entries(JSON.parse(readFileSync(process.argv[2])))) {
  for (const value of values) {
    const name = property ? `${property}=${value}` : value;
    console.log(`${name}: ${ranges(new RegExp(`^\\p{${name}}$`, "u"))}`);
  }
}
