// The kinds of values of which a setting takes one: branches of a union, types, null. One is picked,
// and its default is filled in.

const TYPES_OF_KINDS = { text: "string", number: "number", boolean: "boolean", array: "array", object: "object" };
const KIND_WORDS = {
  object: "an object", array: "a list", text: "a text", number: "a number",
  boolean: "true or false", null: "null",
};
const MOST_LEVELS = 3;
// Stands among schemas for that null was not picked.
const NOT_NULL = { not: { type: "null" } };

// The kinds as [{name, schemas, branch}]: what applies to a value of that kind, and what that kind
// itself says.
function alternativesIn(meaning) {
  const without = { $ref: null, allOf: null, anyOf: null, oneOf: null, default: undefined };
  const plain = meaning.parts.map((part) => ({ ...part, ...without }));
  const branches = branchesOf(meaning);
  const nothing = { name: KIND_WORDS.null, schemas: [{ type: "null" }], branch: [{ type: "null" }] };
  const last = meaning.isNullable && choicesIn(meaning) === null ? [nothing] : [];
  if (branches.length) {
    const tag = tagOf(branches);
    const names = numbered(branches.map((branch) => branchName(branch, tag)));
    const found = branches.map((branch, i) => ({ name: names[i], schemas: [...plain, ...branch, NOT_NULL], branch }));
    return [...found, ...last];
  }
  if (choicesIn(meaning) !== null) {
    return [];
  }
  const typed = meaning.kinds.map((kind) => {
    const schemas = [...plain, { type: TYPES_OF_KINDS[kind] }, NOT_NULL];
    return { name: KIND_WORDS[kind], schemas, branch: schemas };
  });
  return [...typed, ...last];
}

// Branches, those of branches in their place, each as schemas that apply together.
function branchesOf(meaning, around = []) {
  const branches = meaning.branches.filter((branch) => !around.includes(branch));
  return branches.flatMap((branch) => {
    const inner = branchesOf(meaningOf([branch]), [...around, ...branches]);
    return inner.length ? inner : [[branch]];
  });
}

const constantOf = (branch, key) => {
  const schemas = propertiesOf(meaningOf(branch)).get(key);
  const choices = schemas === undefined ? null : choicesIn(meaningOf(schemas));
  return choices !== null && choices.length === 1 ? choices[0] : undefined;
};

// The key by whose constant the objects among branches are told apart; null if there is none.
function tagOf(branches) {
  const objects = branches.filter((branch) => meaningOf(branch).kinds.join() === "object");
  const keys = objects.length ? [...propertiesOf(meaningOf(objects[0])).keys()] : [];
  const tells = (key) => {
    const values = objects.map((branch) => constantOf(branch, key));
    return !values.includes(undefined) && new Set(values).size === values.length;
  };
  return keys.find(tells) ?? null;
}

function branchName(branch, tag) {
  const meaning = meaningOf(branch);
  const constant = tag === null ? undefined : constantOf(branch, tag);
  const title = textOf(firstOf(meaning, "title"));
  if (constant !== undefined) {
    const name = typeof constant === "string" ? constant : JSON.stringify(constant);
    return title && title.toLowerCase() !== name.toLowerCase() ? `${name} (${title})` : name;
  }
  const choices = choicesIn(meaning);
  const words = choices !== null ? choices.map((each) => JSON.stringify(each)).join(" or ") : "";
  return title || words || meaning.kinds.map((kind) => KIND_WORDS[kind]).join(" or ") || "nothing";
}

function numbered(names) {
  const same = (name, end) => names.slice(0, end).filter((each) => each === name).length;
  return names.map((name, i) => (same(name, names.length) > 1 ? `${name} ${same(name, i) + 1}` : name));
}

// The place of the alternative that a value is of, as far as that can be told; -1 where not.
function chosenOf(alternatives, text, node) {
  const exact = alternatives.findIndex(({ branch }) => isOfKind(text, node, branch));
  if (exact >= 0) {
    return exact;
  }
  const tag = tagOf(alternatives.map(({ branch }) => branch));
  const part = node.parts.find(({ key }) => tag !== null && key === tag);
  if (part !== undefined) {
    const value = parsed(sourceOf(text, part));
    return alternatives.findIndex(({ branch }) => sameJson(constantOf(branch, tag), value));
  }
  const alike = alternatives.filter(({ branch }) => meaningOf(branch).kinds.includes(node.kind));
  return alike.length === 1 ? alternatives.indexOf(alike[0]) : -1;
}

// The value with which a new part begins: its default with the defaults below it, else the
// plainest that fits.
function startOf(schemas, level = 0) {
  const meaning = meaningOf(schemas);
  const given = firstOf(meaning, "default");
  const choices = choicesIn(meaning);
  if (given !== undefined && !isObject(given)) {
    return given;
  }
  if (choices !== null && choices.length) {
    return given ?? choices[0];
  }
  const branches = given === undefined ? branchesOf(meaning) : [];
  if (branches.length && level < MOST_LEVELS) {
    return startOf(branches[0], level + 1);
  }
  return given !== undefined ? wholeDefault(meaning, given, level) : plainest(meaning, level);
}

function plainest(meaning, level) {
  const low = firstOf(meaning, "minimum");
  const above = firstOf(meaning, "exclusiveMinimum");
  const most = firstOf(meaning, "maximum") ?? Infinity;
  const number = low ?? (typeof above === "number" ? above + 1 : 0);
  const least = level < MOST_LEVELS ? Math.min(firstOf(meaning, "minItems") ?? 0, 20) : 0;
  const starts = {
    object: () => wholeDefault(meaning, bare(), level),
    array: () => Array.from({ length: least }, (_, i) => startOf(itemSchemas(meaning, i), level + 1)),
    text: () => "",
    number: () => (number > most ? most : number),
    boolean: () => false,
  };
  return meaning.kinds.length ? starts[mainKind(meaning)]() : null;
}

function mainKind({ parts, kinds }) {
  const says = (...keywords) => parts.some((part) => keywords.some((keyword) => own(part, keyword)));
  const told = says("properties", "additionalProperties") ? "object" : says("items", "prefixItems") ? "array" : "";
  return [told, "text", "number", "boolean", kinds[0]].find((kind) => kinds.includes(kind));
}

// An object with what its properties begin with: those that are required, and those with a default.
function wholeDefault(meaning, given, level) {
  const found = copied(given);
  for (const [name, schemas] of level < MOST_LEVELS ? propertiesOf(meaning) : []) {
    const has = firstOf(meaningOf(schemas), "default");
    if (!own(found, name) && (isRequired(meaning, name) || !isNothing(has))) {
      found[name] = startOf(schemas, level + 1);
    }
  }
  return found;
}

// The value with which an alternative begins: the default of the whole, if that is of this kind.
function startOfAlternative(meaning, { branch: schemas }) {
  const given = firstOf(meaning, "default");
  const text = JSON.stringify(given) ?? "";
  const isOwn = text !== "" && isOfKind(text, readJson(text), schemas);
  return isOwn && isObject(given) ? wholeDefault(meaningOf(schemas), given, 0) : isOwn ? given : startOf(schemas);
}
