// The verdict of a page without a server. What the generated class said of the form as it opens,
// and as each preset fills it, is written in the page; what is typed since, only the form judges.

// `{accepted, config, command, problems, notes, judged}`, as the server gives it; `judged` says
// whether it is the class's own, `unread` what the page cannot read.
function offlineVerdict(view, presetName, model, fields) {
  const start = view.starts.find((each) => each.preset === presetName) ?? view.starts[0];
  const untouched = startModel(view.form, presetName);
  const changed = fields.filter(
    ({ path }) => path !== null && !sameJson(valueAt(model, path), valueAt(untouched, path))
  );
  if (changed.length === 0) {
    return { ...start, judged: true };
  }
  const problems = start.problems.filter(
    (problem) => !changed.some(({ path }) => startsWith(problem.path, stepsOf(path)))
  );
  const unread = [];
  for (const { field, path } of changed) {
    const reason = jsonFaultOf(field, valueAt(model, path));
    // What begins otherwise may be a text, or the texts of a list: the class knows.
    const isMeantAsJson = reason !== null && /^\s*[[{"]/.test(valueAt(model, path));
    const text = isMeantAsJson ? `must be JSON: ${reason}` : "only the class knows what this stands for";
    if (reason !== null) {
      (isMeantAsJson ? problems : unread).push({ path: stepsOf(path), place: path, text });
    }
  }
  const filled = (start.config === null ? fields.filter(({ path }) => path !== null) : changed).filter(
    (made) => !isSecret(made)
  );
  const config = start.config === null ? bare() : copied(parsed(start.config));
  const defaults = view.starts[0].config === null ? bare() : parsed(view.starts[0].config);
  const flags = [];
  for (const { field, path } of filled) {
    const before = valueAt(config, path);
    const value = configValue(view, field, valueAt(model, path), path);
    const now = value === undefined ? valueAt(defaults, path) : value;
    if (now === undefined) {
      deleteAt(config, path);
    } else {
      setAt(config, path, now);
      if (!sameJson(before, now)) {
        flags.push(`--${path}=${typeof now === "string" && !field.isJson ? now : JSON.stringify(now)}`);
      }
    }
  }
  const idle = view.unions.flatMap((union) => keepKind(view, start, union, config, model, fields));
  const isIdle = (flag) => idle.some((path) => [`--${path}=`, `--${path}.`].some((said) => flag.startsWith(said)));
  const none = view.unions.filter(({ path, nullable }) => nullable && idle.includes(path));
  const said = [...flags.filter((flag) => !isIdle(flag)), ...none.map(({ path }) => `--${path}=null`)];
  return {
    accepted: false,
    config: JSON.stringify(config, null, 2),
    command: start.command === null ? null : { short: commandLine(start.command.short, said) },
    problems,
    unread,
    notes: start.notes,
    judged: false,
  };
}

// Leave of a union in `config` what its chosen kind has; the paths of what is left out. Where another
// kind is chosen than at the start, it has what the form shows.
function keepKind(view, start, union, config, model, fields) {
  const tagPath = `${union.path}.${union.tag}`;
  const chosen = valueAt(model, tagPath);
  const kind = union.kinds.find(({ tags }) => tags.some((tag) => sameJson(tag, chosen)));
  if (kind === undefined) {
    if (isNothing(chosen)) {
      (union.nullable ? setAt : deleteAt)(config, union.path, null);
    }
    return isNothing(chosen) ? [union.path] : [];
  }
  const before = start.config === null ? undefined : valueAt(parsed(start.config), tagPath);
  if (!sameJson(before, chosen)) {
    setAt(config, union.path, bare());
    const shown = ({ path }) => path !== null && path.startsWith(`${union.path}.`);
    for (const { field, path } of fields.filter((made) => shown(made) && !isSecret(made))) {
      const value = configValue(view, field, valueAt(model, path), path);
      if (value !== undefined) {
        setAt(config, path, value);
      }
    }
  }
  const keys = union.kinds.flatMap((each) => each.keys).filter((key) => !kind.keys.includes(key));
  const idle = keys.map((key) => `${union.path}.${key}`);
  idle.forEach((path) => deleteAt(config, path));
  return idle;
}

const startsWith = (path, steps) => steps.every((step, i) => String(path[i]) === step);

// The value in a config for that in a form model; undefined where it means that there is none.
function configValue(view, field, value, path) {
  const isEmptyJson = field.isJson === true && typeof value === "string" && value.trim() === "";
  const isCleared = value === "" && !view.blankable.includes(path);
  if (isNothing(value) || Number.isNaN(value) || isEmptyJson || isCleared) {
    return view.nullable.includes(path) ? null : undefined;
  }
  // What is no JSON stays as it was typed.
  const isRead = field.isJson === true && typeof value === "string" && jsonFaultOf(field, value) === null;
  return isRead ? parsed(value) : copied(value);
}

// `start`, a command line with a flag a line, with other or further flags.
function commandLine(start, flags) {
  const words = flags.map(shellWord);
  const names = words.map((word) => word.split("=")[0]);
  const kept = start.split(" \\\n  ").filter((line) => !names.includes(line.split("=")[0]));
  return [...kept, ...words].join(" \\\n  ");
}

// A word quoted for a POSIX shell; control characters as escapes, as they could drive a terminal.
function shellWord(word) {
  const flag = /^(--[\w.@%+:,/-]+)=(.+)$/s.exec(word);
  if (flag !== null) {
    return `${flag[1]}=${shellWord(flag[2])}`;
  }
  if (/^[\w@%+=:,./-]+$/.test(word)) {
    return word;
  }
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(word)) {
    return `'${word.replaceAll("'", `'"'"'`)}'`;
  }
  const escape = (text) =>
    Array.from(new TextEncoder().encode(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  return `$'${word.replace(/[\\']/g, "\\$&").replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escape)}'`;
}
