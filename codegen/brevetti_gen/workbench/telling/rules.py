"""The rules by which problems are found: the one table of their names, and what each is about.

A name stands in every message, and docs, `brevetti-gen explain` and SARIF say what is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from brevettiai.messages.words import guess

#: By name, what is wrong where the rule is named.
_TEXT = """
    attribute-name: An attribute is not called as its property is, as that name is taken.
    beside-reference: Up to draft 7 what stands beside "$ref" says nothing, annotations apart.
    busy: Another run has been writing into the folder for a minute.
    changed: A setting is not what it was in an older version (brevetti-gen diff).
    circular: A schema contains itself without going into a property or an item.
    class-loss: What a class says by hand is not in its schema, or means something else there.
    class-name: "x-python-name" is no name for a class, or names two classes of one module.
    configuration: What "[tool.brevetti-gen]" in pyproject.toml says is no option of ours.
    constant-type: A value of "enum" or "const" is of no type that "type" allows.
    declared-differently: Alternatives of a class give a property types that exclude one another.
    deprecation: "x-deprecated" is no text that says what to do instead.
    description-missing: Neither a title nor a description says what a property is.
    dialect-spelling: "$schema" is not written as the draft that is meant writes it.
    doubtful-pattern: A pattern may mean something else than its author meant.
    edited: Someone edited a generated file, and a run would take the edits away.
    form-advice: A form works, but could be better.
    form-field: A field, a group or a choice will not work in the platform's form library.
    form-implies: The form of a setting says more of its values than the schema does.
    form-json: A field of the form takes JSON, where people have a number or a text in mind.
    form-limits: The form of a schema cannot express all that the schema says.
    form-loss: What is in a form and not in that of its tidy schema (import-form --tidy).
    form-preset: A preset of a form does not fit its fields, so it stays in the form only.
    form-repeats: What "x-form" says of a field, its form has anyhow.
    idle-extension: An extension keyword ("x-…") stands where it does nothing.
    idle-keyword: A keyword says nothing where it stands, as of what "type" leaves no values for.
    idle-preset: A preset changes nothing.
    in-the-way: A file or folder of yours lies where a generated one belongs.
    internal: The generator, or a library that it needs, did what it should not; report it.
    invalid-keyword: The value of a keyword is not what its draft takes.
    leads-outside: A path or a symbolic link leads out of its folder.
    mixed-naming: A property is named in another manner than most others of its file.
    module-name: No module can be called as the file is, or two would be called the same.
    never-allowed: A property is declared, and "additionalProperties" beside it refuses it.
    no-schemas: What was given holds no schema file: one is called *.json, *.yaml or *.yml.
    no-value-fits: Keywords exclude one another, so that no value fits.
    not-a-config: What was given holds no config, which is one object.
    not-a-form: What was given is no form of the platform.
    not-a-schema: A document is neither a JSON Schema nor a form of the platform.
    not-found: A file or folder that is named is not there.
    not-imported: A module cannot be imported, or lacks the name that is given.
    not-migrated: A stored config cannot be written as one of today, and stays as it is.
    not-read: The system does not let a file be read.
    not-settings: What is named says no settings that a schema could be made of.
    not-written: The system does not let a file be written.
    old-names: "x-renamed-from" or "x-removed" is no list of names, or names what is there today.
    old-values: "x-renamed-values" is no table of values, or does not go with what fits today.
    older-config: A stored config has names or values of an older version (migrate --check).
    option: An option of a package is none, or cannot be recorded in it.
    other-draft: A keyword says nothing in the draft that "$schema" names.
    out-of-date: A file of the package is not what the schemas give (--check).
    overlap: A value fits two alternatives of "oneOf", so it is refused.
    preset-key: A preset sets a key that is no property.
    preset: A preset of "x-presets" does not fit its schema.
    python-type: "x-python-type" names no type, or one that does not go with "format".
    reference: What "$ref", "$id", "$anchor" or "$schema" says leads nowhere.
    required-default: A property is required and has a default, which then fills nothing.
    root-without-class: The root of a schema can be no object, so it has no settings class.
    same-label: Two fields of a form that stand together have the same label.
    slow-on-long-texts: A search for a pattern takes practically forever on long texts.
    slow-pattern: A search for a pattern can take practically forever.
    style-loss: Classes of the style do not check or keep what a schema says.
    style-name: A library cannot name a property as the schema does.
    suggestion: What stored configs make likely, or what they were taken for.
    syntax: A file is no JSON, YAML or TOML, or not UTF-8 text.
    template: A template of a reference fails, or a folder of templates holds none.
    title-missing: A schema has no title.
    too-large: What schemas multiply to, or a chain of references, exceeds what can be compiled.
    twice: A list has the same value twice.
    undeclared-name: A name is required and declared nowhere.
    unfit-constant: A value of "enum" does not fit the keywords beside it.
    unfit-default: A default does not fit its own schema, so it is not filled in.
    unit-missing: A number has a unit by its name, and nothing says which one.
    unknown-format: A format is not known, so it says nothing.
    unknown-keyword: A word looks like a keyword and is none, so it says nothing.
    unreachable-branch: No value comes to an alternative, for what stands around or before it.
    unusable-pattern: A pattern is no regular expression, or none that Python can search for.
    unused-ignore: "x-lint" ignores a rule where it finds nothing.
    version: "x-version" is no whole number, or stands where configs cannot say theirs.
    x-form: What "x-form" says of a form is none of the facts that it can change.
    x-lint: What "x-lint" says names no rules to ignore.
    x-search: What "x-search" says does not go with what the setting can be.
"""

RULES: Mapping[str, str] = {
    name: said
    for name, _, said in (line.strip().partition(": ") for line in _TEXT.strip().splitlines())
}
#: Rules that often find the same in many places, of which the first ones are told.
ALIKE = frozenset(
    """description-missing form-json mixed-naming style-loss title-missing unfit-constant
    unfit-default unit-missing""".split()
)

#: The sets of rules that can be switched off. All others find errors, which can not.
_SETS = {
    "meaning": """
        attribute-name beside-reference constant-type declared-differently dialect-spelling
        doubtful-pattern idle-extension idle-keyword never-allowed no-value-fits other-draft overlap
        preset-key python-type required-default root-without-class slow-on-long-texts style-loss
        style-name twice undeclared-name unfit-constant unfit-default unknown-format unknown-keyword
        unreachable-branch unused-ignore x-lint x-search""",
    "people": "description-missing idle-preset mixed-naming title-missing unit-missing",
    "forms": """
        form-advice form-field form-implies form-json form-limits form-preset form-repeats
        same-label x-form""",
}
SETS: Mapping[str, frozenset[str]] = {name: frozenset(s.split()) for name, s in _SETS.items()}
#: Rules of `brevetti-gen lint` that are for those only who ask for them.
ON_REQUEST = frozenset(["form-json", "form-limits", "same-label"])


def set_of(rule: str) -> str:
    """The set that a rule is in: `meaning`, `people` or `forms`, else `errors`."""
    return next((name for name, rules in SETS.items() if rule in rules), "errors")


def rules_in(names: Iterable[str]) -> frozenset[str]:
    """The rules that are meant by names of rules and of sets."""
    return frozenset(rule for name in names for rule in SETS.get(name, (name,)))


@cache
def unknown(name: str) -> tuple[str, str] | None:
    """What to say of a name that is neither a set nor a rule of one, with a hint; None if it is."""
    known = sorted((*SETS, *rules_in(SETS)))
    if name in known:
        return None
    if name in RULES:
        return f"the rule {name!r} finds errors, which cannot be switched off", "take it out"
    sets = f"the sets are {', '.join(SETS)}; brevetti-gen explain lists the rules"
    return f"there is no rule {name!r}", guess(name, known) or sets
