"""A form, drawn by the platform's form library in a browser, and what a person does with it.

The library is npm's vue-form-generator on Vue 2, unchanged. A `FormPage` looks at what it draws
and works it as people do, by keys and clicks; the model is only ever read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, ElementHandle, Error, Page

#: Chromium's remark on every emptied number, which the library redraws from the NaN in its model.
_OF_EMPTIED_NUMBERS = 'The specified value "NaN" cannot be parsed'

#: What the page needs of the two packages, below `node_modules`. Vue's development build warns.
SCRIPTS = ("vue/dist/vue.js", "vue-form-generator/dist/vfg.js")
STYLES = ("vue-form-generator/dist/vfg.css",)

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Form</title>{head}</head>
<body>
<script>
Vue.config.productionTip = false;
Vue.config.devtools = false;
Vue.use(VueFormGenerator);
window.show = (schema, model) => {{
  if (window.shown) {{
    window.shown.$destroy();
    window.shown.$el.remove();
  }}
  document.title = "Form";
  const place = document.body.appendChild(document.createElement("main"));
  window.model = VueFormGenerator.schema.createDefaultObject(schema, model);
  window.shown = new Vue({{
    data: {{ schema, model: window.model }},
    methods: {{ validate() {{ this.$refs.form.validate(); }} }},
    template: `<div><vue-form-generator ref="form" :schema="schema" :model="model"/>
               <button type="button" data-validate @click="validate">Validate</button></div>`,
  }}).$mount(place);
}};
window.group = (model, nth) => [...document.querySelectorAll(".form-group")]
  .filter(element => element.__vue__.field.model === model)[nth];
</script>
</body></html>
"""

_FIELDS = """only => [...document.querySelectorAll(".form-group")].filter(
  group => only === null || group.__vue__.field.model === only
).map(group => {
  const field = group.__vue__.field;
  const label = group.querySelector(":scope > label");
  const wrap = group.querySelector(":scope > .field-wrap");
  const controls = [...wrap.querySelectorAll("input, select, textarea")];
  const control = controls[0];
  const name = input => input.closest("label").innerText.trim();
  let kind = "none", shown = wrap.innerText.trim(), choices = [];
  if (wrap.querySelector(".listbox, .radio-list, .combobox")) {
    kind = wrap.querySelector(".radio-list") ? "radios" : "checklist";
    choices = controls.map(name);
    const ticked = controls.filter(input => input.checked).map(name);
    if (controls.length || !wrap.querySelector(".combobox")) shown = ticked;
  } else if (control) {
    kind = control.tagName === "INPUT" ? control.type : control.tagName.toLowerCase();
    if (kind === "checkbox") shown = control.checked;
    else if (kind === "select") {
      choices = [...control.options].filter(option => !option.disabled).map(option => option.text);
      shown = control.selectedIndex < 0 ? null : control.options[control.selectedIndex].text;
    } else shown = control.value;
  }
  const target = label && label.htmlFor ? document.getElementById(label.htmlFor) : null;
  return {
    model: field.model === undefined ? null : field.model,
    type: field.type,
    label: label ? label.querySelector(":scope > span").innerText.trim() : null,
    help: label && label.querySelector(".helpText")
      ? label.querySelector(".helpText").textContent.trim() : null,
    hint: (group.querySelector(":scope > .hint") || { innerText: null }).innerText,
    markup: [...group.querySelectorAll(
      ":scope > label > span:not(.help) *, .helpText *, :scope > .hint *"
    )].map(element => element.tagName.toLowerCase()),
    id: (control || wrap.firstElementChild || { id: "" }).id,
    control: kind,
    shown,
    choices,
    required: getComputedStyle(label || group, "::after").content === '"*"',
    disabled: control ? control.disabled : false,
    readonly: control ? control.readOnly === true : false,
    label_hits_control: Boolean(target && wrap.contains(target)),
    messages: [...group.querySelectorAll(".errors > span")].map(span => span.textContent),
  };
})"""


@dataclass(frozen=True, kw_only=True)
class DrawnField:
    """A field as a person sees it."""

    #: The dotted path of its value; None for a field without one.
    model: str | None
    #: The `type` of the field in the form.
    type: str
    #: The text of the label, as shown; None where no label is drawn.
    label: str | None
    #: The text of the help bubble.
    help: str | None
    #: The text below the control.
    hint: str | None
    #: Names of the elements that markup in the label, help or hint made.
    markup: tuple[str, ...]
    #: The DOM id of the control, the first one where there are several; "" without one.
    id: str
    #: `number`, `text`, `checkbox`, ... of an input, `textarea`, `select`, `radios`, `checklist`,
    #: or `none`.
    control: str
    #: What the control shows: text; a checkbox's state; the texts of a list's ticked items, or
    #: the summary of a closed list; None for a select that shows nothing.
    shown: str | bool | tuple[str, ...] | None
    #: The texts of the choices that can be taken, of an open list.
    choices: tuple[str, ...]
    #: Whether the mark of required fields is shown.
    required: bool
    disabled: bool
    readonly: bool
    #: Whether the label belongs to this field's control, so that a click on it comes here.
    label_hits_control: bool
    #: The messages of the validation shown at the field.
    messages: tuple[str, ...]


class FormPage:
    """One form that fills a page.

    Args:
        page: an empty page, or one whose last form was closed.
        node_modules: the folder that holds the packages `vue` and `vue-form-generator`.
        form: the form's document.
        model: a stored form model; the library fills in defaults.

    Attributes:
        form: the form's document.
        complaints: what the library, Vue or the browser wrote to the console as warning or error,
            and uncaught errors, in order.
    """

    def __init__(
        self,
        page: Page,
        node_modules: Path,
        form: Mapping[str, Any],
        model: Mapping[str, Any] | None = None,
    ) -> None:
        self.page = page
        self.form = form
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", self._failed)
        head = [f'<link rel="stylesheet" href="{_url(node_modules / name)}">' for name in STYLES]
        head += [f'<script src="{_url(node_modules / name)}"></script>' for name in SCRIPTS]
        file = node_modules / "form.html"
        content = _PAGE.format(head="".join(head))
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            file.write_text(content, encoding="utf-8")
        if page.url != _url(file):
            page.goto(_url(file))
        page.evaluate(
            "([schema, model]) => show(JSON.parse(schema), JSON.parse(model))",
            [json.dumps(form), json.dumps(model or {})],
        )

    def close(self) -> None:
        """Listen no more: the page is for another form."""
        self.page.remove_listener("console", self._heard)
        self.page.remove_listener("pageerror", self._failed)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and _OF_EMPTIED_NUMBERS not in message.text:
            self.complaints.append(message.text)

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    # What is seen

    def fields(self, only: str | None = None) -> list[DrawnField]:
        """The fields that are drawn, from top to bottom: all, or those of one model."""
        found: list[dict[str, Any]] = self.page.evaluate(_FIELDS, only)
        return [
            DrawnField(**{key: tuple(v) if isinstance(v, list) else v for key, v in field.items()})
            for field in found
        ]

    def field(self, model: str) -> DrawnField:
        """The first field of a model."""
        return self.fields(model)[0]

    def ids(self) -> list[str]:
        """The `id` of every element that has the attribute, empty ones included."""
        ids: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('[id]')].map(element => element.id)"
        )
        return ids

    def model(self) -> Any:
        """The model as the platform would send it: as JSON, where NaN is null."""
        return json.loads(self.page.evaluate("() => JSON.stringify(window.model)"))

    # What people do

    def type(self, model: str, text: str) -> None:
        """Replace what stands in a field by typing, and leave the field."""
        self._focus(model)
        kind = self._element(model, "input, textarea").get_attribute("type")
        if kind == "date" and text:
            year, month, day = text.split("-")
            self.page.keyboard.type(f"{month}{day}{year}")  # as the locale of the tests has it
        elif kind == "color":
            self._element(model, "input").fill(text)  # by keys there is a window of the system
        else:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(text)
        # A date has three parts, of which typing leaves the last, and a button.
        for _ in range((2 if text else 4) if kind == "date" else 1):
            self.page.keyboard.press("Tab")

    def clear(self, model: str) -> None:
        """Empty a field, and leave it."""
        self.type(model, "")

    def press(self, model: str, *keys: str) -> None:
        """Press keys in a field (`ArrowUp`, ...), and leave it."""
        self._focus(model)
        for key in (*keys, "Tab"):
            self.page.keyboard.press(key)

    def tick(self, model: str, item: str | None = None) -> None:
        """Click a checkbox or switch, or the item of a checklist or of radios by its text.

        A closed checklist is opened first, and stays open.
        """
        if item is None:
            handle = self._group(model).query_selector(".handle")  # lies over a switch's checkbox
            (handle or self._element(model, "input")).click()
            return
        group = self._group(model)
        combo = group.query_selector(".combobox .mainRow:not(.expanded)")
        if combo is not None:
            combo.click()
        for label in group.query_selector_all(".field-wrap label"):
            if label.inner_text().strip() == item:
                label.click()
                return
        raise LookupError(f"the field {model!r} offers no item {item!r}")

    def click_label(self, model: str) -> None:
        """Click the text of a field's label."""
        self._element(model, ":scope > label > span").click()

    def choose(self, model: str, shown: str) -> None:
        """Take the choice of a select that shows this text, by the arrow keys."""
        choices = self.field(model).choices
        if shown not in choices:
            raise LookupError(f"the field {model!r} offers no choice {shown!r}")
        self._element(model, "select").focus()
        for key in ("Home", *("ArrowDown",) * choices.index(shown), "Tab"):
            self.page.keyboard.press(key)

    def validate(self) -> dict[str, tuple[str, ...]]:
        """Click the button that validates; the messages by model, of fields that have any."""
        button = self.page.query_selector("[data-validate]")
        assert button is not None
        button.click()
        fields = self.fields()
        return {field.model or "": field.messages for field in fields if field.messages}

    def fill(self, config: Mapping[str, Any]) -> None:
        """Make every field that is shown say what `config` has at its model, by keys and clicks.

        Fields that say so already are left alone. Text fields with `isJson` get JSON text.

        Raises:
            LookupError: a field cannot say it.
        """
        before = self.model()
        for field in fields_of(self.form):
            if field.get("model") and field["type"] not in VALUELESS and is_visible(field):
                model = field["model"]
                self._fill(field, value_at(before, model), value_at(config, model))

    def _fill(self, field: Mapping[str, Any], found: Any, wanted: Any) -> None:
        model, kind = field["model"], field["type"]
        if field.get("isJson") and kind in ("input", "textArea"):
            if wanted is ABSENT:
                self.clear(model)
            elif found is ABSENT or not found or json.loads(found) != wanted:
                self.type(model, json.dumps(wanted, ensure_ascii=False))
        elif _same(found, written(field, wanted)):
            return
        elif kind in ("input", "textArea"):
            self.type(model, "" if wanted in (None, ABSENT) else shown_as(wanted))
        elif kind in ("checkbox", "switch"):
            self.tick(model)
            if not _same(value_at(self.model(), model), wanted):
                self.tick(model)  # one that had no value is off now
        elif kind == "select":
            wanted = None if wanted is ABSENT else written(field, wanted)
            self.choose(model, choice_name(field, wanted))
        elif kind == "radios":
            self.tick(model, choice_name(field, wanted))
        elif kind == "checklist" and isinstance(wanted, list):
            for value in found or () if found is not ABSENT else ():
                self.tick(model, choice_name(field, value))
            for value in wanted:
                self.tick(model, choice_name(field, value))
        else:
            raise LookupError(f"the {kind} {model!r} cannot be filled in")

    # Elements

    def _group(self, model: str) -> ElementHandle:
        handle = self.page.evaluate_handle("model => group(model, 0)", model)
        element = handle.as_element()
        if element is None:
            raise LookupError(f"no field of the model {model!r} is drawn")
        return element

    def _element(self, model: str, selector: str) -> ElementHandle:
        found = self._group(model).query_selector(selector)
        if found is None:
            raise LookupError(f"the field {model!r} has no {selector}")
        return found

    def _focus(self, model: str) -> None:
        self._element(model, "input, textarea").focus()


#: The fixture `draw`: `draw(form, model={})` draws a form on a page of its own.
Draw = Callable[..., FormPage]


# Forms as documents


class _Absent:
    """The type of `ABSENT`."""

    def __repr__(self) -> str:
        return "ABSENT"


#: Stands for a value that is not there.
ABSENT = _Absent()
#: Types of fields that hold no value of their own.
VALUELESS = ("label", "submit", "upload")


def fields_of(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of a form in the order in which they are drawn, those of groups included."""
    groups = form.get("groups") or []
    return [*form.get("fields", []), *(field for group in groups for field in group["fields"])]


def is_visible(field: Mapping[str, Any]) -> bool:
    """Whether a field is drawn."""
    return field.get("visible") is None or bool(field["visible"])


def value_at(model: Any, path: str) -> Any:
    """The value at a dotted path, or `ABSENT`; `a[0]` is an item of a list."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(model, list) and step.isdigit() and int(step) < len(model):
            model = model[int(step)]
        elif isinstance(model, dict) and step in model:
            model = model[step]
        else:
            return ABSENT
    return model


def shown_as(value: Any) -> str:
    """A text, number, boolean or null as JavaScript writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    return "" if value is None else str(value)


def written(field: Mapping[str, Any], value: Any) -> Any:
    """How the model of a select has a value; one with `isJson` has JSON text, which may be laid out
    in several ways."""
    if field["type"] == "select" and field.get("isJson") and value not in (None, ABSENT):
        return next((v for v in field["values"] if _same(json.loads(v), value)), value)
    return value


def choice_name(field: Mapping[str, Any], value: Any) -> str:
    """What a select, radios or a checklist shows for a value of the model.

    Raises:
        LookupError: the value is not offered.
    """
    options = field.get(f"{field['type']}Options")
    options = options or {}
    value_key = options.get("value", "id" if field["type"] == "select" else "value")
    for choice in field["values"]:
        if isinstance(choice, dict) and _same(choice.get(value_key), value):
            return " ".join(shown_as(choice[options.get("name", "name")]).split())
        if _same(choice, value):
            return " ".join(shown_as(choice).split())
    if value is None and field["type"] == "select":
        return str(options.get("noneSelectedText", NOTHING_SELECTED))
    raise LookupError(f"the field {field['model']!r} does not offer {value!r}")


#: What a select shows for null, unless the form says otherwise.
NOTHING_SELECTED = "<Nothing selected>"


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are one to a browser: 1 is 1.0, but not true."""
    if ABSENT in (one, other):
        return one is other
    texts = [json.dumps(value, sort_keys=True) for value in (one, other)]
    numbers = isinstance(one, float | int) and isinstance(other, float | int)
    bools = isinstance(one, bool) or isinstance(other, bool)
    return texts[0] == texts[1] or (numbers and not bools and one == other)


def _url(path: Path) -> str:
    return path.resolve().as_uri()
