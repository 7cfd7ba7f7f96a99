// What the JSON Schema of the class says of the values in a JSON field, as far as an editor can use
// it: a guide and no check, the class checks.

const ALL_KINDS = ["object", "array", "text", "number", "boolean", "null"];
const KINDS_BY_TYPE = { string: "text", integer: "number" };

const isNullSchema = (schema) =>
  isObject(schema) &&
  (schema.type === "null" ||
    schema.const === null ||
    (Array.isArray(schema.enum) && schema.enum.every((each) => each === null)));

// Alternatives that only demand something of the same value are no kinds of values.
const TELLING = ["$ref", "type", "properties", "const", "enum", "items", "prefixItems", "allOf", "anyOf", "oneOf"];
const isTelling = (schema) => isObject(schema) && TELLING.some((keyword) => own(schema, keyword));

// What a local reference of the document leads to.
function referredTo(reference) {
  let target = shown.view.json_schema;
  let steps = [];
  try {
    steps = decodeURIComponent(reference.slice(1)).split("/").slice(1);
  } catch {
    return null;
  }
  for (const step of steps.map((each) => each.replaceAll("~1", "/").replaceAll("~0", "~"))) {
    target = typeof target === "object" && target !== null && own(target, step) ? target[step] : null;
  }
  return reference.startsWith("#") ? target : null;
}

// What was found out of schemas, for as long as they are there.
const meanings = new WeakMap();
const properties = new WeakMap();

function found(known, key, find) {
  if (!known.has(key)) {
    known.set(key, find());
  }
  return known.get(key);
}

// What schemas that all apply to a value say of it together: {parts, branches, kinds, isNullable}.
function meaningOf(schemas) {
  const isAlone = schemas.length === 1 && isObject(schemas[0]);
  return isAlone ? found(meanings, schemas[0], () => readMeaning(schemas)) : readMeaning(schemas);
}

// A single alternative beside null is seen through.
function readMeaning(schemas) {
  const ahead = [...schemas];
  const parts = new Set();
  const meaning = { parts: [], branches: [], isNullable: false };
  while (ahead.length) {
    const schema = ahead.shift();
    if (!isObject(schema) || parts.has(schema)) {
      continue;
    }
    parts.add(schema);
    ahead.push(typeof schema.$ref === "string" ? referredTo(schema.$ref) : null, ...listOf(schema.allOf));
    for (const keyword of ["anyOf", "oneOf"]) {
      const all = listOf(schema[keyword]);
      const branches = all.filter((each) => !isNullSchema(each));
      meaning.isNullable ||= branches.length < all.length;
      if (branches.length === 1) {
        ahead.push(branches[0]);
      } else if (meaning.branches.length === 0 && branches.every(isTelling)) {
        meaning.branches = branches;
      }
    }
  }
  meaning.parts = [...parts];
  meaning.isNullable ||= meaning.parts.some((part) => isNullSchema(part) || saysNull(part));
  meaning.isNullable ||= meaning.branches.length === 0 && !meaning.parts.some(saysKind);
  meaning.isNullable &&= !parts.has(NOT_NULL);
  return Object.assign(meaning, { kinds: kindsOf(meaning.parts) });
}

const saysKind = (part) => ["type", "enum", "const"].some((keyword) => own(part, keyword));
const saysNull = ({ type, enum: choices }) => listOf(type).includes("null") || listOf(choices).includes(null);

// The kinds of values besides null that schemas leave together.
function kindsOf(parts) {
  let kinds = ALL_KINDS.filter((kind) => kind !== "null");
  for (const part of parts) {
    if (part.type !== undefined) {
      const types = [part.type].flat().map((type) => KINDS_BY_TYPE[type] ?? type);
      kinds = kinds.filter((kind) => types.includes(kind));
    }
  }
  return kinds;
}

const firstOf = (meaning, keyword) =>
  meaning.parts.find((part) => own(part, keyword) && part[keyword] !== undefined)?.[keyword];

// The values that may be chosen; null where there is no list of them.
function choicesIn(meaning) {
  const constant = meaning.parts.find((part) => own(part, "const"));
  const choices = firstOf(meaning, "enum");
  return constant !== undefined ? [constant.const] : Array.isArray(choices) ? choices : null;
}

const isSecretValue = (meaning) =>
  meaning.parts.some((part) => part.writeOnly === true || part.format === "password");

// The schemas of the item at a place of a list, and whether there may be one.
const itemSchemas = (meaning, place) => itemsSaid(meaning, place).filter(isObject);

const takesItem = (meaning, place) =>
  place < (firstOf(meaning, "maxItems") ?? Infinity) && !itemsSaid(meaning, place).includes(false);

const itemsSaid = (meaning, place) =>
  meaning.parts.map((part) => {
    const first = Array.isArray(part.items) ? part.items : listOf(part.prefixItems);
    const rest = Array.isArray(part.items) ? part.additionalItems : part.items;
    return place < first.length ? first[place] : rest;
  });

// The properties that objects are known to have: their schemas by name.
const propertiesOf = (meaning) => found(properties, meaning, () => readProperties(meaning));

function readProperties(meaning) {
  const named = new Map();
  for (const part of meaning.parts) {
    for (const [name, schema] of isObject(part.properties) ? Object.entries(part.properties) : []) {
      named.set(name, [...(named.get(name) ?? []), schema]);
    }
  }
  return named;
}

const isRequired = (meaning, name) =>
  meaning.parts.some((part) => listOf(part.required).includes(name));

// The schemas of a key that is no property, and whether there may be such keys.
function otherSchemas(meaning, key) {
  return meaning.parts.flatMap((part) => {
    const patterns = isObject(part.patternProperties) ? Object.entries(part.patternProperties) : [];
    const fitting = patterns.filter(([pattern]) => matches(pattern, key)).map(([, schema]) => schema);
    return fitting.length ? fitting : [part.additionalProperties];
  }).filter(isObject);
}

function matches(pattern, text) {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}

function takesOthers(meaning) {
  const says = (part) => own(part, "additionalProperties") || own(part, "patternProperties");
  const said = meaning.parts.filter(says);
  return said.length
    ? said.every((part) => part.additionalProperties !== false || own(part, "patternProperties"))
    : propertiesOf(meaning).size === 0;
}

// The schemas of the setting with a dotted path; none where the path leads to no property.
function schemasAt(path) {
  let schemas = [shown.view.json_schema];
  for (const step of stepsOf(path)) {
    const meaning = meaningOf(schemas);
    schemas = propertiesOf(meaning).get(step) ?? schemasInBranches(meaning, step);
  }
  return schemas;
}

// The schemas of a key that only branches have: alternatives, where these differ.
function schemasInBranches(meaning, key) {
  const all = branchesOf(meaning).map((branch) => propertiesOf(meaningOf(branch)).get(key) ?? []);
  const apart = new Map(all.filter(({ length }) => length).map((schemas) => [JSON.stringify(schemas), schemas]));
  const different = [...apart.values()];
  return different.length > 1 ? [{ anyOf: different.map((allOf) => ({ allOf })) }] : different[0] ?? [];
}

// Whether a value is of the kind that schemas describe: its constants and keys tell.
function isOfKind(text, node, schemas, depth = 0) {
  const meaning = meaningOf(schemas);
  const choices = choicesIn(meaning);
  if (node.kind === "null") {
    return meaning.isNullable;
  }
  if (!meaning.kinds.includes(node.kind) || (meaning.branches.length && depth > 3)) {
    return false;
  }
  if (choices !== null && !choices.some((each) => sameJson(each, parsed(sourceOf(text, node))))) {
    return false;
  }
  if (meaning.branches.length) {
    return meaning.branches.some((branch) => isOfKind(text, node, [branch], depth + 1));
  }
  if (node.kind !== "object") {
    return node.kind !== "array" || node.parts.every((part, i) =>
      depth > 3 || i > 20 || isOfKind(text, part, itemSchemas(meaning, i), depth + 1));
  }
  const known = propertiesOf(meaning);
  const isOpen = meaning.parts.every((part) => part.additionalProperties !== false);
  return node.parts.every((part) =>
    known.has(part.key)
      ? depth > 3 || isOfKind(text, part, known.get(part.key), depth + 1)
      : isOpen || otherSchemas(meaning, part.key).length > 0);
}
